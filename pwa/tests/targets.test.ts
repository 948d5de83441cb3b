import { describe, expect, it } from "vitest";
import { targetsFor } from "../src/scan/targets";

const PICTURE = { width: 1280, height: 1160 };
const BOX = { width: 380, height: 345 };

const codeAt = (x: number, y: number) => ({
  text: `${x},${y}`,
  raw: "",
  symbology: "",
  corners: [{ x, y }],
});

function overlaps(a: ReturnType<typeof targetsFor>[0], b: typeof a): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

describe("targets to tap", () => {
  it("lie over their code, in pixels of the screen", () => {
    const [target] = targetsFor([codeAt(640, 580)], PICTURE, BOX);

    expect(target).toEqual({ left: 120, top: 144.5, width: 140, height: 56 });
  });

  it("stay in the picture when their code lies at its edge", () => {
    const [target] = targetsFor([codeAt(0, 1160)], PICTURE, BOX);

    expect(target).toMatchObject({ left: 0, top: 345 - 56 });
  });

  it.each([
    [
      "on top of each other",
      [
        [640, 580],
        [640, 580],
        [640, 580],
        [640, 580],
        [640, 580],
      ],
    ],
    [
      "in a corner",
      [
        [10, 10],
        [30, 20],
        [60, 10],
        [10, 60],
      ],
    ],
    [
      "in a column",
      [
        [640, 500],
        [640, 560],
        [640, 620],
        [640, 680],
        [640, 740],
      ],
    ],
    [
      "of a full sheet",
      [
        [100, 100],
        [700, 100],
        [100, 200],
        [700, 200],
        [100, 300],
        [700, 300],
        [100, 400],
        [700, 400],
      ],
    ],
  ])("are whole for codes %s", (_, places) => {
    const targets = targetsFor(
      places.map(([x = 0, y = 0]) => codeAt(x, y)),
      PICTURE,
      BOX,
    );

    for (const [i, target] of targets.entries()) {
      expect(Math.min(target.width, target.height)).toBeGreaterThanOrEqual(56);
      expect(target.left).toBeGreaterThanOrEqual(0);
      expect(target.left + target.width).toBeLessThanOrEqual(BOX.width);
      expect(target.top + target.height).toBeLessThanOrEqual(BOX.height);
      for (const other of targets.slice(i + 1)) expect(overlaps(target, other)).toBe(false);
    }
  });
});
