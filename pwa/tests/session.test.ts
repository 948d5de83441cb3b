import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Session } from "../src/api-types";
import { html, json, noNetwork, problem, type Reply, serve } from "./fake-server";

const SITE = {
  id: 1,
  code: "HQ",
  name: "Headquarters",
  time_zone: "UTC",
  roles: ["picker"],
  permissions: ["receive"],
};

const sessionOf = (username: string, token = `token of ${username}`): Session => ({
  user: { username, name: username.toUpperCase() },
  csrf_token: token,
  expires_at: "2026-01-06T00:00:00Z",
  sites: [SITE],
});

const NOBODY = { user: null, csrf_token: null, expires_at: null, sites: [] };

/** A page that was just opened. */
const openPage = async () => {
  vi.resetModules();
  const page = await import("../src/session");
  return { ...page, api: await import("../src/api") };
};

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe("opening the page", () => {
  it("takes up the session that the server knows", async () => {
    const page = await openPage();
    serve(() => json(sessionOf("ana")));

    await page.resume();

    expect(page.sessionState.value).toBe("in");
    expect(page.username.value).toBe("ana");
    expect(page.may("receive")).toBe(true);
    expect(page.may("boards.read")).toBe(false);
  });

  it("asks to log in when the server knows none", async () => {
    const page = await openPage();
    serve(() => json(NOBODY));

    await page.resume();

    expect(page.sessionState.value).toBe("out");
  });

  it.each<[string, Reply]>([
    ["no network", noNetwork],
    ["a captive portal", () => html(200)],
    ["a server in trouble", () => problem(503, "service_busy")],
  ])("goes on as the last user with %s", async (_name, reply) => {
    const before = await openPage();
    serve(() => json(sessionOf("ana")));
    await before.resume();
    const page = await openPage();
    vi.spyOn(console, "warn").mockImplementation(() => {});
    serve(reply);

    await page.resume();

    expect(page.sessionState.value).toBe("in");
    expect(page.username.value).toBe("ana");
  });

  it("keeps no secret on the device", async () => {
    const page = await openPage();
    serve(() => json(sessionOf("ana", "very secret")));

    await page.resume();

    expect(JSON.stringify(localStorage)).not.toContain("very secret");
  });
});

describe("a session that ends", () => {
  it("in the middle of work leaves the person where they are", async () => {
    const page = await openPage();
    serve(() => json(sessionOf("ana")));
    await page.resume();
    serve(() => problem(401, "not_logged_in"));

    await page.api.get("/api/units").catch(() => {});

    expect(page.sessionState.value).toBe("expired");
    expect(page.username.value).toBe("ana");
  });

  it("is found out where the person is, too", async () => {
    const page = await openPage();
    serve(() => json(sessionOf("ana")));
    await page.resume();
    serve(() => json(NOBODY));

    await page.resume();

    expect(page.sessionState.value).toBe("expired");
    expect(page.username.value).toBe("ana");
  });

  it("by logging out forgets the person", async () => {
    const page = await openPage();
    serve(() => json(sessionOf("ana")));
    await page.resume();
    serve(() => new Response(null, { status: 204 }));

    await page.logOut();

    expect(page.sessionState.value).toBe("out");
    expect(localStorage.getItem("serialtrail.session")).toBeNull();
  });
});

describe("an outdated token", () => {
  /** Knows `user` as logged in, with the token "new". */
  const serverOf =
    (user: string): Reply =>
    ({ path, headers }) => {
      if (path === "/api/session") return json(sessionOf(user, "new"));
      return headers["X-CSRF-Token"] === "new" ? json({ taken: true }) : problem(403, "csrf_failed");
    };

  async function pageOfAna() {
    const page = await openPage();
    serve(() => json(sessionOf("ana", "old")));
    await page.resume();
    return page;
  }

  it("is renewed behind the person's back", async () => {
    const page = await pageOfAna();
    serve(serverOf("ana"));

    expect(await page.api.post("/api/scans", {})).toEqual({ taken: true });
  });

  it("is used when somebody else in this page renewed it meanwhile", async () => {
    const page = await pageOfAna();
    const calls = serve(call => {
      // By the time the refusal arrives, the page has a new session.
      page.session.value = { ...sessionOf("ana", "new") };
      return serverOf("ana")(call);
    });

    expect(await page.api.post("/api/scans", {})).toEqual({ taken: true });
    expect(calls.map(call => call.path)).toEqual(["/api/scans", "/api/scans"]);
  });

  it("never lets one user's work go out under another's name", async () => {
    const page = await pageOfAna();
    const calls = serve(serverOf("ben"));

    await expect(page.api.post("/api/scans", {})).rejects.toMatchObject({ code: "csrf_failed" });

    expect(calls.map(call => call.path)).toEqual(["/api/scans", "/api/session"]);
    expect(page.username.value).toBe("ben");
  });
});
