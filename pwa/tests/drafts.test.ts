import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { bodyOf, fill, goodsOf } from "../src/drafts/form-body";

const aForm = () => ({
  places: { location_id: signal("7"), to_location_id: signal("") },
  texts: { remark: signal(" worn out "), supplier: signal("") },
  flags: { over_transit: signal(true) },
});

test("a draft holds what is filled in, as its route takes it", () => {
  expect(bodyOf(aForm())).toEqual({ location_id: 7, remark: "worn out", over_transit: true });
});

test("a form is as the draft is, also where that has gaps", () => {
  const form = aForm();
  fill(form, { to_location_id: 9, supplier: "NorthStar" });
  expect(bodyOf(form)).toEqual({ to_location_id: 9, supplier: "NorthStar" });
});

test("goods are known by the id or the code of their item; of an item that is not there any more nothing is left", () => {
  const items = [
    { id: 1, item_code: "CAB-2" },
    { id: 2, item_code: "GLUE" },
  ];
  const named = [
    { item_id: 1, qty: 3 },
    { item_code: "GLUE", batch_no: "B-1", qty: 0.5 },
    { item_id: 5, qty: 1 },
  ];
  expect(goodsOf(named, items)).toEqual([
    { item_id: 1, item_code: "CAB-2", batch_no: null, qty: 3 },
    { item_id: 2, item_code: "GLUE", batch_no: "B-1", qty: 0.5 },
  ]);
});
