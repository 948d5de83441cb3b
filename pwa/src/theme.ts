import { signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const KEY = "serialtrail.theme";
const THEMES: Theme[] = ["auto", "light", "dark"];

const saved = localStorage.getItem(KEY) as Theme | null;
export const theme = signal<Theme>(saved && THEMES.includes(saved) ? saved : "auto");

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** The style sheet knows light and dark; what "automatic" means is settled here. */
function apply(): void {
  const system = systemIsDark.matches ? "dark" : "light";
  document.documentElement.dataset.theme = theme.value === "auto" ? system : theme.value;
}

/** Automatic, light, dark, and round again. */
export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
  localStorage.setItem(KEY, theme.value);
  apply();
}

systemIsDark.addEventListener("change", apply);
apply();
