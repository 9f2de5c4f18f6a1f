import { describe, expect, it } from "vitest";
import { initialWorkflowState } from "../../../src/model/reduceWorkflow.js";
import type { WorkflowState } from "../../../src/model/workflowState.js";
import type { Snapshot } from "../../../src/protocol/engine.js";
import { Feed } from "../../../webview/state/feed.js";

const trusted = (value: boolean) => ({ type: "trust-changed" as const, trusted: value });

/** A host whose snapshots come when the test lets them. */
function rig() {
  const shown: WorkflowState[] = [];
  const asked: ((snapshot: Snapshot) => void)[] = [];
  const frames: (() => void)[] = [];
  const feed = new Feed(
    () => new Promise((resolve) => asked.push(resolve)),
    (state) => shown.push(state),
    (draw) => frames.push(draw),
  );
  const answer = async (sequence: number, isTrusted: boolean): Promise<void> => {
    asked.shift()?.({ sequence, state: initialWorkflowState("/a.daggr.ts", isTrusted) });
    await new Promise((resolve) => setImmediate(resolve));
  };
  const draw = (): void => {
    for (const frame of frames.splice(0)) frame();
  };
  return { feed, shown, asked, answer, draw };
}

describe("the feed", () => {
  it("shows the snapshot, then what the events make of it", async () => {
    const { feed, shown, answer, draw } = rig();
    void feed.open();
    await answer(4, false);
    draw();
    feed.event(5, trusted(true));
    draw();
    expect(shown.map((state) => state.trusted)).toEqual([false, true]);
  });

  it("draws once for all events of a frame", async () => {
    const { feed, shown, answer, draw } = rig();
    void feed.open();
    await answer(0, false);
    feed.event(1, trusted(true));
    feed.event(2, trusted(false));
    feed.event(3, trusted(true));
    draw();
    expect(shown.map((state) => state.trusted)).toEqual([true]);
  });

  it("applies events that came before the snapshot only where it doesn't hold them", async () => {
    const { feed, shown, answer, draw } = rig();
    void feed.open();
    feed.event(7, trusted(true));
    feed.event(8, trusted(false));
    await answer(7, true);
    draw();
    expect(shown.at(-1)?.trusted).toBe(false);
  });

  it("asks for everything again after a gap, once, and loses nothing", async () => {
    const { feed, shown, asked, answer, draw } = rig();
    void feed.open();
    await answer(0, false);
    feed.event(2, trusted(true));
    feed.event(3, trusted(false));
    expect(asked).toHaveLength(1);
    await answer(2, true);
    draw();
    expect(shown.at(-1)?.trusted).toBe(false);
    expect(asked).toHaveLength(0);
  });

  it("ignores what it has seen", async () => {
    const { feed, shown, asked, answer, draw } = rig();
    void feed.open();
    await answer(3, true);
    feed.event(3, trusted(false));
    draw();
    expect(shown.at(-1)?.trusted).toBe(true);
    expect(asked).toHaveLength(0);
  });
});
