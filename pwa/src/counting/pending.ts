import { announce } from "../offline/channel";
import { keepEntry } from "../offline/outbox";

/** What an older build kept of a count beside the outbox. */
interface PendingScan {
  id: string;
  scanned_at: string;
  [field: string]: unknown;
}

const KEY = /^count-scans:(.*):([^:]*)$/;

/** Puts scans of counts that an older build kept by themselves into the outbox, with the ids they have. */
export async function movePending(): Promise<void> {
  for (const key of Object.keys(localStorage)) {
    const [, user, countId] = KEY.exec(key) ?? [];
    if (user === undefined || countId === undefined) continue;
    for (const { id, ...body } of JSON.parse(localStorage.getItem(key) ?? "[]") as PendingScan[]) {
      const action = { id, kind: "stock_count.scan", body, user, done_at: body.scanned_at };
      const entry = await keepEntry({ ...action, voucher_id: countId, site_id: null, attachments: [] });
      announce({ kind: "kept", entry });
    }
    localStorage.removeItem(key);
  }
}
