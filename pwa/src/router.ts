import { signal } from "@preact/signals";

export interface Route {
  path: string;
  query: URLSearchParams;
}

const here = (): Route => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** The address of the screen that shows. */
export const route = signal<Route>(here());

addEventListener("popstate", () => {
  route.value = here();
});

/** Goes to another screen; `replace` leaves no step to come back to. */
export function navigate(to: string, { replace = false } = {}): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  route.value = here();
  scrollTo(0, 0);
}

/** Named parts of `path` when it fits `pattern` ("/unit/:id"), else null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.replace(/(.)\/$/, "$1").split("/");
  if (wanted.length !== given.length) return null;
  const parts: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const value = given[index] ?? "";
    if (piece.startsWith(":")) parts[piece.slice(1)] = safeDecode(value);
    else if (piece !== value) return null;
  }
  return parts;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
