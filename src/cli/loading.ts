import { basename } from "node:path";

/** Loading that takes longer than this is spoken of. Milliseconds. */
const PATIENCE_MS = 2000;

/** The time before the first node begins, in which the file is read and loaded: it may be long, or never end. */
export class Loading {
  readonly #what: string;
  readonly #startedAt = Date.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param say is called once, if loading takes its time. */
  constructor(file: string, say: (text: string) => void) {
    this.#what = `Loading ${basename(file)}…`;
    this.#timer = setTimeout(() => say(this.#what), PATIENCE_MS).unref();
  }

  /** For a line that is drawn again and again; `null`: nothing to tell. */
  get text(): string | null {
    const passed = Date.now() - this.#startedAt;
    return this.#timer && passed >= PATIENCE_MS ? `${this.#what} ${Math.floor(passed / 1000)} s` : null;
  }

  /** A node has begun, or nothing will. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
