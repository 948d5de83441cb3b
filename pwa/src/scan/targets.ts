import type { DecodedCode } from "./decode-messages";
import { centreOf, type Region, type Size } from "./geometry";

/** What a gloved finger hits, and wide enough for a serial number. */
const LEAST: Size = { width: 140, height: 56 };

/**
 * Where to lay a target for each code of a picture that is shown `box` large: over the code, and beside it
 * where another target lies there already. Each is 56 px high at least, and inside the box as far as it fits.
 */
export function targetsFor(codes: DecodedCode[], picture: Size, box: Size): Region[] {
  const placed: Region[] = [];
  for (const { corners } of codes) {
    const centre = centreOf(corners);
    const wish = around((centre.x / picture.width) * box.width, (centre.y / picture.height) * box.height);
    placed.push(nearestFree(wish, placed, box));
  }
  return placed;
}

function around(x: number, y: number): Region {
  return { left: x - LEAST.width / 2, top: y - LEAST.height / 2, ...LEAST };
}

/** The free place closest to the wish, out of the wish itself and the places around those that are taken. */
function nearestFree(wish: Region, taken: Region[], box: Size): Region {
  const places = [wish];
  for (const { left, top, width, height } of taken) {
    places.push({ ...wish, top: top + height }, { ...wish, top: top - wish.height });
    places.push({ ...wish, left: left + width }, { ...wish, left: left - wish.width });
    places.push({ ...wish, left, top: top + height }, { ...wish, left, top: top - wish.height });
  }
  const free = places
    .map(place => inside(place, box))
    .filter(place => !taken.some(other => overlap(place, other)));
  const far = (place: Region) => Math.hypot(place.left - wish.left, place.top - wish.top);
  return free.sort((a, b) => far(a) - far(b))[0] ?? inside(wish, box);
}

function inside(place: Region, box: Size): Region {
  const within = (at: number, length: number, whole: number) => Math.max(0, Math.min(at, whole - length));
  return {
    ...place,
    left: within(place.left, place.width, box.width),
    top: within(place.top, place.height, box.height),
  };
}

function overlap(a: Region, b: Region): boolean {
  const besides = a.left + a.width <= b.left || b.left + b.width <= a.left;
  return !besides && a.top < b.top + b.height && b.top < a.top + a.height;
}
