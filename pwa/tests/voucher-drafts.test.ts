import { h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Permission } from "../src/api-types";
import { addFirstTexts, addLateTexts } from "../src/i18n/t";
import { closeDatabase } from "../src/offline/db";
import { navigate } from "../src/router";
import { Vouchers } from "../src/screens/Vouchers";
import { session, sessionState } from "../src/session";
import { json, serve } from "./fake-server";
import { FakeSocket } from "./fake-socket";

const made = vi.hoisted(() => ({ socket: null as unknown }));
vi.mock("socket.io-client", () => ({ io: () => made.socket }));

/** Also on a machine that does much else. */
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 });

const page = document.createElement("main");
let socket: FakeSocket;
let drafts: object[];

const aDraft = (changed_by: string) => ({
  id: changed_by,
  kind: "delivery_note",
  status: "draft",
  revision: 1,
  entries: 2,
  remark: null,
  changed_by,
  changed_at: "2026-01-05T10:00:00Z",
});

function logIn(...permissions: Permission[]): void {
  const site = { id: 1, code: "HQ", name: "Headquarters", time_zone: "UTC", roles: [], permissions };
  session.value = { user: { username: "sue", name: "Sue" }, sites: [site], csrf_token: "x" };
  sessionState.value = "in";
}

beforeEach(async () => {
  await Promise.all([addFirstTexts(), addLateTexts()]);
  socket = new FakeSocket();
  made.socket = socket;
  drafts = [];
  serve(({ path }) =>
    json(path.startsWith("/api/vouchers?") ? { vouchers: [], next_cursor: null } : { drafts }),
  );
  navigate("/vouchers?status=draft");
});

afterEach(async () => {
  render(null, page);
  sessionState.value = "out";
  vi.unstubAllGlobals();
  await closeDatabase();
});

test("among vouchers the drafts of others come and go by themselves, and then no voucher is said to be missing", async () => {
  logIn("deliver");
  render(h(Vouchers, {}), page);
  await soon(() => expect(page.textContent).toContain("No voucher fits."));
  /** Said until it is heard: the line to the server comes late. */
  const seenAfterNews = (check: () => void) =>
    soon(() => {
      socket.say("events", { site: 1, head: 11, events: [{ seq: 11, kind: "draft_changed" }] });
      check();
    });

  drafts = [aDraft("ben")];
  await seenAfterNews(() => expect(page.textContent).toContain("Kept by ben"));
  expect(page.textContent).not.toContain("No voucher fits.");

  drafts = [];
  await seenAfterNews(() => expect(page.textContent).toContain("No voucher fits."));
});

test("who may post none of them is shown no drafts, and asks for none", async () => {
  drafts = [aDraft("ben")];
  logIn("orders.read");
  render(h(Vouchers, {}), page);
  await soon(() => expect(page.textContent).toContain("No voucher fits."));
  expect(page.textContent).not.toContain("Kept by ben");
});
