import { describe, expect, it } from "vitest";
import { firstOffset, type Tall } from "../../../webview/flow/firstView.js";

describe("the first view of a graph", () => {
  const tall: Tall = { pane: 800, top: -400, bottom: 1600, middle: 100, zoom: 0.5 };
  /** Where a height of the canvas is drawn, in pixels from the pane's top. */
  const drawn = (y: number, of: Tall): number => y * of.zoom + firstOffset(of, 24);

  it("lies in the middle if its height fits", () => {
    const low = { ...tall, bottom: 200 };
    expect(drawn(low.top, low)).toBe(250);
    expect(drawn(low.bottom, low)).toBe(550);
  });

  it("has the card to begin with in the middle if it doesn't", () => {
    const higher = { ...tall, top: -2000, bottom: 2000 };
    expect(drawn(higher.middle, higher)).toBe(400);
  });

  it("leaves nothing empty above the graph's top or below its bottom", () => {
    expect(drawn(tall.top, { ...tall, middle: -300 })).toBe(24);
    expect(drawn(tall.bottom, { ...tall, middle: 1500 })).toBe(776);
  });
});
