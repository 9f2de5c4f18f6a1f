import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import type { ItemView } from "../../src/model/items.js";
import type { Question } from "../../src/model/question.js";
import type { Json } from "../../src/model/json.js";
import { inlineValue } from "../../src/store/storedValue.js";
import type { FakeHost } from "./fakeHost.js";
import { FN, fresh, gr, graph, itemView, node, wire, workflow } from "./graphs.js";
import { laidOut, startHarness, visit, type Harness, type OpenCanvas } from "./harness.js";
import { landscape } from "./pictures.js";
import { pair } from "./scenes.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

type Use = (canvas: OpenCanvas & { card: (id: string) => Locator; asks: Locator }) => Promise<void>;

/** draft → asks, which waits for a person once `ask` is called. */
function withQuestion(kind: "approve" | "choose-one", use: Use): Promise<void> {
  const draft = node("draft", FN("draft"), {}, { text: gr("Markdown"), images: gr("Gallery") });
  const port = kind === "approve" ? "draft" : "options";
  const asks = node("asks", { kind }, { [port]: "edge" }, {}, { name: "Read it over" });
  const of = graph([draft, asks], [wire(`draft.${kind === "approve" ? "text" : "images"} -> asks.${port}`)]);
  const opened = (): ReturnType<typeof workflow> => workflow(of, { draft: fresh({ text: "# Bees", images: [] }) });
  return visit(harness, pair(), (canvas) => use({ ...canvas, asks: canvas.card("asks") }), { prepare: opened });
}

function ask(host: FakeHost, question: Question, runId = "1"): void {
  const plan = { steps: [{ node: "asks", action: "run" as const, reason: "asked for" }] };
  host.emit({ type: "started", runId, at: 0, request: { scope: "all", targets: [], reuse: "fresh" }, plan });
  host.emit({ type: "node-started", runId, node: "asks", at: Date.now(), count: 1 });
  host.emit({ type: "node-asks", runId, node: "asks", at: Date.now(), question });
}

/** Until the page shows what it is told now, which comes after the answers to everything that it has asked. */
async function caughtUp({ host, page }: OpenCanvas): Promise<void> {
  // A round trip, in which the host's answer goes out.
  await page.evaluate("0");
  host.emit({ type: "notices-changed", notices: [{ id: "now", severity: "info", message: "By now." }] });
  await page.getByText("By now.").waitFor();
}

const stored = (value: Json) => inlineValue(value)!;

describe("a node that asks for approval", () => {
  it("shows what it is about as what it is, and sends what the person says, once", async () => {
    await withQuestion("approve", async ({ asks, host, page }) => {
      ask(host, { kind: "approve", inputs: { draft: stored("# Bees") } });
      const question = asks.getByRole("group", { name: "Read it over waits for you" });
      await question.getByRole("heading", { name: "Bees" }).waitFor();
      expect(await asks.locator("[data-status]").getAttribute("data-status")).toBe("waiting for you");
      const approve = question.getByRole("button", { name: "Approve" });
      await approve.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", null, { kind: "approve" }]);
    });
  });

  it("may be answered again where the answer was refused, and not where it was taken", async () => {
    await withQuestion("approve", async (canvas) => {
      const { asks, host } = canvas;
      host.takesAnswers = false;
      ask(host, { kind: "approve", inputs: { draft: stored("# Bees") } });
      const approve = asks.getByRole("button", { name: "Approve" });
      await approve.click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      host.takesAnswers = true;
      await eventually(async () => expect(await approve.isEnabled()).toBe(true));
      await approve.click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(2));
      await caughtUp(canvas);
      expect(await approve.isDisabled()).toBe(true);
    });
  });

  it("takes a reason with a rejection", async () => {
    await withQuestion("approve", async ({ asks, host }) => {
      ask(host, { kind: "approve", inputs: { draft: stored("# Bees") } });
      await asks.getByRole("textbox", { name: "Why it is rejected" }).fill(" too short ");
      await asks.getByRole("button", { name: "Reject" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", null, { kind: "reject", reason: "too short" }]);
    });
  });
});

describe("a node that asks to choose", () => {
  it("shows the pictures beside each other, and sends the one that was picked", async () => {
    await withQuestion("choose-one", async ({ asks, host, page }) => {
      const pictures = Array.from({ length: 3 }, (_, i): Json => ({
        ...host.takeFile(`p${i}.png`, "image/png", landscape(120, 80 + i)),
      }));
      ask(host, { kind: "choose", options: stored(pictures), count: 3 });
      const group = asks.getByRole("radiogroup", { name: "Choose one of 3" });
      await group.locator("img").nth(2).waitFor();
      expect(await asks.getByRole("button", { name: "Choose", exact: true }).isDisabled()).toBe(true);
      await group.getByRole("radio").first().focus();
      await page.keyboard.press("ArrowDown");
      await asks.getByRole("button", { name: "Choose 2" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", null, { kind: "choose", index: 1 }]);
    });
  });

  it("shows only the option that is picked as picked, in a dark theme too", async () => {
    await withQuestion("choose-one", async ({ asks, host }) => {
      ask(host, { kind: "choose", options: stored(["one", "two"]), count: 2 });
      const radios = asks.getByRole("radiogroup").getByRole("radio");
      await radios.nth(1).check();
      const looks = await radios.evaluateAll((elements) => {
        const page = globalThis as unknown as { getComputedStyle(element: unknown): Record<string, string> };
        return elements.map((element) => page.getComputedStyle(element));
      });
      const [plain, picked] = looks.map(({ appearance, backgroundColor, backgroundImage }) => ({
        appearance,
        backgroundColor,
        dot: backgroundImage !== "none",
      }));
      const own = { appearance: "none", backgroundColor: "rgb(49, 49, 49)" };
      expect(plain).toEqual({ ...own, dot: false });
      expect(picked).toEqual({ ...own, dot: true });
    });
  });

  it("shows texts as texts, never as markup", async () => {
    await withQuestion("choose-one", async ({ asks, host }) => {
      ask(host, { kind: "choose", options: stored(["<b>bold</b>", "plain"]), count: 2 });
      await asks.getByText("<b>bold</b>").waitFor();
    });
  });
});

describe("an answer in the making", () => {
  const why = (asks: Locator): Locator => asks.getByRole("textbox", { name: "Why it is rejected" });
  const question: Question = { kind: "approve", inputs: { draft: stored("# Bees") } };

  it("is there again when the card was folded, or the panel comes back", async () => {
    await withQuestion("approve", async ({ asks, host, page }) => {
      ask(host, question);
      await why(asks).fill("too short");
      await asks.getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: "Collapse" }).click();
      await asks.getByRole("button", { name: "Expand" }).click();
      expect(await why(asks).inputValue()).toBe("too short");
      await page.reload();
      await laidOut(page);
      expect(await why(asks).inputValue()).toBe("too short");
      // Like everything that was typed, it stays on this page.
      expect(JSON.stringify(host.callsTo("keepView"))).not.toContain("too short");
    });
  });

  it("keeps the option that was picked", async () => {
    await withQuestion("choose-one", async ({ asks, host, page }) => {
      ask(host, { kind: "choose", options: stored(["one", "two", "three"]), count: 3 });
      await asks.getByRole("radio").nth(1).click();
      await page.reload();
      await laidOut(page);
      expect(await asks.getByRole("radio").nth(1).isChecked()).toBe(true);
      await asks.getByRole("button", { name: "Choose 2" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", null, { kind: "choose", index: 1 }]);
    });
  });

  it("is none of the next question's, nor of one that was answered", async () => {
    await withQuestion("approve", async (canvas) => {
      const { asks, host, page } = canvas;
      ask(host, question);
      await why(asks).fill("too short");
      await page.reload();
      await laidOut(page);
      host.emit({ type: "finished", runId: "1", at: 1, status: "cancelled", executed: 0, reused: 0, savedMs: 0 });
      ask(host, question, "2");
      await eventually(async () => expect(await why(asks).inputValue()).toBe(""));
      await why(asks).fill("too long");
      await asks.getByRole("button", { name: "Reject" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      await caughtUp(canvas);
      expect(await why(asks).inputValue()).toBe("too long");
      await page.reload();
      await laidOut(page);
      await why(asks).waitFor();
      expect(await why(asks).inputValue()).toBe("");
    });
  });
});

describe("a question of a node that no card shows", () => {
  const lost = { type: "graph-changed", graph: null, graphStatus: "current", diagnostics: [] } as const;
  const question: Question = { kind: "choose", options: stored(["one", "two"]), count: 2 };

  it("is asked, and the run can be stopped, while the text shows no graph", async () => {
    await withQuestion("choose-one", async ({ asks, host, page }) => {
      ask(host, question);
      await asks.getByRole("radio").nth(1).click();
      host.emit(lost);
      await page.getByText("export default new Graph").waitFor();
      const group = page.getByRole("group", { name: "asks waits for you" });
      expect(await group.getByRole("radio").nth(1).isChecked()).toBe(true);
      await page.reload();
      await group.getByRole("button", { name: "Choose 2" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", null, { kind: "choose", index: 1 }]);
      await page.getByRole("toolbar").getByRole("button", { name: "Stop" }).click();
      await eventually(() => expect(host.callsTo("stop")).toHaveLength(1));
      host.emit({ type: "finished", runId: "1", at: 1, status: "cancelled", executed: 0, reused: 0, savedMs: 0 });
      await group.waitFor({ state: "detached" });
      expect(await page.getByRole("toolbar").count()).toBe(0);
    });
  });

  it("goes back to its card with the node, and leaves how the cards are arranged alone", async () => {
    await withQuestion("choose-one", async (canvas) => {
      const { asks, host, page } = canvas;
      const { graph: drawn } = host.state;
      await eventually(() => expect(host.callsTo("keepView").at(-1)?.args[0]).toMatchObject({ cards: { asks: {} } }));
      ask(host, question);
      const others = graph([drawn!.nodes[0]!], []);
      host.emit({ ...lost, graph: others });
      const group = page.getByRole("group", { name: "asks waits for you" });
      await group.getByRole("radio").first().click();
      host.emit(lost);
      await page.getByText("export default new Graph").waitFor();
      await page.reload();
      await group.waitFor();
      const saved = host.callsTo("keepView").length;
      await group.getByRole("radio").nth(1).click();
      await eventually(() => expect(host.callsTo("keepView").length).toBeGreaterThan(saved));
      const arranged = { viewport: { zoom: expect.any(Number) as number }, cards: { draft: {} } };
      expect(host.callsTo("keepView").at(-1)?.args[0]).toMatchObject(arranged);
      host.emit({ ...lost, graph: drawn });
      await group.waitFor({ state: "detached" });
      expect(await asks.getByRole("radio").nth(1).isChecked()).toBe(true);
    });
  });

  it("is asked for its items, one after the other", async () => {
    await withQuestion("approve", async ({ host, page }) => {
      const views = (asking: readonly number[]): ItemView[] =>
        Array.from({ length: 150 }, (_, index) =>
          asking.includes(index)
            ? itemView(index, {}, "running", {
                question: { kind: "approve", inputs: { draft: stored(`draft ${index}`) } },
              })
            : itemView(index, {}, "waiting"),
        );
      const tell = (asking: readonly number[]): void => {
        host.items.set("asks", views(asking));
        const items = { total: 150, succeeded: 0, reused: 0, failed: 0, asking: asking.length };
        host.emit({ type: "node-progress", runId: "1", node: "asks", progress: { items } });
      };
      ask(host, { kind: "approve", inputs: {} });
      host.emit({ type: "node-started", runId: "1", node: "asks", at: 0, count: 1 });
      host.emit(lost);
      tell([120]);
      const later = page.getByRole("group", { name: "asks, item 121 waits for you" });
      await later.getByText("draft 120").waitFor();
      await later.getByRole("textbox").fill("not yet");
      // Who is about to answer one isn't shown another.
      tell([3, 120]);
      await eventually(() =>
        expect(host.pages.filter(({ from, count }) => from === 120 && count === 1)).toHaveLength(1),
      );
      await later.getByRole("button", { name: "Reject" }).click();
      await eventually(() => expect(host.callsTo("answer")).toHaveLength(1));
      expect(host.callsTo("answer")[0]?.args).toEqual(["asks", 120, { kind: "reject", reason: "not yet" }]);
      tell([3]);
      await page.getByRole("group", { name: "asks, item 4 waits for you" }).getByText("draft 3").waitFor();
    });
  });
});
