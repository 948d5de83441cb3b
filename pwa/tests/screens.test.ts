import { h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepAction } from "../src/offline/actions";
import { closeDatabase } from "../src/offline/db";
import { send, startSending } from "../src/offline/sender";
import { areCodesWanted } from "../src/scan/codes";
import { Find } from "../src/screens/Find";
import { WaitingActions } from "../src/ui/WaitingActions";
import { noNetwork, serve, takesAll } from "./fake-server";

const page = document.createElement("main");
let stop: () => void;

beforeEach(() => {
  serve(noNetwork);
  stop = startSending(() => "");
});

afterEach(async () => {
  render(null, page);
  stop();
  vi.unstubAllGlobals();
  await closeDatabase();
});

test("a screen takes codes as soon as it can be seen", () => {
  expect(areCodesWanted()).toBe(false);
  render(h(Find, {}), page);
  expect(areCodesWanted()).toBe(true);
});

test("a screen hears that the server took what had to wait", async () => {
  await keepAction("stock_transfer.receive", { serial_nos: ["NB25-0001"] }, { voucherId: "v1" });
  const onSent = vi.fn();
  render(h(WaitingActions, { kinds: ["stock_transfer.receive"], voucherId: "v1", onSent }), page);
  await vi.waitFor(() => expect(page.querySelectorAll("li")).toHaveLength(1));
  expect(onSent).not.toHaveBeenCalled();

  serve(takesAll);
  await send({ isUrgent: true });
  await vi.waitFor(() => expect(onSent).toHaveBeenCalledOnce());
  expect(page.querySelectorAll("li")).toHaveLength(0);
});
