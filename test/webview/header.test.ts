import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SOME_ITEMS_FAILED } from "../../src/model/items.js";
import { IDLE_NODE, type NodeState } from "../../src/model/workflowState.js";
import { FN, fresh, gr, graph, node, result, wire, workflow } from "./graphs.js";
import { startHarness, visit, type Harness } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const LONG = "normaliseEveryCustomerRecordOfTheYear";
const view = { ...result({ out: ["a"] }), items: { count: 10_000, failed: 10 } };
const failure = { reason: "thrown", message: "no paint" } as const;
const question = { kind: "approve", inputs: {} } as const;
const items = { total: 10_000, succeeded: 9_000, reused: 0, failed: 10 };
const running = (more: object): NodeState["activity"] => ({ kind: "running", startedAt: Date.now(), ...more });

/** What a header may have to say at the same time. */
const STATES: Readonly<Record<string, { readonly says: string; readonly state: Partial<NodeState> }>> = {
  failed: { says: "failed", state: { outcome: { kind: "failed", failure, durationMs: 5 }, count: 128 } },
  "failed in part": {
    says: "10 of 10,000 failed",
    state: fresh(
      {},
      {
        result: view,
        outcome: { kind: "failed", failure: { ...failure, reason: "items-failed" }, durationMs: view.durationMs },
        freshness: { kind: "stale", reason: SOME_ITEMS_FAILED },
      },
    ),
  },
  "made of many": { says: "4.2 s", state: fresh({}, { result: { ...view, items: { count: 10_000, failed: 0 } } }) },
  "stopped with many": {
    says: "stopped",
    state: { outcome: { kind: "cancelled", durationMs: 5, items }, count: 12 },
  },
  "waiting for a person": { says: "waiting for you", state: { activity: running({ question }), count: 12 } },
  "waiting for a person, item by item": {
    says: "waiting for you",
    state: { activity: running({ progress: { items: { ...items, asking: 3 } } }), count: 12 },
  },
  "in a queue": {
    says: "queue 103 · ",
    state: { activity: running({ progress: { queuePosition: 103 } }), count: 12 },
  },
};

interface Measured {
  readonly offsetLeft: number;
  readonly offsetWidth: number;
  readonly offsetHeight: number;
  readonly clientWidth: number;
  readonly scrollWidth: number;
}

/** Runs in the page, whatever the canvas's scale: every fact of a header, and its name. */
function measure(header: unknown): { readonly width: number; readonly facts: Measured[]; readonly name: number } {
  const element = header as Measured & { querySelectorAll(selector: string): Iterable<Measured> };
  const all = (selector: string): Measured[] =>
    [...element.querySelectorAll(selector)].map(
      ({ offsetLeft, offsetWidth, offsetHeight, clientWidth, scrollWidth }) => ({
        offsetLeft,
        offsetWidth,
        offsetHeight,
        clientWidth,
        scrollWidth,
      }),
    );
  return {
    width: element.offsetWidth,
    facts: all(".mono, .status, .word, .run"),
    name: all(".name")[0]?.clientWidth ?? 0,
  };
}

describe("the header of a card with a long name", () => {
  it.each(["fn", "approve"] as const)(
    "leaves status and counts whole, and of the name what can be read (%s)",
    async (kind) => {
      const words = node("words", FN("words"), {}, { list: gr("JSON") });
      const named = Object.entries(STATES).map(([about, each], at) => ({ ...each, about, id: `each${at}` }));
      const nodes = named.map(({ id }) =>
        node(id, FN("each"), { word: "edge" }, { out: gr("Textbox") }, { kind, name: LONG }),
      );
      const edges = named.map(({ id }) => wire(`words.list -> ${id}.word`, "scatter"));
      const states = Object.fromEntries(named.map(({ id, state }) => [id, { ...IDLE_NODE, ...state }]));
      await visit(harness, workflow(graph([words, ...nodes], edges), states), async ({ card }) => {
        for (const { id, says, about } of named) {
          const header = card(id).locator(".card-header");
          await header.locator(`[data-status^="${says}"]`).waitFor();
          const { width, facts, name } = await header.evaluate(measure);
          expect(facts.length, about).toBeGreaterThan(2);
          for (const { offsetLeft, offsetWidth, offsetHeight, clientWidth, scrollWidth } of facts) {
            expect(offsetHeight, about).toBeLessThan(24);
            expect(offsetLeft + offsetWidth, about).toBeLessThanOrEqual(width);
            expect(scrollWidth, about).toBeLessThanOrEqual(Math.max(clientWidth, offsetWidth));
          }
          expect(name, about).toBeGreaterThanOrEqual(80);
        }
      });
    },
  );
});

describe("the header of a card with a short name", () => {
  it("is one line", async () => {
    const one = node("one", FN("one"), {}, { out: gr("Textbox") });
    await visit(harness, workflow(graph([one], []), { one: fresh({ out: "x" }) }), async ({ card }) => {
      const height = await card("one")
        .locator(".card-header")
        .evaluate((header) => (header as unknown as Measured).offsetHeight);
      expect(height).toBeLessThan(44);
    });
  });
});
