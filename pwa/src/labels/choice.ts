/** How labels are wanted: kept on the device, as its printer does not change from one to the next. */
export interface Choice {
  symbol: string;
  format: string;
  printer: string;
  /** The lines of a label, by its subject, where they are not the usual ones. */
  layouts: Record<string, string>;
}

export const SYMBOLS = ["gs1_datamatrix", "gs1_qr", "qr", "code_128"] as const;
export const FORMATS = ["roll_50x25", "roll_62x29", "roll_100x50", "a4_21", "a4_65", "letter_30"] as const;
export const PRINTERS = ["pdf", "zpl_203", "zpl_300", "zpl_600", "png", "svg"] as const;

const USUAL: Choice = { symbol: "gs1_datamatrix", format: "roll_50x25", printer: "pdf", layouts: {} };
const KEY = "labels";

/** What was chosen last on this device. */
export function remembered(): Choice {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...USUAL, ...(typeof kept === "object" ? kept : {}) };
  } catch {
    return USUAL;
  }
}

export function remember(choice: Choice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // A device that keeps nothing asks again; it prints all the same.
  }
}

/** Dots an inch that the server draws for: a Zebra's own, and 300 for what goes to any printer. */
export const dpiOf = (printer: string): number => Number(printer.split("_")[1] ?? 300);

/** What the file of a printer is called behind its dot. */
export const endingOf = (printer: string): string => printer.split("_")[0] ?? "pdf";
