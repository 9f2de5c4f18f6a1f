/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is replaced as a whole; these hold what isn't drawn */
import { SvelteMap } from "svelte/reactivity";
import type { CanvasHostApi } from "../../src/protocol/canvas.js";
import type { FileRef, StoredValue, Value } from "../../src/model/value.js";

/** A stored value as far as it is here: whole, or on its way, or only its first characters. */
export type ShownValue =
  | { readonly kind: "whole"; readonly value: Value }
  | { readonly kind: "loading"; readonly preview: string }
  | { readonly kind: "partly"; readonly preview: string; readonly size: number }
  | { readonly kind: "gone"; readonly preview: string };

/** Values up to this many bytes are fetched without being asked for. */
const FETCHED_UNASKED = 1_000_000;
const KEPT = 60;

/** Fetches large values and the addresses of files from the host, each once. */
export class Values {
  /** By digest; `null`: its content is gone. */
  readonly #large = new SvelteMap<string, { readonly value: Value } | "loading" | null>();
  readonly #addresses = new Map<string, Promise<string | null>>();

  constructor(private readonly host: Pick<CanvasHostApi, "readValue" | "fileUri">) {}

  show(stored: StoredValue): ShownValue {
    if (stored.kind === "inline") return { kind: "whole", value: stored.value };
    const { digest, preview, size } = stored;
    const large = this.#large.get(digest);
    if (large === null) return { kind: "gone", preview };
    if (large === "loading") return { kind: "loading", preview };
    if (large) return { kind: "whole", value: large.value };
    if (size > FETCHED_UNASKED) return { kind: "partly", preview, size };
    // A derived value may not change state while it is computed.
    queueMicrotask(() => this.fetch(stored));
    return { kind: "loading", preview };
  }

  /** Fetches the whole of a large value, whatever its size. */
  fetch(stored: StoredValue): void {
    if (stored.kind === "inline" || this.#large.has(stored.digest)) return;
    this.#large.set(stored.digest, "loading");
    void this.host.readValue(stored).then(
      (value) => this.#keep(stored.digest, value === null ? null : { value }),
      () => this.#keep(stored.digest, null),
    );
  }

  /** An address from which the webview can load a file; `null` when its content is gone. */
  address(file: FileRef): Promise<string | null> {
    const key = `${file.$file} ${file.name}`;
    let address = this.#addresses.get(key);
    if (!address) {
      address = this.host.fileUri(file).catch(() => null);
      this.#addresses.set(key, address);
    }
    return address;
  }

  #keep(digest: string, large: { readonly value: Value } | null): void {
    this.#large.set(digest, large);
    const oldest = this.#large.keys().next();
    if (this.#large.size > KEPT && !oldest.done) this.#large.delete(oldest.value);
  }
}
