import { describe, expect, it } from "vitest";
import { codeLenses } from "../../../src/extension/editor/codeLensModel.js";
import type { WorkflowState } from "../../../src/model/workflowState.js";
import { failure, FILE, fresh, graphNode, result, state } from "./states.js";

const NOW = 100_000;

function titles(given: WorkflowState, node?: string): string[] {
  return codeLenses(given, NOW)
    .filter(({ target }) => target.node === node)
    .map(({ title }) => title);
}

describe("lenses over a node", () => {
  it("offer to run one that never ran", () => {
    expect(titles(state(), "image")).toEqual(["▷ Run node", "Run to here"]);
    expect(codeLenses(state(), NOW).find(({ target }) => target.node === "image")).toMatchObject({
      command: "daggr.runNode",
      target: { file: FILE, node: "image" },
      anchor: { start: { line: 10 } },
    });
  });

  it("say how long a fresh result took, and that it was reused", () => {
    expect(titles(state({ image: fresh(4200) }), "image")).toEqual(["▷ Run node", "Run to here", "✓ 4.2 s"]);
    const reused = { ...fresh(4200), outcome: { kind: "reused" } } as const;
    expect(titles(state({ image: reused }), "image").at(-1)).toBe("✓ 4.2 s (reused)");
  });

  it("say why a result is stale", () => {
    const stale = { ...fresh(4200), freshness: { kind: "stale", reason: "input `prompt` changed" } } as const;
    expect(titles(state({ image: stale }), "image").at(-1)).toBe("◌ stale: input prompt changed");
  });

  it("say that a person is waited for, also where only an item asks, and lead to the card", () => {
    const activity = { kind: "running", startedAt: 0 } as const;
    const question = { kind: "approve", inputs: {} } as const;
    const items = { total: 3, succeeded: 1, reused: 0, failed: 0, asking: 1 };
    for (const asks of [{ question }, { progress: { items } }]) {
      const given = state({ image: { activity: { ...activity, ...asks } } });
      const lens = codeLenses(given, NOW).findLast(({ target }) => target.node === "image");
      expect(lens).toMatchObject({ title: "⏸ waiting for you", command: "daggr.openGraph" });
    }
  });

  it("lead from a failure to the log", () => {
    const outcome = { kind: "failed", failure: failure("`image` threw: no paint\nat line 3"), durationMs: 5 } as const;
    const lens = codeLenses(state({ image: { outcome } }), NOW).findLast(({ target }) => target.node === "image");
    expect(lens).toMatchObject({ title: "✕ failed", command: "daggr.showLog" });
    expect(lens?.tooltip).toContain("no paint");
  });

  it("say what has changed since a failure", () => {
    const failed = { kind: "failed", failure: failure("no paint"), durationMs: 5 } as const;
    const outcome = { ...failed, changed: "input `prompt` changed" };
    const lens = codeLenses(state({ image: { outcome } }), NOW).findLast(({ target }) => target.node === "image");
    expect(lens?.title).toBe("✕ failed; input prompt changed since");
    expect(lens?.tooltip).toBe("no paint\n\nSince this failure: input `prompt` changed.");
  });

  it("name the node that blocks", () => {
    const outcome = { kind: "blocked", by: "image", failure: failure("image failed") } as const;
    expect(titles(state({ cutout: { outcome } }), "cutout").at(-1)).toBe("⊘ blocked by image");
  });

  it("stop one that runs, with its time and progress", () => {
    const activity = {
      kind: "running",
      startedAt: NOW - 12_345,
      progress: { step: 37, steps: 120, message: "half way" },
    } as const;
    expect(titles(state({ image: { activity } }), "image")).toEqual(["■ Stop", "◔ 12 s · 37 of 120 · half way"]);
  });

  it("show a good earlier result again after a stop that took nothing away", () => {
    const stopped = { ...fresh(300), outcome: { kind: "cancelled", durationMs: 9 } } as const;
    expect(titles(state({ image: stopped }), "image").at(-1)).toBe("✓ 0.3 s");
    const before = { outcome: { kind: "cancelled", durationMs: 3000 }, result: null } as const;
    expect(titles(state({ image: before }), "image").at(-1)).toBe("⊘ stopped");
  });

  it("offer what follows over a node of inputs, which has nothing to execute", () => {
    expect(titles(state(), "scene")).toEqual(["▷ Run downstream"]);
  });

  it("leave out nodes that another module declares", () => {
    const given = state();
    const elsewhere = graphNode("other", 5, {
      range: { ...given.graph!.nodes[1]!.range!, file: "/w/other.ts" },
    });
    expect(titles({ ...given, graph: { ...given.graph!, nodes: [elsewhere] } }, "other")).toEqual([]);
  });
});

describe("lenses over the graph", () => {
  it("open and run it", () => {
    expect(titles(state())).toEqual(["Open graph", "▷ Run all"]);
  });

  it("count what is stale and tell how the last run went", () => {
    const stale = { freshness: { kind: "stale", reason: "code changed" }, result: result(5) } as const;
    const lastRun = { status: "succeeded", executed: 1, reused: 3, savedMs: 41_000 } as const;
    expect(titles(state({ image: stale, cutout: stale }, { lastRun }))).toEqual([
      "Open graph",
      "▷ Run all",
      "Run stale (2)",
      "✓ 1 node run, 3 reused, 41 s saved",
    ]);
  });

  it("stop a run under way", () => {
    const run = { runId: "r", startedAt: NOW - 65_000, total: 7, done: 3 };
    expect(titles(state({}, { run }))).toEqual(["Open graph", "■ Stop", "◔ 3 of 7 · 1 min 5 s"]);
  });

  it("ask for trust instead of offering to run", () => {
    const untrusted = state({ image: fresh(4200) }, { trusted: false });
    expect(titles(untrusted)).toEqual(["Open graph", "Trust this workspace to run"]);
    expect(titles(untrusted, "image")).toEqual(["✓ 4.2 s"]);
    expect(titles(untrusted, "scene")).toEqual([]);
  });

  it("offer no run of a file that is no longer on disk", () => {
    const notices = [{ id: "file-missing", severity: "error", message: "gone" }] as const;
    const gone = state({ image: fresh(4200) }, { notices });
    expect(titles(gone)).toEqual(["Open graph"]);
    expect(titles(gone, "image")).toEqual(["✓ 4.2 s"]);
  });
});
