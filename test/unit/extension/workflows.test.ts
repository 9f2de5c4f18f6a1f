import { describe, expect, it } from "vitest";
import type { Engine, EngineClient } from "../../../src/extension/engineProcess.js";
import { type WorkflowChange, Workflows } from "../../../src/extension/workflows.js";
import { failed, type Result } from "../../../src/model/outcome.js";
import { reduceWorkflow } from "../../../src/model/reduceWorkflow.js";
import type { WorkflowEvent, WorkflowState } from "../../../src/model/workflowState.js";
import type { Snapshot } from "../../../src/protocol/engine.js";
import { FILE, state } from "./states.js";

/** An engine whose answers to `open` and `run` the test gives, one by one. */
class FakeEngine implements EngineClient {
  readonly opens: PromiseWithResolvers<Snapshot>[] = [];
  readonly runs: PromiseWithResolvers<Result<never>>[] = [];
  readonly closed: string[] = [];
  readonly #api = {
    open: () => this.#wait(this.opens),
    run: () => this.#wait(this.runs),
    close: async (file: string) => void this.closed.push(file),
  } as unknown as Engine; // the calls that workflows make

  async ask<T>(call: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await call(this.#api);
    } catch (error) {
      return failed({ reason: "process-exited", message: String(error) });
    }
  }

  tell(call: (engine: Engine) => Promise<unknown>): void {
    void call(this.#api);
  }

  #wait<T>(list: PromiseWithResolvers<T>[]): Promise<T> {
    const answer = Promise.withResolvers<T>();
    list.push(answer);
    return answer.promise;
  }
}

function notice(id: string): WorkflowEvent {
  return { type: "notices-changed", notices: [{ id, severity: "info", message: id }] };
}

function noticeOf(given: WorkflowState | null): string | undefined {
  return given?.notices[0]?.id;
}

function setUp() {
  const engine = new FakeEngine();
  const workflows = new Workflows(engine);
  const changes: WorkflowChange[] = [];
  workflows.onDidChange((change) => changes.push(change));
  const answer = async (sequence: number, given = state()): Promise<void> => {
    engine.opens.at(-1)!.resolve({ sequence, state: given });
    await workflows.opened(FILE);
  };
  return { engine, workflows, changes, answer };
}

describe("the workflows that are open", () => {
  it("follow the engine's events after its snapshot", async () => {
    const { workflows, changes, answer } = setUp();
    workflows.hold(FILE);
    expect(workflows.state(FILE)).toBeNull();
    await answer(5);
    workflows.receive(FILE, 6, notice("six"));
    expect(noticeOf(workflows.state(FILE))).toBe("six");
    expect(changes.map(({ event }) => event?.type ?? null)).toEqual([null, "notices-changed"]);
    expect(changes[1]!.sequence).toBe(changes[0]!.sequence + 1);
  });

  it("apply events that overtook the snapshot, and no event twice", async () => {
    const { workflows, answer, changes } = setUp();
    workflows.hold(FILE);
    workflows.receive(FILE, 5, notice("in the snapshot"));
    workflows.receive(FILE, 6, notice("six"));
    await answer(5);
    expect(noticeOf(workflows.state(FILE))).toBe("six");
    workflows.receive(FILE, 6, notice("again"));
    expect(noticeOf(workflows.state(FILE))).toBe("six");
    expect(changes).toHaveLength(2);
  });

  it("ask for a snapshot after a gap, and leave a gap for whoever follows them", async () => {
    const { engine, workflows, changes, answer } = setUp();
    workflows.hold(FILE);
    await answer(1);
    workflows.receive(FILE, 4, notice("four"));
    expect(engine.opens).toHaveLength(2);
    await answer(4, reduceWorkflow(state(), notice("four")));
    expect(noticeOf(workflows.state(FILE))).toBe("four");
    expect(changes.at(-1)!.sequence).toBeGreaterThan(changes.at(-2)!.sequence + 1);
  });

  it("are opened once, and closed when the last who holds them lets go", async () => {
    const { engine, workflows, answer } = setUp();
    const editor = workflows.hold(FILE);
    const panel = workflows.hold(FILE);
    await answer(1);
    expect(engine.opens).toHaveLength(1);
    editor.dispose();
    editor.dispose();
    expect(engine.closed).toEqual([]);
    panel.dispose();
    expect(engine.closed).toEqual([FILE]);
    expect(workflows.state(FILE)).toBeNull();
  });

  it("stay open through a run whose editor and canvas were closed", async () => {
    const { engine, workflows, answer } = setUp();
    const editor = workflows.hold(FILE);
    await answer(1);
    const run = workflows.run(FILE, { scope: "all", targets: [], reuse: "fresh" });
    editor.dispose();
    expect(engine.closed).toEqual([]);
    engine.runs[0]!.reject(new Error("engine gone"));
    expect((await run).ok).toBe(false);
    expect(engine.closed).toEqual([FILE]);
  });

  it("end a run that died with the engine, and start over in the next one", async () => {
    const { workflows, changes, answer } = setUp();
    workflows.hold(FILE);
    const running = { activity: { kind: "running", startedAt: 0 } } as const;
    await answer(9, state({ image: running }, { run: { runId: "r", startedAt: 0, total: 3, done: 1 } }));
    workflows.engineGone("signal SIGSEGV");
    const after = workflows.state(FILE)!;
    expect(after.run).toBeNull();
    expect(after.nodes.image?.activity.kind).toBe("idle");
    expect(after.lastRun?.failure?.message).toContain("SIGSEGV");
    workflows.reopen();
    await answer(1);
    workflows.receive(FILE, 2, notice("two"));
    expect(noticeOf(workflows.state(FILE))).toBe("two");
    const sequences = changes.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it("give a snapshot to whoever waited while the engine was down", async () => {
    const { engine, workflows, answer } = setUp();
    workflows.hold(FILE);
    const waiting = workflows.snapshot(FILE);
    engine.opens[0]!.reject(new Error("engine gone"));
    await workflows.opened(FILE);
    workflows.reopen();
    await answer(3);
    expect((await waiting)?.state.file).toBe(FILE);
  });

  it("tell why one could not be opened, until it can", async () => {
    const { engine, workflows, answer } = setUp();
    const heard: string[] = [];
    workflows.onDidFail(({ failure }) => heard.push(failure.message));
    workflows.hold(FILE);
    engine.opens[0]!.reject(new Error("a bug"));
    await workflows.opened(FILE);
    expect(heard).toEqual(["Error: a bug"]);
    expect(workflows.failure(FILE)?.message).toBe("Error: a bug");
    workflows.reopen();
    await answer(1);
    expect(workflows.failure(FILE)).toBeNull();
  });

  it("ignore an answer that a newer question has made old", async () => {
    const { engine, workflows, answer } = setUp();
    workflows.hold(FILE);
    workflows.reopen();
    await answer(2, reduceWorkflow(state(), notice("new")));
    engine.opens[0]!.resolve({ sequence: 7, state: state() });
    await Promise.resolve();
    expect(noticeOf(workflows.state(FILE))).toBe("new");
  });
});
