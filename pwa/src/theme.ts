import { signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const KEY = "serialtrail.theme";
const THEMES: Theme[] = ["auto", "light", "dark"];

const saved = localStorage.getItem(KEY) as Theme | null;
export const theme = signal<Theme>(saved && THEMES.includes(saved) ? saved : "auto");

function apply(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

/** Automatic, light, dark, and round again. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
  localStorage.setItem(KEY, theme.value);
  apply();
}

apply();
