/** The client's end of a socket, played by hand. */
export class FakeSocket {
  connected = true;
  head = 10;
  /** Answers nothing any more, as over a Wi-Fi that is gone. */
  isDeaf = false;
  refusal: string | null = null;
  asked: unknown = null;
  hungUp = 0;
  readonly io = {
    engine: {
      close: () => {
        this.hungUp += 1;
      },
    },
  };
  readonly #handlers = new Map<string, (message?: unknown) => void>();

  on(name: string, handler: (message?: unknown) => void) {
    this.#handlers.set(name, handler);
  }
  say(name: string, message?: unknown) {
    this.#handlers.get(name)?.(message);
  }
  timeout() {
    return {
      emitWithAck: async (_name: string, wanted: unknown) => {
        this.asked = wanted;
        if (this.isDeaf) throw new Error("timeout");
        return this.refusal ? { ok: false, code: this.refusal } : { ok: true, head: this.head };
      },
    };
  }
  disconnect() {}
  connect() {}
}
