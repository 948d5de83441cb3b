import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Camera } from "../src/scan/camera";

vi.mock("../src/scan/live-reader", () => ({
  LiveReader: class {
    help = { restart: () => {} };
    prepare = async () => {};
    look = async () => {};
    resume = () => {};
    dispose = () => {};
  },
}));

/** A camera's track, which a phone may take away. */
class Track extends EventTarget {
  readyState: "live" | "ended" = "live";
  muted = false;
  stop = () => {
    this.readyState = "ended";
  };
}

let tracks: Track[];
let locks: { release: ReturnType<typeof vi.fn> }[];
let camera: Camera;
const video = { srcObject: null, play: async () => {}, requestVideoFrameCallback: () => 0 } as never;

const live = () => tracks.filter(track => track.readyState === "live");
const heldLocks = () => locks.filter(({ release }) => release.mock.calls.length === 0);

function show(visibilityState: "hidden" | "visible"): void {
  Object.defineProperty(document, "visibilityState", { value: visibilityState, configurable: true });
}

/** The phone sleeps, or another app or tab comes to the front. */
function hide(): void {
  show("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
}

const RETURNS: Record<string, () => void> = {
  visibilitychange: () => document.dispatchEvent(new Event("visibilitychange")),
  pageshow: () => window.dispatchEvent(new Event("pageshow")),
  focus: () => window.dispatchEvent(new Event("focus")),
};

beforeEach(async () => {
  tracks = [];
  locks = [];
  show("visible");
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia: async () => {
        const track = new Track();
        tracks.push(track);
        return { getTracks: () => [track], getVideoTracks: () => [track] };
      },
      enumerateDevices: async () => [],
    },
    wakeLock: {
      request: async () => {
        const lock = { release: vi.fn(async () => {}) };
        locks.push(lock);
        return lock;
      },
    },
  });
  camera = new Camera(() => {});
  camera.start(video);
  await vi.waitFor(() => expect(heldLocks()).toHaveLength(1));
});

afterEach(() => {
  vi.useRealTimers();
  camera.dispose();
  vi.unstubAllGlobals();
});

describe("the camera", () => {
  it.each(Object.keys(RETURNS))("is let go when hidden, and comes back with %s alone", async name => {
    hide();
    await vi.waitFor(() => expect(camera.state.value).toBe("off"));
    expect([live().length, heldLocks().length]).toEqual([0, 0]);

    show("visible");
    RETURNS[name]?.();
    await vi.waitFor(() => expect(camera.state.value).toBe("running"));
    await vi.waitFor(() => expect([live().length, heldLocks().length]).toEqual([1, 1]));
  });

  it("opens once when a phone says all three", async () => {
    hide();
    show("visible");
    for (const say of Object.values(RETURNS)) say();
    await vi.waitFor(() => expect(locks).toHaveLength(2));
    expect([tracks.length, live().length, heldLocks().length]).toEqual([2, 1, 1]);
  });

  it("opens anew after a call that hid nothing: the track is there, but muted", async () => {
    (tracks[0] as Track).muted = true;
    RETURNS.focus?.();
    await vi.waitFor(() => expect(tracks).toHaveLength(2));
    expect(tracks[0]?.readyState).toBe("ended");
  });

  it("notices by itself that it was taken away, as by another app", async () => {
    (tracks[0] as Track).readyState = "ended";
    tracks[0]?.dispatchEvent(new Event("ended"));
    await vi.waitFor(() => expect(live()).toHaveLength(1));
  });

  it("leaves it longer each time to an app that keeps taking it, and starts over when it stays or a person is back", async () => {
    vi.useFakeTimers();
    const take = async () => {
      const last = tracks.at(-1) as Track;
      last.readyState = "ended";
      last.dispatchEvent(new Event("ended"));
      await vi.advanceTimersByTimeAsync(0);
      expect(camera.state.value).toBe("in_use");
    };
    const expectBackAfter = async (ms: number) => {
      const before = tracks.length;
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(tracks).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect([tracks.length, camera.state.value]).toEqual([before + 1, "running"]);
    };

    for (const ms of [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      await take();
      await expectBackAfter(ms);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    await take();
    await expectBackAfter(250);

    const { getUserMedia } = navigator.mediaDevices;
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("", "NotReadableError");
    };
    await take();
    await vi.advanceTimersByTimeAsync(500);
    expect(camera.state.value).toBe("in_use");
    navigator.mediaDevices.getUserMedia = getUserMedia;
    await expectBackAfter(1000);

    await take();
    hide();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(live()).toEqual([]);
    show("visible");
    RETURNS.visibilitychange?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(camera.state.value).toBe("running");
    await take();
    await expectBackAfter(250);
  });

  it("is left alone by a return when it runs", async () => {
    for (const say of Object.values(RETURNS)) say();
    await Promise.resolve();
    expect(tracks).toHaveLength(1);
  });

  it("starts and stops one after the other, whatever order the taps come in", async () => {
    camera.stop();
    camera.start(video);
    camera.stop();
    camera.start(video);
    hide();
    show("visible");
    RETURNS.pageshow?.();
    await vi.waitFor(() => expect(camera.state.value).toBe("running"));
    await vi.waitFor(() => expect([live().length, heldLocks().length]).toEqual([1, 1]));

    camera.stop();
    await vi.waitFor(() => expect([live().length, heldLocks().length]).toEqual([0, 0]));
    RETURNS.focus?.();
    expect(camera.state.value).toBe("off");
  });
});
