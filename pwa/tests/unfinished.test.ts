import { h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TypeMany } from "../src/adding/TypeMany";
import { addFirstTexts, addLateTexts } from "../src/i18n/t";
import { closeDatabase } from "../src/offline/db";
import { waiting } from "../src/offline/outbox";
import { navigate } from "../src/router";
import { onCode } from "../src/scan/codes";
import { EditOrder } from "../src/screens/EditOrder";
import { NewTransfer } from "../src/screens/NewTransfer";
import { session } from "../src/session";
import { type Call, json, noNetwork, type Reply, serve } from "./fake-server";

/** Also on a machine that does much else. */
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 });

const page = document.createElement("main");
const PLACES = [
  { id: 7, code: "MAIN", path: "MAIN", site: "HQ", kind: "warehouse", is_here: true },
  { id: 8, code: "A-01", path: "MAIN / A-01", site: "HQ", kind: "bin", is_here: true },
];
const NORTHSTAR = { code: "NorthStar", name: "NorthStar Ltd" };
const DRAFT = {
  id: "d1",
  kind: "stock_transfer",
  status: "draft",
  revision: 2,
  entries: 1,
  remark: null,
  changed_by: "ben",
  changed_at: "2026-01-05T10:00:00Z",
  body: { location_id: 7, serial_nos: ["NB-1"] },
  voucher: null,
};

let draft: object;
const server: Reply = ({ path, method }) => {
  if (path.startsWith("/api/transfer-destinations")) return json({ destinations: PLACES });
  if (path.startsWith("/api/voucher-drafts?")) return json({ drafts: [] });
  if (path.startsWith("/api/voucher-drafts")) return json(draft);
  if (path.startsWith("/api/masters/parties")) return json({ parties: [NORTHSTAR, NORTHSTAR], next: null });
  if (path === "/api/purchase-orders" && method === "POST") return json({ id: "o1" });
  return json({ items: [{ id: 1, item_code: "CAB-2", name: "Cable", tracking: "none" }] });
};

function logIn(username: string): void {
  const permissions = ["move" as const];
  const site = { id: 1, code: "HQ", name: "Headquarters", time_zone: "UTC", roles: [], permissions };
  session.value = { user: { username, name: username }, sites: [site], csrf_token: "x" };
}

const typed = (text: string) => onCode({ text, raw: null, symbology: "", source: "typed" });
const shown = () => ({
  units: [...page.querySelectorAll(".line .key-data")].map(each => each.textContent),
  from: page.querySelector<HTMLSelectElement>(".move-way select")?.value,
});
const button = (text: string) =>
  [...page.querySelectorAll("button")].find(each => each.textContent === text) as HTMLButtonElement;

async function openTransfer(address = "/transfers/new"): Promise<void> {
  navigate(address);
  render(h(NewTransfer, {}), page);
  await soon(() => expect(page.querySelectorAll(".move-way option").length).toBeGreaterThan(3));
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function enter(field: Field | null | undefined, text: string): void {
  if (!field) throw new Error(`There is no field for ${text}`);
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
}

/** The page goes away, as with a reload. */
const leave = () => render(null, page);

beforeEach(async () => {
  await Promise.all([addFirstTexts(), addLateTexts()]);
  draft = DRAFT;
  serve(server);
  logIn("sue");
});

afterEach(async () => {
  render(null, page);
  session.value = null;
  vi.unstubAllGlobals();
  await closeDatabase();
});

test("a form is as it was left, for the same person, until they begin anew", async () => {
  await openTransfer();
  leave();
  await openTransfer();
  expect(page.textContent).not.toContain("not sent yet");
  for (const text of ["MAIN", "NB-1", "NB-2"]) typed(text);
  leave();

  logIn("ben");
  await openTransfer();
  expect(shown()).toEqual({ units: [], from: "" });
  leave();

  logIn("sue");
  await openTransfer();
  await soon(() => expect(shown()).toEqual({ units: ["NB-2", "NB-1"], from: "7" }));
  expect(page.textContent).toContain("not sent yet");
  button("Begin anew").click();
  await soon(() => expect(shown()).toEqual({ units: [], from: "" }));
  leave();
  await openTransfer();
  expect(shown()).toEqual({ units: [], from: "" });
});

test("what was done to a draft is of the revision that it was done to", async () => {
  await openTransfer("/transfers/new?draft=d1");
  await soon(() => expect(page.textContent).toContain("Kept by ben"));
  typed("NB-2");
  leave();

  draft = { ...DRAFT, revision: 3, body: { location_id: 8, serial_nos: [] } };
  const calls: Call[] = serve(server);
  await openTransfer("/transfers/new?draft=d1");
  await soon(() => expect(page.textContent).toContain("Kept by ben"));
  expect(shown()).toEqual({ units: ["NB-2", "NB-1"], from: "7" });
  button("Keep as draft").click();
  await soon(() => expect(calls.at(-1)?.method).toBe("POST"));
  expect(calls.at(-1)?.body).toMatchObject({ id: "d1", revision: 2, body: { serial_nos: ["NB-1", "NB-2"] } });
});

test("a draft whose keeping was not answered is one and the same when it is kept again, until something is changed", async () => {
  await openTransfer();
  typed("NB-1");
  const calls: Call[] = serve(call => (call.method === "POST" ? noNetwork(call) : server(call)));
  const keep = async (times: number) => {
    button("Keep as draft").click();
    await soon(() => expect(calls.filter(call => call.method === "POST")).toHaveLength(times));
    await soon(() => expect(button("Keep as draft").disabled).toBe(false));
  };
  await keep(1);
  leave();
  await openTransfer();
  await keep(2);
  enter(page.querySelector<HTMLInputElement>(".code-field input"), "NB-2");
  await keep(3);
  const [first, again, other] = calls.filter(call => call.method === "POST").map(call => call.body);
  expect(again).toEqual(first);
  expect(other?.id).not.toBe(first?.id);
  expect(other?.body).toEqual({ serial_nos: ["NB-1", "NB-2"], goods: [] });
});

test("what is typed and not added yet is added before anything is posted", async () => {
  await openTransfer("/transfers/new?draft=d1");
  await soon(() => expect(shown().units).toEqual(["NB-1"]));
  enter(page.querySelectorAll<HTMLSelectElement>(".move-way select")[1], "8");
  enter(page.querySelector<HTMLInputElement>(".code-field input"), "NB-2");
  await soon(() => expect(button("Move").disabled).toBe(false));
  button("Move").click();
  await soon(() => expect(shown().units).toEqual(["NB-2", "NB-1"]));
  expect(page.textContent).toContain("press again");
  expect(await waiting()).toEqual([]);
  button("Move").click();
  await soon(async () => expect(await waiting()).toMatchObject([{ body: { serial_nos: ["NB-1", "NB-2"] } }]));
});

test("an order is written once, also when its answer is lost and the page is opened again", async () => {
  const open = async () => {
    navigate("/orders/new");
    render(h(EditOrder, { id: null }), page);
    await soon(() => expect(page.querySelectorAll("form select").length).toBe(2));
  };
  const field = (name: string) =>
    page.querySelector<HTMLInputElement>(`input[name=${name}]`) as HTMLInputElement;
  await open();
  const send = () => page.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
  enter(page.querySelector("select"), "NorthStar");
  enter(field("remark"), "urgent");
  const lost: Call[] = serve(call => (call.method === "POST" ? noNetwork(call) : server(call)));
  send();
  await soon(() => expect(page.textContent).toContain("No network"));
  leave();

  const calls: Call[] = serve(server);
  await open();
  expect(field("remark").value).toBe("urgent");
  send();
  await soon(() => expect(location.pathname).toBe("/orders/o1"));
  const sent = (all: Call[]) => all.find(call => call.method === "POST")?.body;
  expect(sent(calls)).toEqual(sent(lost));
  leave();
  await open();
  expect(field("remark").value).toBe("");
});

test("a list of serial numbers is there until it is empty", () => {
  const item = { id: 1, item_code: "NB", name: "Notebook", tracking: "serial" };
  const details = { batch_no: null, manufactured_on: null, expires_on: null };
  const open = () =>
    render(h(TypeMany, { path: "/api/purchase-receipts/r1", item, details, onAdded: () => {} }), page);
  const list = () => page.querySelector("textarea");
  open();
  enter(list(), "NB-1\nNB-2");
  leave();
  open();
  expect(list()?.value).toBe("NB-1\nNB-2");
  enter(list(), "");
  leave();
  open();
  expect(list()?.value).toBe("");
  expect(Object.keys(localStorage)).toEqual([]);
});
