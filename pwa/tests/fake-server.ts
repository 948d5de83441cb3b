import { vi } from "vitest";
import type { ScanEntry } from "../src/offline/db";
import { accepted, anAnswer } from "./factories";

export interface Call {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: { entries: ScanEntry[] } & Record<string, unknown>;
}

export type Reply = (call: Call) => Response | Promise<Response>;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ title: code, detail: `said ${code}`, status, code }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });

export const html = (status = 200): Response =>
  new Response("<html>Welcome to our hotel</html>", { status, headers: { "Content-Type": "text/html" } });

/** Takes every scan. */
export const takesAll: Reply = ({ body }) => json(anAnswer(body.entries.map(entry => accepted(entry.id))));

/**
 * Stands in for the network: answers with `replies` one after the other, the last one for ever, and
 * remembers what was asked.
 */
export function serve(...replies: Reply[]): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call: Call = {
      path,
      method: init.method ?? "GET",
      headers: init.headers as Record<string, string>,
      body: typeof init.body === "string" ? JSON.parse(init.body) : {},
    };
    const reply = replies[Math.min(calls.length, replies.length - 1)];
    calls.push(call);
    if (!reply) throw new TypeError("no reply was planned");
    return reply(call);
  });
  return calls;
}

export const noNetwork: Reply = () => {
  throw new TypeError("Failed to fetch");
};

/** The texts of each batch of scans that was posted. */
export const batches = (calls: Call[]): string[][] =>
  calls.filter(call => call.path === "/api/sync").map(call => call.body.entries.map(entry => entry.text));

/** Two readings one after the other, the later of which is answered first. */
export async function readInReverse(
  open: { reload: () => Promise<void> },
  answer: (number: string) => object,
): Promise<void> {
  const answers: ((number: string) => void)[] = [];
  const held = () =>
    new Promise<Response>(resolve => {
      answers.push(number => resolve(json(answer(number))));
    });
  vi.stubGlobal("fetch", vi.fn(held));
  const before = open.reload();
  await new Promise(resolve => setTimeout(resolve, 5));
  const after = open.reload();
  answers[1]?.("as it is");
  await after;
  answers[0]?.("as it was");
  await before;
  vi.unstubAllGlobals();
}
