import { describe, expect, it } from "vitest";
import { Aim, viewOf } from "../src/scan/aim";
import type { DecodedCode } from "../src/scan/decode-messages";
import { contains, distanceTo, middleOf, shownPart } from "../src/scan/geometry";

const SCREEN = { width: 800, height: 700 };
const VIEW = viewOf(SCREEN);

/** A code of 100 × 100 pixels around a point. */
function codeAt(text: string, x: number, y: number, size = 50): DecodedCode {
  const corners = [
    { x: x - size, y: y - size },
    { x: x + size, y: y - size },
    { x: x + size, y: y + size },
    { x: x - size, y: y + size },
  ];
  return { text, raw: "", symbology: "]Q1", corners };
}

const UNDER = codeAt("under", 400, 350);
const LEFT = codeAt("left", 200, 350);
const RIGHT = codeAt("right", 600, 350);
const none = () => false;

function judge(
  aim: Aim,
  codes: DecodedCode[],
  isHard = true,
  now = 0,
  isTaken: (code: DecodedCode) => boolean = none,
) {
  const verdict = aim.judge(codes, VIEW, isHard, isTaken, now);
  return verdict.kind === "take" ? verdict.code.text : verdict.kind;
}

describe("aiming", () => {
  it("takes the code under the cross-hair, however many are in view", () => {
    expect(judge(new Aim(), [LEFT, UNDER, RIGHT], false)).toBe("under");
  });

  it("takes the code that lies under it and not the one that is only close", () => {
    expect(judge(new Aim(), [codeAt("close", 488, 350, 50), codeAt("under", 380, 350, 40)], false)).toBe(
      "under",
    );
  });

  it("takes the stripes whose reading line passes just above the cross-hair", () => {
    const stripes = { ...LEFT, text: "stripes", corners: [200, 600, 600, 200].map(x => ({ x, y: 330 })) };

    expect(judge(new Aim(), [stripes, codeAt("far", 600, 600)], false)).toBe("stripes");
  });

  it("takes a code beside the cross-hair only after all of the picture was looked at", () => {
    const aim = new Aim();

    expect(judge(aim, [LEFT], false)).toBe("look_harder");
    expect(judge(aim, [LEFT], true)).toBe("left");
  });

  it("asks when none of several is meant, and only after a person had time to aim", () => {
    const aim = new Aim();

    expect(judge(aim, [LEFT, RIGHT], true, 0)).toBe("nothing");
    expect(judge(aim, [LEFT, RIGHT], false, 699)).toBe("nothing");
    expect(judge(aim, [LEFT, RIGHT], false, 700)).toBe("ask");
  });

  it("asks before it takes the only code where that lies outside the viewfinder", () => {
    const aim = new Aim();
    const edge = codeAt("edge", 750, 100, 20);

    expect(judge(aim, [edge], true, 0)).toBe("nothing");
    expect(judge(aim, [edge], true, 700)).toBe("ask");
  });

  it("asks between two codes that are both close to the cross-hair", () => {
    const aim = new Aim();
    const both = [codeAt("a", 340, 350), codeAt("b", 460, 350)];
    judge(aim, both, true, 0);

    expect(judge(aim, both, true, 700)).toBe("ask");
  });

  it("starts anew when something was aimed at or nothing was left to see", () => {
    const aim = new Aim();
    judge(aim, [LEFT, RIGHT], true, 0);
    judge(aim, [UNDER], true, 500);

    expect(judge(aim, [LEFT, RIGHT], true, 900)).toBe("nothing");
    judge(aim, [], true, 1000);
    expect(judge(aim, [LEFT, RIGHT], true, 1500)).toBe("nothing");
  });

  it("does not ask again for what was taken or declined, until it was out of view", () => {
    const aim = new Aim();
    judge(aim, [LEFT, RIGHT], true, 0);
    aim.decline([LEFT, RIGHT], 1000);

    for (let now = 1100; now < 4000; now += 100) expect(judge(aim, [LEFT, RIGHT], true, now)).toBe("nothing");
    judge(aim, [LEFT, RIGHT], true, 6000);
    expect(judge(aim, [LEFT, RIGHT], true, 6700)).toBe("ask");
    expect(judge(new Aim(), [LEFT, RIGHT], true, 700, () => true)).toBe("nothing");
  });

  it("takes a declined code as soon as it is aimed at", () => {
    const aim = new Aim();
    aim.decline([UNDER], 0);

    expect(judge(aim, [UNDER, RIGHT], true, 100)).toBe("under");
  });
});

describe("the picture on the screen", () => {
  it("is the middle of a wide video in a narrow box, and of a tall one in a flat box", () => {
    expect(shownPart({ width: 1280, height: 720 }, { width: 360, height: 360 })).toEqual({
      left: 280,
      top: 0,
      width: 720,
      height: 720,
    });
    expect(shownPart({ width: 720, height: 1280 }, { width: 400, height: 200 })).toEqual({
      left: 0,
      top: 460,
      width: 720,
      height: 360,
    });
  });

  it("is all of the video before there is a box", () => {
    const all = { left: 0, top: 0, width: 1280, height: 720 };

    expect(shownPart({ width: 1280, height: 720 }, { width: 0, height: 0 })).toEqual(all);
    expect(shownPart({ width: 1280, height: 720 }, { width: 640, height: 360 })).toEqual(all);
  });

  it("has its viewfinder in its middle", () => {
    const part = { left: 280, top: 0, width: 720, height: 720 };

    expect(middleOf(part, { width: 0.8, height: 0.6 })).toEqual({
      left: 352,
      top: 144,
      width: 576,
      height: 432,
    });
  });
});

describe("distances", () => {
  const square = codeAt("square", 100, 100).corners;

  it.each([
    [100, 100, 0],
    [60, 140, 0],
    [200, 100, 50],
    [180, 190, 50],
    [100, 0, 50],
  ])("from (%i, %i) to the square is %i", (x, y, distance) => {
    expect(distanceTo(square, { x, y })).toBeCloseTo(distance);
  });

  it("to a line without width is that to the line", () => {
    const line = [0, 100, 100, 0].map(x => ({ x, y: 10 }));

    expect(distanceTo(line, { x: 50, y: 30 })).toBe(20);
    expect(contains({ left: 0, top: 0, width: 10, height: 10 }, { x: 10, y: 11 })).toBe(false);
  });
});
