/** Photos and signatures on their way: they go out one by one, before the action that names them. */
import { ApiError, post } from "../api";
import { type ActionEntry, type Attachment, database, isScan, type OutboxEntry } from "./db";

/** A picture as a form has it; its id is made here and named in the body of the action. */
export interface NewAttachment {
  id: string;
  /** As the server knows it, such as `photo` or `signature`. */
  kind: string;
  note?: string;
  picture: Blob;
}

/** Raised when the server does not want a picture: the action that names it waits for a person. */
export class AttachmentRefused extends Error {
  override name = "AttachmentRefused";
}

/** As it is stored with its action. */
export async function toStore(attachment: NewAttachment, user: string): Promise<Attachment> {
  const { id, kind, note = null, picture } = attachment;
  return { id, user, kind, note, bytes: await picture.arrayBuffer(), is_sent: false };
}

/** The attachments of an entry that the server does not have yet, in their order. */
export async function unsentOf(entry: OutboxEntry): Promise<Attachment[]> {
  if (isScan(entry) || entry.attachments.length === 0) return [];
  const db = await database();
  const found = await Promise.all(entry.attachments.map(id => db.get("attachments", id)));
  return found.filter(each => each !== undefined).filter(each => !each.is_sent);
}

/** Sends an attachment; the same id again is taken as the same. Throws what keeps it from being sent. */
export async function sendAttachment(attachment: Attachment, action: ActionEntry): Promise<void> {
  const { id, kind, note, bytes } = attachment;
  const { done_at, site_id: site } = action;
  const picture = base64(new Uint8Array(bytes));
  try {
    await post("/api/attachments", { id, done_at, site, kind, note, picture }, { timeoutMs: 60_000 });
  } catch (error) {
    if (isNo(error)) throw new AttachmentRefused(error.message);
    throw error;
  }
  await (await database()).put("attachments", { ...attachment, is_sent: true });
}

/** The server said no to this picture; a log-in, a pause or a newer server would not be asked for in vain. */
const isNo = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  error.failure === "problem" &&
  [400, 403, 409, 413, 415, 422].includes(error.status);

function base64(bytes: Uint8Array): string {
  let text = "";
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
