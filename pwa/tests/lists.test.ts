import { signal } from "@preact/signals";
import { type ComponentChild, h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Site } from "../src/api-types";
import { CustomerField } from "../src/claims/CustomerField";
import { GoodsForm } from "../src/moving/GoodsForm";
import { closeDatabase } from "../src/offline/db";
import { NewRecall } from "../src/recall/NewRecall";
import { TechnicianChoice } from "../src/service/TechnicianChoice";
import { chooseSite, session } from "../src/session";
import { PartyChoice } from "../src/ui/PartyChoice";
import { json, noNetwork, problem, serve } from "./fake-server";

const page = document.createElement("main");
const parties = { parties: [{ code: "ACME", name: "Acme" }], next: null };
const items = { items: [{ id: 1, item_code: "FAN-80", name: "Fan", tracking: "batch" }] };
const technicians = { technicians: [{ username: "tom", name: "Tom" }] };

/** Each field with a list, what the server says, and what the person can choose then. */
const FIELDS: [name: string, field: () => ComponentChild, answer: object, choice: string][] = [
  ["customers by code", () => h(CustomerField, {}), parties, "ACME"],
  ["customers", () => h(PartyChoice, { kind: "customer", choice: signal("") }), parties, "ACME"],
  ["technicians", () => h(TechnicianChoice, { value: signal("") }), technicians, "tom"],
  ["goods", () => h(GoodsForm, { goods: signal([]), onChange: () => {} }), items, "1"],
];

beforeEach(() => {
  const here = { id: 1, code: "HQ", name: "HQ", permissions: ["orders.read"], roles: [] } as unknown as Site;
  session.value = { user: { username: "sue", name: "Sue" }, sites: [here], csrf_token: null };
  chooseSite(1);
});

afterEach(async () => {
  render(null, page);
  session.value = null;
  vi.unstubAllGlobals();
  await closeDatabase();
});

const says = (text: string) => vi.waitFor(() => expect(page.textContent).toContain(text));
const offers = (choice: string) => page.querySelector(`option[value='${choice}']`) !== null;

test.each(FIELDS)(
  "a list of %s that is not here says so, and asks again",
  async (_name, field, answer, choice) => {
    serve(noNetwork);
    render(field(), page);
    await says("list_needs_network");
    expect(offers(choice)).toBe(false);

    serve(() => json(answer));
    page.querySelector<HTMLButtonElement>("[role=status] button")?.click();
    await vi.waitFor(() => expect(offers(choice)).toBe(true));
    expect(page.textContent).not.toContain("list_");
  },
);

test.each(FIELDS)(
  "a list of %s that the device keeps is offered with its date",
  async (_name, field, answer, choice) => {
    serve(() => json(answer));
    render(field(), page);
    await vi.waitFor(() => expect(offers(choice)).toBe(true));
    expect(page.textContent).not.toContain("list_");
    render(null, page);

    serve(noNetwork);
    render(field(), page);
    await says("list_as_of");
    expect(offers(choice)).toBe(true);
  },
);

test("the items of a recall by dates are a list like any other", async () => {
  serve(noNetwork);
  render(h(NewRecall, {}), page);
  page.querySelectorAll<HTMLButtonElement>("fieldset button")[2]?.click();
  await says("list_needs_network");
});

test("a list that the server refuses is refused in its words", async () => {
  serve(() => problem(403, "forbidden"));
  render(h(TechnicianChoice, { value: signal("") }), page);
  await says("said forbidden");
  expect(page.textContent).not.toContain("list_needs_network");
});

test("who has a job stays named where nobody else can be", async () => {
  serve(noNetwork);
  render(h(TechnicianChoice, { value: signal("tom") }), page);
  await says("list_needs_network");
  expect(page.querySelector("select")?.value).toBe("tom");
});
