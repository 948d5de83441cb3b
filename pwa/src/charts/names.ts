/** What steers a printer or turns the direction of the text around it has no place in a picture. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** A bar's name in at most two lines of `room` letters, with dots where something is left out. */
export function nameInLines(name: string, room: number): string {
  const letters = [...name.replace(UNSEEN, "").trim()];
  const width = Math.max(3, room);
  if (letters.length <= width) return letters.join("");
  const gap = letters.lastIndexOf(" ", width);
  const cut = gap > 0 ? gap : width;
  const first = letters.slice(0, cut).join("");
  const rest = letters.slice(gap > 0 ? cut + 1 : cut);
  return `${first}\n${rest.length > width ? `${rest.slice(0, width - 1).join("")}…` : rest.join("")}`;
}

/** Every how many bars have a name under them, so that names of `pixels` do not touch each other. */
export const everyNth = (bars: number, width: number, pixels: number): number =>
  Math.max(1, Math.ceil((bars * pixels) / Math.max(width, 1)));
