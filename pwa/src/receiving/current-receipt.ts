import { username } from "../session";

/** The receipt that was last worked on, as far as this device knows it is still open. */
export interface CurrentReceipt {
  id: string;
  number: string;
}

const KEY = "serialtrail.receipt";

export function currentReceipt(): CurrentReceipt | null {
  try {
    const { user, id, number } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return user === username.value && id ? { id, number } : null;
  } catch {
    return null;
  }
}

/** Remembers a receipt as long as it is open. */
export function rememberReceipt({ id, number }: CurrentReceipt, isOpen: boolean): void {
  if (isOpen) localStorage.setItem(KEY, JSON.stringify({ id, number, user: username.value }));
  else if (currentReceipt()?.id === id) localStorage.removeItem(KEY);
}
