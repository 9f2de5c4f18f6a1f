import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IDLE_NODE, type WorkflowState } from "../../src/model/workflowState.js";
import { FN, gr, graph, node, workflow } from "./graphs.js";
import { startHarness, visit, type Harness } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const FAILED = {
  kind: "failed",
  durationMs: 5,
  failure: { reason: "thrown", message: "no paint" },
} as const;

/** One function with a text field and an output. */
function paint(state: Partial<typeof IDLE_NODE> = {}): WorkflowState {
  const prompt = gr("Textbox", { label: "Prompt" }, "a hill");
  const only = node("paint", FN("paint"), { prompt }, { output: gr("Textbox", { label: "Output" }) });
  return workflow(graph([only], []), { paint: { ...IDLE_NODE, ...state } });
}

describe("a card whose node failed", () => {
  it("says what has changed since, until it runs again", async () => {
    await visit(harness, paint({ outcome: FAILED, count: 1 }), async ({ card, host }) => {
      const since = card("paint").getByText("Input prompt changed since this failure");
      expect(await since.count()).toBe(0);
      host.emit({ type: "freshness-changed", nodes: {}, sinceFailure: { paint: "input `prompt` changed" } });
      await since.waitFor();
      host.emit({ type: "node-started", runId: "r", node: "paint", at: 0, count: 2 });
      await since.waitFor({ state: "detached" });
    });
  });
});
