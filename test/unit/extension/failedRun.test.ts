import { beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineClient } from "../../../src/extension/engineProcess.js";
import type { LiveText } from "../../../src/extension/liveText.js";
import { Running } from "../../../src/extension/running.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { type Result, success } from "../../../src/model/outcome.js";
import { RUN_ALL, runNode } from "../../../src/model/runRequest.js";
import type { WorkflowEvent, WorkflowState } from "../../../src/model/workflowState.js";
import { failure, FILE, fresh, graphNode, state } from "./states.js";

const { toasts, bar } = vi.hoisted(() => ({ toasts: [] as string[][], bar: [] as string[] }));

vi.mock("vscode", () => {
  const show = (...words: string[]) => Promise.resolve(void toasts.push(words));
  return {
    workspace: { isTrusted: true, textDocuments: [] },
    window: {
      showErrorMessage: show,
      showInformationMessage: show,
      setStatusBarMessage: (text: string) => void bar.push(text),
    },
    commands: { executeCommand: () => Promise.resolve() },
  };
});

beforeEach(() => {
  toasts.length = bar.length = 0;
});

type End = { readonly status: "succeeded" | "failed"; readonly executed: number; readonly reused: number };

/** An engine that opens a workflow as it is given, and tells of a run what it is told to. */
function setUp(opened: WorkflowState, canvas: { readonly visible: boolean } | null) {
  let events: readonly WorkflowEvent[] = [];
  let end: End = { status: "failed", executed: 1, reused: 0 };
  let sequence = 0;
  const client: EngineClient = {
    ask: async (use) => {
      let asked = "";
      const engine = new Proxy({}, { get: (_, method: string) => () => Promise.resolve((asked = method)) });
      void use(engine as Parameters<typeof use>[0]);
      if (asked === "open") return success({ sequence: 0, state: opened }) as unknown as Result<never>;
      for (const event of events) workflows.receive(FILE, ++sequence, event);
      return success(end) as unknown as Result<never>;
    },
    tell: () => undefined,
  };
  const workflows = new Workflows(client);
  workflows.hold(FILE);
  const liveText = { flush: () => undefined } as unknown as LiveText; // all that a run uses of it
  const shown = canvas && { ...canvas, unsent: new Map(), showControl: () => undefined };
  const running = new Running(workflows, liveText, () => shown ?? undefined);
  return async (told: readonly WorkflowEvent[], ended = end, request = RUN_ALL): Promise<void> => {
    events = told;
    end = ended;
    await running.run(FILE, request);
  };
}

const at = { runId: "r", at: 1, durationMs: 1 } as const;
const fails = (node: string, message: string, more: Parameters<typeof failure>[1] = {}): WorkflowEvent => ({
  type: "node-failed",
  ...at,
  node,
  failure: failure(message, more),
});

describe("a run in which nodes fail", () => {
  it("is said once, by what failed in it, and the message goes by itself where no graph is in sight", async () => {
    for (const canvas of [null, { visible: false }]) {
      toasts.length = 0;
      const run = setUp(
        state({ cutout: { outcome: { kind: "failed", failure: failure("old"), durationMs: 1 } } }),
        canvas,
      );
      await run([fails("image", "no `paint`")]);
      expect(toasts).toEqual([["story: Paint failed. no paint"]]);
      await run([fails("image", "no brush"), fails("cutout", "no knife")]);
      expect(toasts.slice(1)).toEqual([["story: Paint failed (and 1 more). no brush"]]);
    }
  });

  it("is told by the graph where that is in sight, and by the status bar", async () => {
    await setUp(state(), { visible: true })([fails("image", "no paint")]);
    expect(toasts).toEqual([]);
    expect(bar).toEqual(["$(error) story: Paint failed"]);
  });

  it("is said where the graph is in sight but not what failed: a variant that isn't selected", async () => {
    const base = state();
    const choice = graphNode("pick", 25, { kind: "choice", target: { kind: "choice", variants: ["image", "cutout"] } });
    const nodes = base.graph!.nodes.map((node) => (node.kind === "input" ? node : { ...node, variantOf: "pick" }));
    const run = setUp({ ...base, graph: { ...base.graph!, nodes: [...nodes, choice] } }, { visible: true });
    await run([fails("image", "no paint")]);
    expect(toasts).toEqual([]);
    await run([fails("cutout", "no knife")]);
    expect(toasts).toEqual([["story: cutout failed. no knife"]]);
  });

  it("offers the sign-in that it needs", async () => {
    await setUp(state(), null)([fails("image", "who are you?", { reason: "unauthorised" })]);
    expect(toasts).toEqual([["story: Paint failed. who are you?", "Sign In"]]);
  });
});

describe("a run with nothing to do", () => {
  it("is said by the graph where that is in sight, or else with a way to run again", async () => {
    const nothing: End = { status: "succeeded", executed: 0, reused: 1 };
    await setUp(state({ image: fresh(1) }), { visible: true })([], nothing, runNode("image"));
    expect(toasts).toEqual([]);
    await setUp(state({ image: fresh(1) }), null)([], nothing, runNode("image"));
    expect(toasts).toEqual([["Nothing to run: the result of Paint is fresh. Rerun to run it again.", "Rerun"]]);
    expect(bar).toHaveLength(2);
  });
});
