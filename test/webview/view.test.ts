import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CanvasView } from "../../src/model/canvasView.js";
import { eventually } from "../eventually.js";
import { FN, gr, graph, node, wideWorkflow, wire, workflow } from "./graphs.js";
import { startHarness, visit, type Harness } from "./harness.js";
import { pair } from "./scenes.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Runs in the page. */
function isFocused(element: unknown): boolean {
  return (element as { matches(selector: string): boolean }).matches(":focus");
}

async function drag(page: Page, from: { x: number; y: number }, by: number): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by, from.y + by, { steps: 5 });
  await page.mouse.up();
}

describe("a card", () => {
  it("is dragged by the room beside its name, whose button is no wider than the text", async () => {
    await visit(harness, pair(), async ({ card, page, host }) => {
      const before = (await card("shout").boundingBox())!;
      const header = (await card("shout").locator(".card-header").boundingBox())!;
      await drag(page, { x: header.x + header.width / 2, y: header.y + header.height / 2 }, 60);
      const after = (await card("shout").boundingBox())!;
      expect(Math.round(after.x - before.x)).toBeGreaterThan(40);
      expect(host.callsTo("openSource")).toEqual([]);
    });
  });

  it("shows what its author says about a control, in one line", async () => {
    const info =
      "How many ridges there are, and a good deal more than would ever fit into one line of a card this wide.";
    const one = node("one", FN("one"), { ridges: gr("Number", { label: "Ridges", info }) }, { output: gr("Textbox") });
    await visit(harness, workflow(graph([one], [])), async ({ card }) => {
      const line = card("one").getByText(info);
      expect(await line.getAttribute("title")).toBe(info);
      expect((await line.boundingBox())!.height).toBeLessThan(24);
    });
  });
});

describe("the view", () => {
  it("begins with the whole height of a wide graph where that fits, none of it cut off", async () => {
    // Two columns: one low card, then a tall one that reads from it, then many to the right.
    const first = node("first", FN("first"), {}, { output: gr("Textbox") });
    const inputs = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`n${at}`, gr("Number", {}, at)]));
    const tall = node("tall", FN("tall"), { ...inputs, last: "edge" }, { output: gr("Textbox") });
    const rest = Array.from({ length: 6 }, (_, at) =>
      node(`rest${at}`, FN(`rest${at}`), { text: "edge" }, { output: gr("Textbox") }),
    );
    const edges = [
      wire("first.output -> tall.last"),
      ...rest.map(({ id }, at) => wire(`${at === 0 ? "tall" : `rest${at - 1}`}.output -> ${id}.text`)),
    ];
    await visit(harness, workflow(graph([first, tall, ...rest], edges)), async ({ card, page }) => {
      const pane = (await page.locator(".flow").boundingBox())!;
      const [low, high] = [(await card("first").boundingBox())!, (await card("tall").boundingBox())!];
      expect(high.y).toBeGreaterThanOrEqual(pane.y);
      expect(high.y + high.height).toBeLessThanOrEqual(pane.y + pane.height);
      expect(low.x).toBeGreaterThanOrEqual(pane.x);
      const [above, below] = [high.y - pane.y, pane.y + pane.height - high.y - high.height];
      expect(Math.abs(above - below)).toBeLessThan(60);
    });
  });

  it("keeps the card that was found clear of the search", async () => {
    await visit(harness, wideWorkflow(100), async ({ card, page }) => {
      await page.keyboard.press("ControlOrMeta+f");
      const search = page.getByRole("search");
      for (const id of ["step9", "step57", "step99"]) {
        await search.getByRole("textbox").fill(id);
        await eventually(async () => {
          const [bar, header] = [
            (await search.boundingBox())!,
            (await card(id).locator(".card-header").boundingBox({ timeout: 500 }))!,
          ];
          expect(header.y).toBeGreaterThanOrEqual(bar.y + bar.height);
          expect(header.y).toBeLessThan(900);
        });
      }
    });
  });
});

describe("a node that is renamed", () => {
  it("stays where it was put, and folded, now and when the canvas is opened again", async () => {
    const called = (id: string, keptAs?: string) => {
      const one = node(id, FN("one"), {}, { output: gr("Textbox") }, keptAs === undefined ? {} : { keptAs });
      const two = node("two", FN("two"), { text: "edge" }, { output: gr("Textbox") });
      return graph([one, two], [wire(`${id}.output -> two.text`)]);
    };
    const renamed = called("gamma", "alpha");
    let view: CanvasView | undefined;
    await visit(harness, workflow(called("alpha")), async ({ card, page, host }) => {
      const header = (await card("alpha").locator(".card-header").boundingBox())!;
      await drag(page, { x: header.x + header.width - 90, y: header.y + header.height / 2 }, 70);
      await card("alpha").getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: "Collapse" }).click();
      const before = (await card("alpha").boundingBox())!;
      host.emit({ type: "graph-changed", graph: renamed, graphStatus: "current", diagnostics: [] });
      await eventually(async () => expect(await card("gamma").boundingBox({ timeout: 500 })).toEqual(before));
      await eventually(() => {
        view = host.callsTo("keepView").at(-1)?.args[0] as CanvasView; // the protocol's one argument
        expect(view).toMatchObject({ cards: { alpha: { moved: true } }, collapsed: ["alpha"] });
      });
    });
    await visit(
      harness,
      workflow(renamed),
      async ({ card }) => {
        expect((await card("gamma").boundingBox())!.height).toBeLessThan(90);
      },
      view && { view },
    );
  });
});

describe("a card's menu", () => {
  it("opens at the page's own scale however far the canvas is zoomed out, inside the page, and goes with a turn of the wheel", async () => {
    await visit(harness, pair(), async ({ card, page }) => {
      const item = page.getByRole("menuitem", { name: /^Run to here/ });
      const openMenu = async (): Promise<number> => {
        await card("greet").getByRole("button", { name: "Ways to run" }).click();
        return (await item.boundingBox())!.height;
      };
      const scale = async (): Promise<number> => (await card("greet").boundingBox())!.width / 330;
      const before = await openMenu();
      await page.keyboard.press("Escape");
      await page.mouse.move(700, 700);
      await page.keyboard.down("Control");
      for (let turns = 0; turns < 40 && (await scale()) > 0.45; turns++) await page.mouse.wheel(0, 120);
      await page.keyboard.up("Control");
      expect(await scale()).toBeLessThan(0.45);
      expect(await openMenu()).toBe(before);
      const list = (await page.getByRole("menu").boundingBox())!;
      expect(list.x).toBeGreaterThan(0);
      expect(list.y + list.height).toBeLessThan(940);

      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Escape");
      await item.waitFor({ state: "detached" });
      const button = card("greet").getByRole("button", { name: "Ways to run" });
      expect(await button.evaluate(isFocused)).toBe(true);

      await openMenu();
      await page.mouse.move(20, 500);
      await page.mouse.wheel(0, 40);
      await item.waitFor({ state: "detached" });
    });
  });
});
