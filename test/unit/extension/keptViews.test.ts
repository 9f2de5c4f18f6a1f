import { describe, expect, it } from "vitest";
import { KeptViews } from "../../../src/extension/canvas/keptViews.js";
import { canvasPage } from "../../../src/extension/canvas/page.js";
import type { CanvasView } from "../../../src/model/canvasView.js";

function memory() {
  const values = new Map<string, unknown>();
  return {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, JSON.parse(JSON.stringify(value))),
  };
}

const view = (x: number, cards = 1): CanvasView => ({
  viewport: { x, y: 0, zoom: 0.5 },
  cards: Object.fromEntries(Array.from({ length: cards }, (_, i) => [`node${i}`, { x: i, y: 0, moved: true }])),
  collapsed: ["node0"],
});

describe("how canvases were left", () => {
  it("is there for the next window, by file, and follows a file to its new name", () => {
    const store = memory();
    const views = new KeptViews(store);
    views.keep("/a.daggr.ts", view(1));
    views.keep("/b.daggr.ts", view(2));
    views.keep("/a.daggr.ts", view(3));
    views.rename("/b.daggr.ts", "/c.daggr.ts");
    const next = new KeptViews(store);
    expect([next.get("/a.daggr.ts"), next.get("/b.daggr.ts"), next.get("/c.daggr.ts")]).toEqual([
      view(3),
      null,
      view(2),
    ]);
  });

  it("takes bounded room: the files that were arranged last stay, and one that is too large is not kept", () => {
    const store = memory();
    const views = new KeptViews(store);
    for (let i = 0; i < 80; i++) views.keep(`/${i}.daggr.ts`, view(i));
    expect([views.get("/29.daggr.ts"), views.get("/30.daggr.ts")]).toEqual([null, view(30)]);
    views.keep("/huge.daggr.ts", view(0, 50_000));
    expect(views.get("/huge.daggr.ts")).toBeNull();
    expect(views.get("/79.daggr.ts")).toEqual(view(79));
    for (let i = 0; i < 20; i++) views.keep(`/large${i}.daggr.ts`, view(i, 3000));
    expect(JSON.stringify(store.get("canvas views")).length).toBeLessThan(510_000);
    expect(views.get("/large19.daggr.ts")).toEqual(view(19, 3000));
  });

  it("reaches the page as text that no file name breaks out of", () => {
    const page = {
      nonce: "n",
      cspSource: "c",
      script: "s",
      worker: "elk-worker.js",
      start: "start.js",
      shared: "shared.js",
      style: "t",
      title: "t",
    };
    const html = canvasPage({ ...page, file: '/a"><b>.daggr.ts', view: view(1) });
    expect(html).toContain('data-view="{&quot;file&quot;:&quot;/a\\&quot;&gt;&lt;b&gt;.daggr.ts&quot;');
    expect(canvasPage({ ...page, file: "/a.daggr.ts", view: null })).not.toContain("data-view");
  });
});
