import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, configure, get, isNetworkFailure, isRefusal, post, remove } from "../src/api";
import { html, json, noNetwork, problem, serve } from "./fake-server";

afterEach(() => vi.unstubAllGlobals());

const failureOf = async (work: Promise<unknown>): Promise<ApiError> => {
  const error = await work.then(
    () => null,
    caught => caught,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error;
};

describe("answers", () => {
  it("are given as they came", async () => {
    serve(() => json({ number: "PO-1" }));

    expect(await get("/api/purchase-orders/1")).toEqual({ number: "PO-1" });
  });

  it("may be empty", async () => {
    serve(() => new Response(null, { status: 204 }));

    expect(await remove("/api/session")).toBeUndefined();
  });
});

describe("errors", () => {
  it("carry the server's code, words and next step", async () => {
    serve(() =>
      json(
        {
          title: "Order closed",
          detail: "PO-1 is closed.",
          code: "voucher_not_open",
          next_step: "Open another.",
        },
        409,
      ),
    );

    const error = await failureOf(get("/api/purchase-orders/1"));

    expect(error).toMatchObject({
      failure: "problem",
      status: 409,
      code: "voucher_not_open",
      message: "PO-1 is closed.",
    });
    expect(error.problem.next_step).toBe("Open another.");
  });

  it.each([
    ["no connection", noNetwork],
    ["a captive portal", () => html(200)],
    ["a proxy's own page", () => html(407)],
    [
      "JSON that breaks off",
      () => new Response('{"a":', { headers: { "Content-Type": "application/json" } }),
    ],
  ])("of the way are network failures: %s", async (_name, reply) => {
    serve(reply);

    expect(isNetworkFailure(await failureOf(get("/api/session")))).toBe(true);
  });

  it("of a gateway are the server's, though it answers in HTML", async () => {
    serve(() => html(504));

    expect(await failureOf(get("/api/session"))).toMatchObject({
      failure: "problem",
      status: 504,
      code: "http_504",
    });
  });

  it("say how long to wait", async () => {
    serve(() => problem(503, "service_busy", { "Retry-After": "12" }));

    expect((await failureOf(get("/api/session"))).retryAfter).toBe(12);
  });

  it.each([400, 413, 422])("with status %i are final", async status => {
    serve(() => problem(status, "invalid_request"));

    expect(isRefusal(await failureOf(post("/api/scans", {})))).toBe(true);
  });

  it.each([401, 403, 409, 429, 500])("with status %i are not final for a scan", async status => {
    serve(() => problem(status, "some_code"));

    expect(isRefusal(await failureOf(post("/api/scans", {})))).toBe(false);
  });
});

describe("the session's token", () => {
  const quiet = {
    credentials: () => ({ user: "ana", csrfToken: "old" }),
    renew: async () => false,
    onNotLoggedIn: () => {},
  };

  it("goes with what changes something, not with reading", async () => {
    configure(quiet);
    const calls = serve(() => json({}));

    await get("/api/units");
    await post("/api/scans", {});

    expect(calls.map(call => call.headers["X-CSRF-Token"])).toEqual([undefined, "old"]);
    expect(calls[1]?.headers["Content-Type"]).toBe("application/json");
  });

  it("is renewed once when the server does not know it any more", async () => {
    let token = "old";
    const renew = async () => {
      token = "new";
      return true;
    };
    configure({ ...quiet, credentials: () => ({ user: "ana", csrfToken: token }), renew });
    const calls = serve(call =>
      call.headers["X-CSRF-Token"] === "new" ? json({ ok: 1 }) : problem(403, "csrf_failed"),
    );

    expect(await post("/api/scans", {})).toEqual({ ok: 1 });
    expect(calls).toHaveLength(2);
  });

  it("is waited for: nothing goes out that would only be refused for the lack of it", async () => {
    const none = { ...quiet, credentials: () => ({ user: "ana", csrfToken: null }) };
    configure(none);
    const calls = serve(() => json({}));

    expect(await failureOf(post("/api/scans", {}))).toMatchObject({ failure: "network" });
    expect(calls).toHaveLength(0);
    await post("/api/session", {}, { expectsNotLoggedIn: true });
    expect(calls).toHaveLength(1);
  });

  it("is not renewed for ever", async () => {
    configure({ ...quiet, renew: async () => true });
    const calls = serve(() => problem(403, "csrf_failed"));

    expect(await failureOf(post("/api/scans", {}))).toMatchObject({ code: "csrf_failed" });
    expect(calls).toHaveLength(2);
  });

  it("that has ended is told to the session, except by the log-in form itself", async () => {
    const onNotLoggedIn = vi.fn();
    configure({ ...quiet, onNotLoggedIn });
    serve(() => problem(401, "not_logged_in"));

    await failureOf(post("/api/session", {}, { expectsNotLoggedIn: true }));
    expect(onNotLoggedIn).not.toHaveBeenCalled();

    await failureOf(get("/api/units"));
    expect(onNotLoggedIn).toHaveBeenCalledOnce();
  });
});
