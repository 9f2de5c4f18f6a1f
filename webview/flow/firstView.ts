/** A graph above and below of which there may be more than fits. Heights and places in canvas pixels, but for the pane's. */
export interface Tall {
  /** Height of what can be seen, in pixels. */
  readonly pane: number;
  readonly top: number;
  readonly bottom: number;
  /** Middle of the card to begin with. */
  readonly middle: number;
  readonly zoom: number;
}

/**
 * How far down to draw a graph, in pixels: in the middle if its height fits, or else with the card to begin with in the
 * middle, as long as that leaves no room empty beyond the graph's ends.
 *
 * @param margin kept free above and below, in pixels
 */
export function firstOffset({ pane, top, bottom, middle, zoom }: Tall, margin: number): number {
  const height = (bottom - top) * zoom;
  if (height + 2 * margin <= pane) return (pane - height) / 2 - top * zoom;
  const highest = margin - top * zoom;
  const lowest = pane - margin - bottom * zoom;
  return Math.min(highest, Math.max(lowest, pane / 2 - middle * zoom));
}
