import type { Code } from "./codes";

/** Address of the look-up for a code; the separator of a GS1 code survives in it. */
export function findAddress({ text, symbology }: Pick<Code, "text" | "symbology">): string {
  const query = new URLSearchParams({ q: text });
  if (symbology) query.set("symbology", symbology);
  return `/find?${query}`;
}
