/** How a canvas is arranged. Names nodes, and holds nothing of what they are given or give. */
export interface CanvasView {
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number } | null;
  /** Where each card lies, in canvas pixels, by `keyOf` its node; `moved`: the user put it there. */
  readonly cards: Readonly<Record<string, { readonly x: number; readonly y: number; readonly moved: boolean }>>;
  /** Cards that show their header only, by `keyOf` their nodes. */
  readonly collapsed: readonly string[];
}
