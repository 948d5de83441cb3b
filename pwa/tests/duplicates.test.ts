import { describe, expect, it } from "vitest";
import { Sightings } from "../src/scan/duplicates";

const QR = "]Q1";

describe("codes in the camera's view", () => {
  it("count once as long as they stay in view", () => {
    const sightings = new Sightings();
    const times = Array.from({ length: 100 }, (_, i) => i * 100);

    expect(times.filter(now => sightings.isNew("NB25-0001", QR, now))).toEqual([0]);
  });

  it("count again only after 1.5 s out of view", () => {
    const sightings = new Sightings();
    sightings.isNew("NB25-0001", QR, 0);

    expect(sightings.isNew("NB25-0001", QR, 1499)).toBe(false);
    expect(sightings.isNew("NB25-0001", QR, 1499 + 1500)).toBe(true);
  });

  it("are told apart, also when they alternate", () => {
    const sightings = new Sightings();
    const seen = ["A-0001", "A-0002", "A-0001", "A-0002"].map((text, i) =>
      sightings.isNew(text, QR, i * 100),
    );

    expect(seen).toEqual([true, true, false, false]);
  });

  it("are not new after a pause during which the label stayed where it was", () => {
    const sightings = new Sightings();
    sightings.isNew("NB25-0001", QR, 0);
    sightings.resume(60_000);

    expect(sightings.isNew("NB25-0001", QR, 60_100)).toBe(false);
  });
});

describe("symbologies without a check digit", () => {
  it.each(["]I0", "]A0"])("%s needs two equal reads", symbology => {
    const sightings = new Sightings();

    expect(sightings.isNew("1234", symbology, 0)).toBe(false);
    expect(sightings.isNew("1243", symbology, 100)).toBe(false);
    expect(sightings.isNew("1234", symbology, 200)).toBe(true);
    expect(sightings.isNew("1234", symbology, 300)).toBe(false);
  });

  it("are not confirmed by a read of long ago", () => {
    const sightings = new Sightings();
    sightings.isNew("1234", "]I0", 0);

    expect(sightings.isNew("1234", "]I0", 1000)).toBe(false);
  });
});

describe("phone and server at one label", () => {
  it("count it once, whoever reads it first and whatever they call its symbology", () => {
    const sightings = new Sightings();
    expect(sightings.isNew("NB25-0001", QR, 0)).toBe(true);
    expect(sightings.isStillInView("NB25-0001", 1400)).toBe(true);

    sightings.note("NB25-0002", 2000, "server");
    expect(sightings.isNew("NB25-0002", "]C0", 10_000)).toBe(false);
  });

  it("count a label again that the server has not seen for twenty seconds", () => {
    const sightings = new Sightings();
    sightings.note("NB25-0001", 0, "server");

    expect(sightings.isStillInView("NB25-0001", 19_999)).toBe(true);
    expect(sightings.isStillInView("NB25-0001", 19_999 + 1500)).toBe(false);
  });
});
