import type { FilePath } from "./filePath.js";

/** What a function gets beside its inputs. All members may be taken apart: `({ signal, progress }: FnContext)`. */
export interface FnContext {
  /** Aborts when the run is stopped or the node's `timeout` has passed; hand it to `fetch` and the like. */
  readonly signal: AbortSignal;
  /** Moves the bar on the card. `fraction` from 0 to 1, or `null` when only the message is known. */
  readonly progress: (fraction: number | null, message?: string) => void;
  /** Adds a line to the node's log, as `console.log` does. */
  readonly log: (...values: unknown[]) => void;
  /** A path, in a folder of this execution's own, that the function may write; returned from the function it is kept with the result. */
  readonly outputFile: (name: string) => FilePath;
}
