/** What was scanned in a count and not answered yet; it survives a reload and is sent again with its ids. */
export interface PendingScan {
  id: string;
  location_id: number;
  text: string;
  symbology: string;
  scanned_at: string;
  item_id?: number;
  batch_no?: string | null;
  qty?: number;
}

const key = (user: string, countId: string) => `count-scans:${user}:${countId}`;

export function pendingOf(user: string, countId: string): PendingScan[] {
  return JSON.parse(localStorage.getItem(key(user, countId)) ?? "[]") as PendingScan[];
}

export function keepPending(user: string, countId: string, scans: PendingScan[]): void {
  if (scans.length === 0) localStorage.removeItem(key(user, countId));
  else localStorage.setItem(key(user, countId), JSON.stringify(scans));
}
