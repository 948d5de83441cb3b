/** In which language the screens are: the person's own choice on this device, else what the browser asks for. */

/** Each language in its own words. */
export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "serialtrail.language";

const asked = [localStorage.getItem(KEY), ...navigator.languages].map(tag => tag?.slice(0, 2));
export const language = (asked.find(tag => tag && tag in LANGUAGES) ?? "en") as Language;
export const isArabic = language === "ar";

/**
 * How dates and numbers are written. Serial numbers, labels and the ledger have Western digits and Gregorian days,
 * so Arabic has them too; English goes by the browser's own region.
 */
export const locale = isArabic ? "ar-u-ca-gregory-nu-latn" : undefined;

/** U+2068 and U+2069: what stands between them has a direction of its own. */
export const isolated = (text: string): string => `\u2068${text}\u2069`;

document.documentElement.lang = language;
document.documentElement.dir = isArabic ? "rtl" : "ltr";

/** Keeps the choice and begins anew in that language; all that waits to be sent is in the device's database. */
export function speak(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  location.reload();
}
