import type { Viewport } from "@xyflow/svelte";

/** What the toolbar can do with the drawn graph. */
export interface Stage {
  /** Shows all of it. */
  fit(): Promise<void>;
  /** Lays every card out anew. */
  tidy(): Promise<void>;
  zoom(direction: "in" | "out"): void;
  viewport(): Viewport;
}
