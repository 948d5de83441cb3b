import { signal } from "@preact/signals";
import { highestCounter } from "../offline/outbox";

/** The browser's own question, which it lets a page ask from a tap; only Chromium has it. */
export interface InstallQuestion extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** Kept from the moment at which the browser offers it, which comes before anybody wants it. */
export const installQuestion = signal<Event | null>(null);

export function keepInstallQuestion(): void {
  addEventListener("beforeinstallprompt", event => {
    event.preventDefault();
    installQuestion.value = event;
  });
}

const ANSWERED = "serialtrail.install";

/** Once the device has done some work, and the person has not said yet what they think of it. */
export const isInstallDue = (): boolean => highestCounter() > 0 && !localStorage.getItem(ANSWERED);

export function rememberAnswer(): void {
  localStorage.setItem(ANSWERED, "1");
}
