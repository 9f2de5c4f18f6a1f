import { describe, expect, it } from "vitest";
import { columns } from "../../../webview/layout/columns.js";
import { type Boxes, CARD_WIDTH, GAP, type Point } from "../../../webview/layout/geometry.js";
import { placeNew } from "../../../webview/layout/placeNew.js";
import { type Home, settle } from "../../../webview/layout/settle.js";
import { neighbour } from "../../../webview/flow/neighbour.js";

const size = (height: number) => ({ width: CARD_WIDTH, height });

function boxes(heights: Readonly<Record<string, number>>, ...wires: readonly (readonly [string, string])[]): Boxes {
  return {
    boxes: Object.entries(heights).map(([id, height]) => ({ id, ports: [], ...size(height) })),
    wires: wires.map(([from, to]) => ({ id: `${from}-${to}`, from, to, fromPort: "out", toPort: "in" })),
  };
}

describe("settling", () => {
  const home = (x: number, y: number, moved = false): Home => ({ x, y, moved });

  it("leaves cards that touch nothing at home", () => {
    const places = settle(
      new Map([
        ["a", home(0, 0)],
        ["b", home(0, 300)],
      ]),
      new Map([
        ["a", size(200)],
        ["b", size(200)],
      ]),
    );
    expect([...places.values()]).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 300 },
    ]);
  });

  it("pushes what a grown card reaches down, and what that reaches in turn", () => {
    const homes = new Map([
      ["a", home(0, 0)],
      ["b", home(0, 300)],
      ["c", home(0, 600)],
      ["beside", home(500, 300)],
    ]);
    const sizes = new Map(["a", "b", "c", "beside"].map((id) => [id, size(id === "a" ? 450 : 200)]));
    const places = settle(homes, sizes);
    expect(places.get("b")?.y).toBe(450 + GAP.row / 2);
    expect(places.get("c")?.y).toBe(450 + 200 + GAP.row);
    expect(places.get("beside")?.y).toBe(300);
  });

  it("goes back home when there is room again", () => {
    const homes = new Map([
      ["a", home(0, 0)],
      ["b", home(0, 300)],
    ]);
    expect(
      settle(
        homes,
        new Map([
          ["a", size(900)],
          ["b", size(100)],
        ]),
      ).get("b")?.y,
    ).toBeGreaterThan(900);
    expect(
      settle(
        homes,
        new Map([
          ["a", size(100)],
          ["b", size(100)],
        ]),
      ).get("b")?.y,
    ).toBe(300);
  });

  it("never moves what the user has put somewhere; the others make way", () => {
    const homes = new Map([
      ["a", home(0, 0)],
      ["mine", home(0, 120, true)],
      ["b", home(0, 250)],
    ]);
    const places = settle(homes, new Map(["a", "mine", "b"].map((id) => [id, size(200)])));
    expect(places.get("mine")).toEqual({ x: 0, y: 120 });
    expect(places.get("a")?.y).toBe(120 + 200 + GAP.row / 2);
    expect(places.get("b")?.y).toBeGreaterThanOrEqual((places.get("a")?.y ?? 0) + 200);
  });
});

describe("placing new cards", () => {
  const there = new Map<string, Point>([
    ["a", { x: 0, y: 0 }],
    ["b", { x: 500, y: 40 }],
  ]);

  it("puts a reader right of what it reads from", () => {
    const placed = placeNew(boxes({ a: 100, b: 100, c: 100 }, ["a", "b"], ["b", "c"]), there);
    expect(placed.get("c")).toEqual({ x: 500 + CARD_WIDTH + GAP.column, y: 40 });
    expect([...placed.keys()]).toEqual(["c"]);
  });

  it("puts a giver left of what reads from it, and a chain one after the other", () => {
    const placed = placeNew(boxes({ z: 100, y: 100, a: 100, b: 100 }, ["z", "y"], ["y", "a"]), there);
    expect(placed.get("y")?.x).toBe(-(CARD_WIDTH + GAP.column));
    expect(placed.get("z")?.x).toBe(-2 * (CARD_WIDTH + GAP.column));
  });

  it("covers no card that is there, nor a new one with another", () => {
    const placed = placeNew(
      boxes({ a: 100, b: 100, c: 100, d: 100 }, ["a", "c"], ["a", "d"]),
      new Map([...there, ["b", { x: CARD_WIDTH + GAP.column, y: 0 }]]),
    );
    const ys = ["c", "d"].map((id) => placed.get(id)?.y ?? 0);
    expect(ys[0]).toBeGreaterThanOrEqual(100);
    expect(ys[1]).toBeGreaterThanOrEqual((ys[0] ?? 0) + 100);
  });

  it("puts what is tied to nothing below everything, and ends on a cycle", () => {
    const placed = placeNew(boxes({ a: 100, b: 100, lone: 50, x: 50, y: 50 }, ["x", "y"], ["y", "x"]), there);
    expect(placed.get("lone")?.y).toBeGreaterThan(140);
    expect(placed.size).toBe(3);
  });
});

describe("plain columns", () => {
  it("put each card right of all it reads from, and stand a cycle", () => {
    const places = columns(boxes({ a: 100, b: 100, c: 100 }, ["a", "b"], ["b", "c"], ["a", "c"]));
    expect([...places.values()].map(({ x }) => x)).toEqual([0, 1, 2].map((at) => at * (CARD_WIDTH + GAP.column)));
    expect(columns(boxes({ a: 1, b: 1 }, ["a", "b"], ["b", "a"])).size).toBe(2);
  });
});

describe("arrow keys", () => {
  const cards = [
    { id: "left", x: 0, y: 0, ...size(100) },
    { id: "below", x: 20, y: 300, ...size(100) },
    { id: "right", x: 500, y: 10, ...size(100) },
    { id: "far", x: 500, y: 900, ...size(100) },
  ];
  it("go to the nearest card that way, or nowhere", () => {
    expect(neighbour(cards, "left", "ArrowRight")).toBe("right");
    expect(neighbour(cards, "left", "ArrowDown")).toBe("below");
    expect(neighbour(cards, "right", "ArrowLeft")).toBe("left");
    expect(neighbour(cards, "left", "ArrowUp")).toBeNull();
    expect(neighbour(cards, "gone", "ArrowUp")).toBeNull();
  });
});
