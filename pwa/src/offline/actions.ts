import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { ApiError } from "../api";
import type { Outcome } from "../api-types";
import { site, username } from "../session";
import { type NewAttachment, toStore } from "./attachments";
import { announce, listen } from "./channel";
import type { ActionEntry } from "./db";
import { notStored } from "./not-stored";
import { close, keepEntry } from "./outbox";
import { send } from "./sender";

/** How long a form waits for the answer before it says that the action is kept and goes on. */
const PATIENCE_MS = 4000;

interface Options {
  /** The voucher that it is done to, where the address of its route names one. */
  voucherId?: string;
  attachments?: NewAttachment[];
}

/** An action that is on the disk of this device and on its way. */
export interface KeptAction {
  entry: ActionEntry;
  /** Null while it waits; then what the server said, refusals with their next step. */
  answer: ReadonlySignal<Outcome | null>;
  /** The answer, or null when it will take longer than a person waits: without a network, or behind others. */
  answered: (patienceMs?: number) => Promise<Outcome | null>;
}

const waiting = new Map<string, Signal<Outcome | null>>();

listen(news => {
  if (news.kind !== "answered") return;
  for (const { id, outcome } of news.answered) {
    const answer = waiting.get(id);
    waiting.delete(id);
    if (answer) answer.value = outcome;
  }
});

/**
 * Keeps an action in the outbox and sends it in its turn. When this returns, it is on the disk: confirm it
 * then. Throws, in words for the person, when it could not be stored.
 *
 * `body` is what the route of the action takes. Its `id`, if it has one, is the id of the action: make a new
 * one whenever the person changes what they want.
 */
export async function keepAction(
  kind: string,
  body: Record<string, unknown>,
  { voucherId, attachments = [] }: Options = {},
): Promise<KeptAction> {
  const user = username.value ?? "";
  const action = {
    id: typeof body.id === "string" ? body.id : crypto.randomUUID(),
    kind,
    body,
    user,
    done_at: new Date().toISOString(),
    voucher_id: voucherId ?? null,
    site_id: site.value?.id ?? null,
    attachments: attachments.map(each => each.id),
  };
  const entry = await keepEntry(
    action,
    await Promise.all(attachments.map(each => toStore(each, user))),
  ).catch(() => {
    throw new ApiError("problem", 0, { code: "not_stored", detail: notStored() });
  });
  const answer = signal<Outcome | null>(null);
  waiting.set(entry.id, answer);
  announce({ kind: "kept", entry });
  void send();
  return { entry, answer, answered: patienceMs => answerOf(answer, patienceMs) };
}

/**
 * Keeps an action and waits for its answer as long as a person would. Gives null when the answer is still to
 * come: say that it is kept, and go on. Throws what the server refused, as a route does; the person sees that
 * at once, so nothing is left to look at in the outbox. Use a new id for another try.
 */
export async function act(
  kind: string,
  body: Record<string, unknown>,
  options: Options = {},
): Promise<Outcome | null> {
  const kept = await keepAction(kind, body, options);
  const outcome = await kept.answered();
  if (outcome === null || outcome.status === "accepted" || outcome.status === "duplicate") return outcome;
  await close([outcome.id]);
  announce({ kind: "tidied" });
  const { code, message, next_step, facts } = outcome;
  throw new ApiError("problem", 409, { code, detail: message, next_step, facts });
}

function answerOf(answer: Signal<Outcome | null>, patienceMs = PATIENCE_MS): Promise<Outcome | null> {
  return new Promise(resolve => {
    const end = (outcome: Outcome | null) => {
      clearTimeout(timer);
      stopListening();
      stopWatching();
      resolve(outcome);
    };
    const timer = setTimeout(end, patienceMs, null);
    // The sender has stopped: there is no answer now.
    const stopListening = listen(news => {
      if (news.kind === "drained") queueMicrotask(() => end(answer.value));
    });
    const stopWatching = answer.subscribe(outcome => {
      if (outcome) queueMicrotask(() => end(outcome));
    });
  });
}
