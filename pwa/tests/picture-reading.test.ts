import { afterEach, describe, expect, it, vi } from "vitest";
import type { Code } from "../src/scan/codes";
import type { DecodedCode } from "../src/scan/decode-messages";
import { PictureReading } from "../src/scan/picture-reading";
import { json, noNetwork, problem, type Reply, serve } from "./fake-server";

const FILE = new Blob(["a photo"], { type: "image/jpeg" });
const STILL = { picture: new Blob(["scaled"]), width: 1920, height: 1080 };
const aCode = (text: string): DecodedCode => ({ text, raw: "AA==", symbology: "]Q1", corners: [] });
const answered = (texts: string[], weak = false): Reply => {
  const code = (text: string) => ({
    text,
    raw: "00",
    symbology_identifier: "]Q1",
    corners: [],
    frame: 0,
    confidence: { weak },
  });
  return () =>
    json({ codes: texts.map(code), reason: texts.length ? null : { code: "no_code", message: "No code." } });
};

function reading(onPhone: DecodedCode[], reply: Reply, canOpen = true) {
  const taken: Code[] = [];
  const calls = serve(reply);
  const reading = new PictureReading(
    code => taken.push(code),
    async () => (canOpen ? STILL : null),
    async () => onPhone,
  );
  return { reading, taken, calls };
}

afterEach(() => vi.unstubAllGlobals());

describe("a picture of a label", () => {
  it("is read on the phone where that can", async () => {
    const { reading: it, taken, calls } = reading([aCode("NB25-0017")], noNetwork);
    await it.read(FILE);

    expect(taken).toEqual([{ text: "NB25-0017", raw: "AA==", symbology: "]Q1", source: "camera" }]);
    expect(calls).toEqual([]);
  });

  it("is read by the server where the phone cannot", async () => {
    const { reading: it, taken } = reading([], answered(["NB25-0017"]));
    await it.read(FILE);

    expect(taken).toEqual([{ text: "NB25-0017", raw: "AA==", symbology: "]Q1", source: "server" }]);
    expect(it.picture.value).toBe(STILL.picture);
  });

  it("with several codes waits for a tap", async () => {
    const { reading: it, taken } = reading([aCode("A"), aCode("B")], noNetwork);
    await it.read(FILE);
    expect(it.step.value.kind).toBe("choice");
    expect(taken).toEqual([]);
    it.choose(aCode("B"));

    expect(taken.map(code => code.text)).toEqual(["B"]);
    expect(it.step.value.kind).toBe("none");
  });

  it("waits for a tap on a code that may be misread", async () => {
    const { reading: it, taken } = reading([], answered(["1234"], true));
    await it.read(FILE);

    expect(it.step.value.kind).toBe("choice");
    expect(taken).toEqual([]);
  });

  it("goes to the server as it is where this browser does not know its kind", async () => {
    const { reading: it } = reading([], () => problem(422, "heic_not_supported"), false);
    await it.read(FILE);

    expect(it.picture.value).toBe(FILE);
    expect(it.step.value).toEqual({ kind: "refused", message: "said heic_not_supported" });
  });

  it("says why it cannot be read, or that there is no network", async () => {
    const unread = reading([], answered([]));
    await unread.reading.read(FILE);
    expect(unread.reading.step.value).toEqual({
      kind: "unread",
      reason: { code: "no_code", message: "No code." },
    });

    const away = reading([], noNetwork);
    await away.reading.read(FILE);
    expect(away.reading.step.value.kind).toBe("no_network");
  });

  it("comes to nothing when the person has closed it meanwhile", async () => {
    let answer: (response: Response) => void = () => {};
    const { reading: it, taken } = reading([], () => new Promise(resolve => (answer = resolve)));
    const asked = it.read(FILE);
    await vi.waitFor(() => expect(it.step.value.kind).toBe("asking"));
    it.cancel();
    answer(await (answered(["NB25-0017"])({} as never) as Response));
    await asked;

    expect(taken).toEqual([]);
    expect(it.step.value.kind).toBe("none");
  });
});
