import { afterEach, describe, expect, it, vi } from "vitest";
import { abilities, CameraError, cameras, openStream, setLens } from "../src/scan/camera-stream";

function stubCamera(
  getUserMedia: (wish: MediaStreamConstraints) => unknown,
  devices: Partial<MediaDeviceInfo>[] = [],
) {
  const asked = vi.fn(async (wish: MediaStreamConstraints) => getUserMedia(wish));
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", {
    mediaDevices: { getUserMedia: asked, enumerateDevices: async () => devices },
  });
  return asked;
}

const aTrack = (capabilities: object) => {
  const applyConstraints = vi.fn(async (_: MediaTrackConstraints) => {});
  return { track: { getCapabilities: () => capabilities, applyConstraints } as never, applyConstraints };
};

afterEach(() => vi.unstubAllGlobals());

describe("opening a camera", () => {
  it("wishes for the one that looks away, at 720p, and demands nothing", async () => {
    const asked = stubCamera(() => "stream");

    await openStream(null);

    expect(asked.mock.calls[0]?.[0].video).toEqual({
      width: { ideal: 1280 },
      height: { ideal: 720 },
      facingMode: { ideal: "environment" },
    });
  });

  it("never sends the facing together with a camera that a person chose", async () => {
    const asked = stubCamera(() => "stream");

    await openStream("back lens 2");

    const video = asked.mock.calls[0]?.[0].video as MediaTrackConstraints;
    expect(video.deviceId).toEqual({ ideal: "back lens 2" });
    expect(video.facingMode).toBeUndefined();
  });

  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "no_camera"],
    ["NotReadableError", "in_use"],
    ["TypeError", "failed"],
  ])("says of %s: %s", async (name, problem) => {
    stubCamera(() => {
      throw new DOMException("", name);
    });

    await expect(openStream(null)).rejects.toMatchObject({ name: "CameraError", problem });
  });

  it("says that the page is not secure before it asks for anything", async () => {
    const asked = stubCamera(() => "stream");
    vi.stubGlobal("isSecureContext", false);

    await expect(openStream(null)).rejects.toEqual(new CameraError("insecure"));
    expect(asked).not.toHaveBeenCalled();
  });

  it("lists cameras only, also those without a name", async () => {
    stubCamera(
      () => "stream",
      [
        { kind: "audioinput", deviceId: "microphone", label: "" },
        { kind: "videoinput", deviceId: "a", label: "Back" },
        { kind: "videoinput", deviceId: "b", label: "" },
      ],
    );

    expect(await cameras()).toEqual([
      { id: "a", label: "Back" },
      { id: "b", label: "2" },
    ]);
  });
});

describe("the lens", () => {
  it("offers light and zoom only where the device has them", () => {
    expect(abilities(aTrack({}).track)).toEqual({ torch: false, zoom: [] });
    expect(abilities(aTrack({ torch: true, zoom: { min: 1, max: 8 } }).track)).toEqual({
      torch: true,
      zoom: [1, 2],
    });
    expect(abilities(aTrack({ zoom: { min: 1, max: 1.5 } }).track).zoom).toEqual([]);
  });

  it("is set to what it can do of the wishes, with continuous focus", async () => {
    const { track, applyConstraints } = aTrack({
      torch: true,
      zoom: { min: 1, max: 4 },
      focusMode: ["manual", "continuous"],
    });

    await setLens(track, { torch: true, zoom: 9 });

    expect(applyConstraints).toHaveBeenCalledWith({
      advanced: [{ focusMode: "continuous", torch: true, zoom: 4 }],
    });
  });

  it("is left alone when it can do nothing", async () => {
    const { track, applyConstraints } = aTrack({});

    await setLens(track, { torch: true, zoom: 2 });

    expect(applyConstraints).not.toHaveBeenCalled();
  });
});
