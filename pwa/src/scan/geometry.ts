/** Where things are in a picture, in its pixels. */

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Region extends Size {
  left: number;
  top: number;
}

/** The part of a picture that shows in a box that it fills (`object-fit: cover`); all of it while there is no box. */
export function shownPart(picture: Size, box: Size): Region {
  const scale = Math.max(box.width / picture.width, box.height / picture.height);
  if (!(scale > 0) || !Number.isFinite(scale)) return { left: 0, top: 0, ...size(picture) };
  return centred(picture, { width: box.width / scale, height: box.height / scale });
}

/** The middle of a region, so much of its width and height. */
export function middleOf(region: Region, share: Size): Region {
  const inner = centred(region, { width: region.width * share.width, height: region.height * share.height });
  return { ...inner, left: inner.left + region.left, top: inner.top + region.top };
}

export function contains(region: Region, { x, y }: Point): boolean {
  const { left, top, width, height } = region;
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

export function centreOf(corners: Point[]): Point {
  const sum = corners.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / corners.length, y: sum.y / corners.length };
}

/** How far a point is from a shape; 0 inside it. The corners of a 1D code may all lie on one line. */
export function distanceTo(corners: Point[], point: Point): number {
  if (isInside(corners, point)) return 0;
  const sides = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length] ?? corner] as const);
  return Math.min(...sides.map(([from, to]) => distanceToSide(from, to, point)));
}

const size = ({ width, height }: Size): Size => ({ width, height });

function centred(outer: Size, wish: Size): Region {
  const width = Math.min(outer.width, Math.round(wish.width));
  const height = Math.min(outer.height, Math.round(wish.height));
  return {
    left: Math.round((outer.width - width) / 2),
    top: Math.round((outer.height - height) / 2),
    width,
    height,
  };
}

/** Counts the sides that a ray to the right crosses. */
function isInside(corners: Point[], { x, y }: Point): boolean {
  let isOdd = false;
  for (const [i, from] of corners.entries()) {
    const to = corners[(i + 1) % corners.length] ?? from;
    const crosses =
      from.y > y !== to.y > y && x < ((to.x - from.x) * (y - from.y)) / (to.y - from.y) + from.x;
    if (crosses) isOdd = !isOdd;
  }
  return isOdd;
}

function distanceToSide(from: Point, to: Point, point: Point): number {
  const along = { x: to.x - from.x, y: to.y - from.y };
  const length = along.x ** 2 + along.y ** 2;
  const dot = (point.x - from.x) * along.x + (point.y - from.y) * along.y;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, dot / length));
  return Math.hypot(point.x - from.x - share * along.x, point.y - from.y - share * along.y);
}
