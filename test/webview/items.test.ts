import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import { SOME_ITEMS_FAILED, SOME_ITEMS_LEFT, type ItemCounts, type ItemView } from "../../src/model/items.js";
import type { Question } from "../../src/model/question.js";
import { IDLE_NODE, type NodeState, type WorkflowState } from "../../src/model/workflowState.js";
import type { FakeHost } from "./fakeHost.js";
import { at, FN, fresh, gr, graph, itemView, node, result, wire, workflow } from "./graphs.js";
import { startHarness, visit, type Harness, type OpenCanvas } from "./harness.js";
import { scattered } from "./scattered.js";
import { pair } from "./scenes.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

type Use = (canvas: OpenCanvas & { card: (id: string) => Locator; shout: Locator }) => Promise<void>;

/** words → shout, once a word; `prepare` sets how it stands. */
function withShout(prepare: (host: FakeHost) => NodeState, use: Use): Promise<void> {
  const words = node("words", FN("words"), {}, { list: gr("JSON") });
  const shout = node("shout", FN("shout", 8), { word: "edge" }, { loud: gr("Textbox", { label: "Loud" }) });
  const of = graph([words, shout], [wire("words.list -> shout.word", "scatter")]);
  const opened = (host: FakeHost): WorkflowState =>
    workflow(of, { words: fresh({ list: ["a"] }), shout: prepare(host) });
  return visit(harness, pair(), (canvas) => use({ ...canvas, shout: canvas.card("shout") }), { prepare: opened });
}

const made = (count: number, extra: (index: number) => Partial<ItemView> = () => ({})): ItemView[] =>
  Array.from({ length: count }, (_, index) =>
    itemView(index, { word: `word ${index + 1}` }, { loud: `WORD ${index + 1}` }, extra(index)),
  );

function broken(items: readonly ItemView[], failed: readonly number[]): ItemView[] {
  return items.map((item, index) =>
    failed.includes(index) ? itemView(index, { word: `word ${index + 1}` }, new Error("no such word")) : item,
  );
}

/** A result of so many items, so many of which failed. */
function ended(count: number, failed = 0): NodeState {
  const view = { ...result({ loud: ["A", "B"] }), items: { count, failed } };
  if (failed === 0) return fresh({}, { result: view });
  const failure = { reason: "items-failed" as const, message: `${failed} of ${count} items of \`shout\` failed: oh` };
  return fresh(
    {},
    {
      result: view,
      outcome: { kind: "failed", failure, durationMs: view.durationMs },
      freshness: { kind: "stale", reason: SOME_ITEMS_FAILED },
    },
  );
}

const given = (host: FakeHost, items: readonly ItemView[], state: NodeState): NodeState => {
  host.items.set("shout", items);
  return state;
};

const row = (card: Locator, index: number): Locator => card.locator(`[data-item="${index}"]`);
const rows = (card: Locator): Locator => card.locator("[data-item]");
/** Runs in the page. */
const isFocused = (element: unknown): boolean => (element as { matches(of: string): boolean }).matches(":focus");

function counts(total: number, done: number, failed = 0): ItemCounts {
  return { total, succeeded: done - failed, reused: 0, failed };
}

function tell(host: FakeHost, items: ItemCounts): void {
  const step = items.succeeded + items.failed;
  host.emit({
    type: "node-progress",
    runId: "1",
    node: "shout",
    progress: { fraction: step / items.total, step, steps: items.total, unit: "items", items },
  });
}

function start(host: FakeHost): void {
  const plan = { steps: [{ node: "shout", action: "run" as const, reason: "asked for" }] };
  host.emit({ type: "started", runId: "1", at: 0, request: { scope: "all", targets: [], reuse: "fresh" }, plan });
  host.emit({ type: "node-started", runId: "1", node: "shout", at: Date.now(), count: 1 });
}

describe("another sheet", () => {
  it("shows none of the items of the one before, also where it has none itself", async () => {
    await withShout(
      (host) => given(host, made(4), ended(4)),
      async ({ host, shout }) => {
        await eventually(async () => expect(await rows(shout).count()).toBe(4));
        host.items.delete("shout");
        host.emit({ type: "sheet-changed", sheet: { id: "night", name: "night", values: {} } });
        host.emit({
          type: "nodes-restored",
          nodes: { shout: { ...IDLE_NODE, outcome: { kind: "cancelled", durationMs: 1 }, count: 1 } },
        });
        await eventually(async () => expect(await rows(shout).count()).toBe(0));
      },
    );
  });
});

describe("a node that has run once an item", () => {
  it("has a row for each item, with what it was given, what it gave, how it ended and how long it took", async () => {
    await withShout(
      (host) => given(host, made(13), ended(13)),
      async ({ shout }) => {
        await row(shout, 0).waitFor();
        expect(await shout.locator("[data-items]").innerText()).toBe("× 13");
        const list = shout.getByRole("list", { name: "Items" });
        const first = list.getByRole("button", { name: /^succeeded Item 1 word 1 .*WORD 1 80 ms$/ });
        expect(await first.getAttribute("aria-expanded")).toBe("false");
        expect(await list.getByRole("listitem").first().getAttribute("aria-setsize")).toBe("13");
        await first.click();
        const detail = list.getByRole("group", { name: "Item 1" });
        await detail.locator(".text").getByText("WORD 1", { exact: true }).waitFor();
        await detail.getByText("Log").click();
        await detail.getByRole("log").getByText("item 0").waitFor();
      },
    );
  });

  it("says what a person has answered to each, in its row and where it is opened", async () => {
    const views = [
      itemView(0, { word: "one" }, { loud: "one" }, { answer: { kind: "approve" } }),
      itemView(1, { options: ["a", "b", "c"] }, { loud: "b" }, { answer: { kind: "choose", index: 1 } }),
      itemView(2, { word: "many" }, { loud: "z" }, { answer: { kind: "choose", index: 25 } }),
    ];
    await withShout(
      (host) => given(host, views, ended(3)),
      async ({ shout }) => {
        await row(shout, 0).waitFor();
        const told = async (index: number): Promise<string> =>
          (await row(shout, index).innerText()).replace(/\s+/g, " ");
        expect(await told(0)).toMatch(/one → approved 80 ms$/);
        expect(await told(1)).toMatch(/→ chose 2 of 3: b 81 ms$/);
        expect(await told(2)).toMatch(/many → chose option 26: z 82 ms$/);
        await row(shout, 1).click();
        await shout.getByRole("group", { name: "Item 2" }).getByText("You chose option 2").waitFor();
      },
    );
  });

  it("names items of nested lists by each level, and says which were reused", async () => {
    const nested = (index: number): Partial<ItemView> => ({
      path: [Math.floor(index / 2), index % 2],
      status: "reused",
    });
    await withShout(
      (host) => given(host, made(4, nested), ended(4)),
      async ({ shout }) => {
        await shout.getByRole("button", { name: /^reused Item 2\.1 word 3/ }).waitFor();
        await shout.getByText("4 reused", { exact: true }).waitFor();
      },
    );
  });

  it("replays one item alone", async () => {
    await withShout(
      (host) => given(host, made(3), ended(3)),
      async ({ shout, host }) => {
        await shout.getByRole("button", { name: "Replay item 2" }).click();
        await row(shout, 2).click();
        await shout.getByRole("group", { name: "Item 3" }).getByRole("button", { name: "Replay item" }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(2));
        const only = { scope: "only", targets: ["shout"], reuse: "not-targets" };
        expect(host.callsTo("run").map(({ args }) => args[0])).toEqual([
          { ...only, items: [1] },
          { ...only, items: [2] },
        ]);
      },
    );
  });

  it("has its whole list to copy and to look at", async () => {
    await withShout(
      (host) => given(host, made(2), ended(2)),
      async ({ shout, host, page }) => {
        await shout.getByRole("button", { name: "Copy Loud of all items as JSON" }).click();
        await eventually(() => expect(host.callsTo("copy")).toHaveLength(1));
        expect(JSON.parse(String(host.callsTo("copy")[0]?.args[0]))).toEqual(["A", "B"]);
        await shout.getByRole("button", { name: "Show Loud of all items large" }).click();
        await page.getByRole("dialog").getByText("B", { exact: true }).waitFor();
      },
    );
  });

  it("says so where the items that did not fail are out of date, and shows them so", async () => {
    // As the engine tells it, which says it of the failure as well.
    const changed = "input `mark` changed";
    const reason = `${changed}, and some of its items failed`;
    const outdated = ({ outcome, ...state }: NodeState): NodeState => ({
      ...state,
      outcome: outcome.kind === "failed" ? { ...outcome, changed } : outcome,
      freshness: { kind: "stale", reason },
    });
    await withShout(
      (host) => given(host, broken(made(3), [1]), outdated(ended(3, 1))),
      async ({ shout }) => {
        await row(shout, 0).waitFor();
        expect(await shout.locator(".reason").allInnerTexts()).toEqual(["Input mark changed · Update"]);
        await shout.getByRole("button", { name: "Retry failed (1)" }).waitFor();
        expect(await shout.locator(".items-section.dimmed").count()).toBe(1);
      },
    );
    await withShout(
      (host) => given(host, broken(made(3), [1]), ended(3, 1)),
      async ({ shout }) => {
        await row(shout, 0).waitFor();
        expect(await shout.locator(".reason").count()).toBe(0);
      },
    );
  });

  it("runs all items again only when asked to", async () => {
    await withShout(
      (host) => given(host, made(2), ended(2)),
      async ({ shout, host }) => {
        await shout.getByRole("button", { name: "Ways to run" }).click();
        await shout.getByRole("menuitem", { name: /^Run all items again/ }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
        expect(host.callsTo("run")[0]?.args[0]).toMatchObject({ targets: ["shout"], reuse: "not-targets" });
        expect(host.callsTo("run")[0]?.args[0]).not.toHaveProperty("items");
      },
    );
  });

  it("says that a list was empty", async () => {
    await withShout(
      (host) => given(host, [], ended(0)),
      async ({ shout }) => {
        await shout.getByText("The list is empty").waitFor();
        expect(await shout.locator("[data-items]").innerText()).toBe("× 0");
      },
    );
  });

  it("shows pictures beside each other, and one of them large below its line", async () => {
    await visit(
      harness,
      pair(),
      async ({ card }) => {
        const tiles = card("paint").locator("[data-item]");
        await card("paint").locator('[data-item="1"] img').waitFor();
        const boxes = await Promise.all([0, 1, 2, 3].map((index) => tiles.nth(index).boundingBox()));
        const [first, second, third, fourth] = boxes.map((box) => box!);
        expect([second!.y, third!.y]).toEqual([first!.y, first!.y]);
        expect(fourth!.y).toBeGreaterThan(first!.y + first!.height - 1);
        await tiles.nth(1).click();
        const detail = card("paint").getByRole("group", { name: "Item 2" });
        await detail.locator("img").waitFor();
        const [box, below] = [await detail.boundingBox(), await tiles.nth(3).boundingBox()];
        expect(box!.width).toBeGreaterThan(first!.width * 2.5);
        expect(below!.y).toBeGreaterThanOrEqual(box!.y + box!.height - 1);
        await card("say").getByRole("button", { name: "Play item 1.1", exact: true }).waitFor();
      },
      { prepare: scattered },
    );
  });

  it("says which items have not been run, for others were asked for, and offers to run them", async () => {
    const rest = (index: number): Partial<ItemView> => (index === 1 ? {} : { status: "left", outputs: {} });
    const partly = { ...result({ loud: ["B"] }), items: { count: 3, failed: 0, left: 2 } };
    await withShout(
      (host) =>
        given(host, made(3, rest), {
          ...fresh({}, { result: partly }),
          freshness: { kind: "stale", reason: SOME_ITEMS_LEFT },
        }),
      async ({ shout }) => {
        await shout.getByRole("button", { name: /^not run Item 1 word 1/ }).waitFor();
        await shout.getByRole("button", { name: "Run the remaining 2" }).waitFor();
        await shout.locator(".whole").getByText("1 item", { exact: true }).waitFor();
        expect(await shout.locator(".items-section.dimmed").count()).toBe(0);
      },
    );
  });
});

describe("items that failed", () => {
  it("for those of a node upstream are retried after those", async () => {
    const [words, shout, echo] = ["words", "shout", "echo"].map((id) =>
      node(id, FN(id), id === "words" ? {} : { word: "edge" }, { loud: gr("Textbox") }),
    );
    const edges = [wire("words.loud -> shout.word", "scatter"), wire("shout.loud -> echo.word", "scatter")];
    const opened = (host: FakeHost): WorkflowState => {
      host.items.set("shout", broken(made(3), [1]));
      const message = "Item 2 of `shout` failed.";
      host.items.set(
        "echo",
        made(3, (index) =>
          index === 1 ? { status: "failed", outputs: {}, failure: { reason: "missing-upstream", message } } : {},
        ),
      );
      const nodes = { words: fresh({ loud: ["a"] }), shout: ended(3, 1), echo: ended(3, 1) };
      return workflow(graph([words!, shout!, echo!], edges), nodes);
    };
    await visit(
      harness,
      pair(),
      async ({ card, host }) => {
        await card("echo").getByRole("button", { name: "Retry failed (1)" }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(2));
        const once = { scope: "only", reuse: "fresh", items: [1] };
        expect(host.callsTo("run").map(({ args }) => args[0])).toEqual([
          { ...once, targets: ["shout"] },
          { ...once, targets: ["echo"] },
        ]);
      },
      { prepare: opened },
    );
  });

  it("are said in words, and retried alone", async () => {
    await withShout(
      (host) => given(host, broken(made(13), [3, 7]), ended(13, 2)),
      async ({ shout, host }) => {
        expect(await shout.locator("[data-status]").getAttribute("data-status")).toBe("2 of 13 failed");
        await shout.getByRole("button", { name: /^failed Item 4 word 4 no such word/ }).waitFor();
        await shout.getByRole("button", { name: "Retry failed (2)" }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
        expect(host.callsTo("run")[0]?.args[0]).toEqual({
          scope: "only",
          targets: ["shout"],
          reuse: "fresh",
          items: [3, 7],
        });
        await shout.getByRole("button", { name: "Run", exact: true }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(2));
        expect(host.callsTo("run")[1]?.args[0]).toEqual({ scope: "step", targets: ["shout"], reuse: "fresh" });
      },
    );
  });

  it("can be looked at by themselves, with the line that threw and the log", async () => {
    await withShout(
      (host) => given(host, broken(made(400), [3, 390]), ended(400, 2)),
      async ({ shout, host }) => {
        await shout.getByRole("button", { name: "Failed 2" }).click();
        await shout.getByRole("button", { name: /^failed Item 391/ }).waitFor();
        expect(await rows(shout).count()).toBe(2);
        await row(shout, 390).click();
        const detail = shout.getByRole("group", { name: "Item 391" });
        await detail.getByRole("log").getByText("item 390").waitFor();
        await detail.getByRole("button", { name: "sample.daggr.ts:12" }).click();
        await eventually(() => expect(host.callsTo("openSource")[0]?.args).toEqual([at(12)]));
        await shout.getByRole("button", { name: "All 400" }).click();
        await row(shout, 0).waitFor();
      },
    );
  });

  it("are left to a plain run where there are more than the host names", async () => {
    const all = Array.from({ length: 1200 }, (_, index) => index);
    await withShout(
      (host) => given(host, broken(made(1300), all), ended(1300, 1200)),
      async ({ shout, host }) => {
        await shout.getByRole("button", { name: "Retry failed (1,200)" }).click();
        await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
        expect(host.callsTo("run")[0]?.args[0]).toEqual({ scope: "step", targets: ["shout"], reuse: "fresh" });
      },
    );
  });
});

describe("while a node runs once an item", () => {
  it("says how many are done and how many failed, and shows the rows as they end, with a few requests a second", async () => {
    await withShout(
      () => ended(0),
      async ({ shout, host, page }) => {
        const of = (done: number): ItemView[] =>
          broken(made(40), [0]).map((item, index) =>
            index < done ? item : itemView(index, { word: "w" }, index === done ? "running" : "waiting"),
          );
        start(host);
        const from = Date.now();
        for (let done = 1; done <= 16; done++) {
          host.items.set("shout", of(done));
          tell(host, counts(40, done, 1));
          await page.waitForTimeout(125);
        }
        const seconds = (Date.now() - from) / 1000;
        expect(host.pages.length).toBeLessThanOrEqual(4 * seconds + 2);
        await shout.locator('[data-status="16 of 40"]').waitFor();
        await shout.getByText(/^1 failed · \d+ s$/).waitFor();
        expect(await shout.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("40");
        await shout.getByRole("button", { name: /^succeeded Item 6 / }).waitFor();
        expect(await shout.getByRole("button", { name: "Replay item 2" }).isDisabled()).toBe(true);
        host.items.set("shout", broken(made(40), [0]));
        const view = { ...result({ loud: [] }), items: { count: 40, failed: 1 } };
        host.emit({ type: "node-succeeded", runId: "1", node: "shout", at: 2, result: view });
        await shout.locator('[data-items="40"]').waitFor();
        await shout.getByRole("button", { name: /^failed Item 1 / }).waitFor();
      },
    );
  });

  it("makes room for the rows once, before they are here", async () => {
    await withShout(
      () => IDLE_NODE,
      async ({ shout, host }) => {
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        host.holdPages = () => held;
        host.items.set("shout", made(20));
        start(host);
        tell(host, counts(20, 2));
        await row(shout, 4).waitFor();
        const before = (await shout.boundingBox())!.height;
        release();
        await shout.getByRole("button", { name: /^succeeded Item 1 / }).waitFor();
        expect((await shout.boundingBox())!.height).toBe(before);
      },
    );
  });

  it("never shows an older answer after a newer one", async () => {
    await withShout(
      (host) => given(host, made(3), ended(3)),
      async ({ shout, host }) => {
        await shout.getByText("WORD 1", { exact: true }).waitFor();
        const releases: (() => void)[] = [];
        host.holdPages = () => new Promise<void>((resolve) => releases.push(resolve));
        start(host);
        host.items.set("shout", broken(made(3), [0]));
        tell(host, counts(3, 1, 1));
        await eventually(() => expect(releases.length).toBeGreaterThan(0));
        // Asked for, but on its way while the next item ends.
        host.items.set("shout", broken(made(3), [0, 1]));
        tell(host, counts(3, 2, 2));
        host.holdPages = () => Promise.resolve();
        await shout.page().waitForTimeout(700);
        for (const release of releases) release();
        await shout.getByRole("button", { name: /^failed Item 2 / }).waitFor();
        await shout.page().waitForTimeout(700);
        expect(await shout.getByRole("button", { name: /^failed Item 2 / }).count()).toBe(1);
      },
    );
  });

  it("unfolds the question of the first item that asks, and once that is answered the next one's", async () => {
    const question: Question = { kind: "approve", inputs: result({ word: "fox" }).outputs };
    const asking = (from: number): ItemView[] =>
      made(3).map((item, index) =>
        index < from ? item : itemView(index, { word: `word ${index + 1}` }, "running", { question }),
      );
    const asked = (done: number): ItemCounts => ({ ...counts(3, done), asking: 3 - done });
    await withShout(
      () => IDLE_NODE,
      async ({ shout, host }) => {
        host.items.set("shout", asking(0));
        start(host);
        tell(host, asked(0));
        await shout
          .getByRole("group", { name: "Item 1", exact: true })
          .getByRole("button", { name: "Approve" })
          .click();
        await eventually(() => expect(host.callsTo("answer")[0]?.args.slice(0, 2)).toEqual(["shout", 0]));
        host.items.set("shout", asking(1));
        tell(host, asked(1));
        await shout
          .getByRole("group", { name: "Item 2", exact: true })
          .getByRole("button", { name: "Approve" })
          .waitFor();
        // Who folds it is left in peace.
        await shout.getByRole("button", { name: /^waiting for you Item 2 / }).click();
        await shout.getByRole("button", { name: /^waiting for you Item 3 / }).waitFor();
        await shout.page().waitForTimeout(400);
        expect(await shout.getByRole("button", { name: "Approve" }).count()).toBe(0);
      },
    );
  });

  it("after a stop, shows what was made and offers to run the rest", async () => {
    await withShout(
      () => IDLE_NODE,
      async ({ shout, host }) => {
        const some = made(10).map((item, index) =>
          index < 4 ? item : itemView(index, {}, index === 4 ? "running" : "waiting"),
        );
        host.items.set("shout", some);
        start(host);
        tell(host, counts(10, 4));
        await shout.getByRole("button", { name: /^running Item 5/ }).waitFor();
        host.items.delete("shout");
        host.emit({ type: "node-cancelled", runId: "1", node: "shout", at: 3, durationMs: 9 });
        await shout.getByRole("button", { name: /^waiting Item 5/ }).waitFor();
        await shout.getByText("WORD 4", { exact: true }).waitFor();
        await shout.getByRole("button", { name: "Run the remaining 6" }).click();
        await eventually(() => expect(host.callsTo("run")[0]?.args[0]).toMatchObject({ reuse: "fresh" }));
      },
    );
  });
});

describe("an older result", () => {
  it("is not taken for what a stopped run has made", async () => {
    await withShout(
      (host) => given(host, made(10), ended(10)),
      async ({ shout, host }) => {
        const note = shout.getByText("These are the items of an earlier run.");
        await shout.getByText("WORD 1", { exact: true }).waitFor();
        expect(await note.count()).toBe(0);
        start(host);
        tell(host, counts(12, 4));
        await shout.locator('[data-status="4 of 12"]').waitFor();
        const stopped = { at: 3, durationMs: 9, items: counts(12, 4) };
        host.emit({ type: "node-cancelled", runId: "1", node: "shout", ...stopped });
        await shout.getByText("Stopped at 4 of 12.").waitFor();
        await shout.locator('[data-items="10"]').waitFor();
        host.emit({ type: "node-started", runId: "1", node: "shout", at: 4, count: 3 });
        await note.waitFor({ state: "detached" });
      },
    );
  });
});

describe("ten thousand items", () => {
  /** From the first page asked for to the first row drawn, in ms. */
  const drawing = async (count: number): Promise<number> => {
    let took = Infinity;
    await withShout(
      () => IDLE_NODE,
      async ({ shout, host }) => {
        host.items.set("shout", made(count));
        const from = Date.now();
        host.emit({ type: "nodes-restored", nodes: { shout: ended(count) } });
        await shout.getByText("WORD 6", { exact: true }).waitFor();
        took = Date.now() - from;
        expect(await rows(shout).count()).toBeLessThan(30);
        expect((await shout.boundingBox())!.height).toBeLessThan(500);
      },
    );
    return took;
  };

  it("are drawn about as quickly as ten, and take as many elements", async () => {
    await drawing(10); // warms the browser up
    const [few, many] = [await drawing(10), await drawing(10_000)];
    // Both take tens of milliseconds; a list drawn as a whole would take a hundred times as long.
    expect(many).toBeLessThan(few * 4 + 100);
  });

  it("can be gone through to the last one by key and by wheel, with a page for what is in sight", async () => {
    await withShout(
      (host) => given(host, made(10_000), ended(10_000)),
      async ({ shout, host, page }) => {
        await row(shout, 0).focus();
        await page.keyboard.press("End");
        await shout.getByText("WORD 10000", { exact: true }).waitFor();
        expect(await row(shout, 9999).evaluate(isFocused)).toBe(true);
        expect(await rows(shout).count()).toBeLessThan(30);
        await row(shout, 9998).hover();
        await page.mouse.wheel(0, -140_000);
        await shout
          .getByText(/^WORD 50\d\d$/)
          .first()
          .waitFor();
        // What has the focus is not lost by scrolling.
        expect(await row(shout, 9999).evaluate(isFocused)).toBe(true);
        expect(host.pages.length).toBeLessThan(12);
        expect(Math.max(...host.pages.map((asked) => asked.count))).toBeLessThanOrEqual(100);
      },
    );
  });
});

describe("by keyboard", () => {
  it("Tab leads to one item, arrows to the others, Enter unfolds, Escape folds", async () => {
    await withShout(
      (host) => given(host, made(30), ended(30)),
      async ({ shout, page }) => {
        await row(shout, 0).waitFor();
        expect(await shout.locator('[data-item][tabindex="0"]').count()).toBe(1);
        await shout.getByRole("button", { name: "Show items large" }).focus();
        await page.keyboard.press("Tab");
        expect(await row(shout, 0).evaluate(isFocused)).toBe(true);
        await page.keyboard.press("Tab");
        expect(await shout.getByRole("button", { name: "Replay item 1" }).evaluate(isFocused)).toBe(true);
        await page.keyboard.press("Tab");
        expect(await shout.getByRole("button", { name: "Copy Loud of all items as JSON" }).evaluate(isFocused)).toBe(
          true,
        );
        await row(shout, 0).focus();
        for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowDown");
        await eventually(async () => expect(await row(shout, 9).evaluate(isFocused)).toBe(true));
        const [list, item] = [
          await shout.getByRole("list", { name: "Items" }).boundingBox(),
          await row(shout, 9).boundingBox(),
        ];
        expect(item!.y + item!.height).toBeLessThanOrEqual(list!.y + list!.height + 1);
        await page.keyboard.press("Enter");
        await shout.getByRole("group", { name: "Item 10" }).waitFor();
        await page.keyboard.press("Escape");
        await shout.getByRole("group", { name: "Item 10" }).waitFor({ state: "detached" });
        await eventually(async () => expect(await row(shout, 9).evaluate(isFocused)).toBe(true));
      },
    );
  });
});

describe("around the items", () => {
  it("wires say that they take a list apart, or put one together", async () => {
    await visit(
      harness,
      pair(),
      async ({ page }) => {
        const titles = await page.locator("[data-fork] title").allTextContents();
        expect(titles).toContain("shout runs once for each item of lines of split (its text)");
        expect(titles).toContain("join takes all items' loud of shout, as one list");
        await page.getByLabel("each item of lines of split (its text) to word of shout").waitFor({ state: "attached" });
      },
      { prepare: scattered },
    );
  });
});
