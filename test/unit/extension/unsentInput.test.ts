import { beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../eventually.js";
import type { EngineClient } from "../../../src/extension/engineProcess.js";
import type { LiveText } from "../../../src/extension/liveText.js";
import { Running } from "../../../src/extension/running.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { type Result, success } from "../../../src/model/outcome.js";
import { RUN_ALL, runToHere } from "../../../src/model/runRequest.js";
import { FILE, state } from "./states.js";

const { toasts, choice } = vi.hoisted(() => ({
  toasts: [] as string[][],
  choice: { now: undefined as string | undefined },
}));

vi.mock("vscode", () => ({
  workspace: { isTrusted: true, textDocuments: [] },
  window: {
    showErrorMessage: (...words: string[]) => {
      toasts.push(words);
      return Promise.resolve(choice.now);
    },
    setStatusBarMessage: () => undefined,
  },
}));

beforeEach(() => {
  toasts.splice(0);
  choice.now = undefined;
});

/** A workflow with a field on `cutout`; the engine notes what it is asked. */
function workflow() {
  const base = state();
  const spec = { component: "Number" as const, props: { label: "Edge" } };
  const nodes = base.graph!.nodes.map((node) =>
    node.id === "cutout"
      ? { ...node, inputs: [{ name: "edge", source: { kind: "component" as const, control: "cutout.edge", spec } }] }
      : node,
  );
  const shown = { ...base, graph: { ...base.graph!, nodes } };
  let asked = 0;
  const client: EngineClient = {
    ask: () => {
      asked++;
      const answer = asked === 1 ? { sequence: 0, state: shown } : { status: "succeeded", executed: 1, reused: 0 };
      return Promise.resolve(success(answer) as unknown as Result<never>); // `open` first, then `run`
    },
    tell: () => undefined,
  };
  const shownControls: string[][] = [];
  const canvas = {
    visible: true,
    unsent: new Map([["cutout.edge", { problem: "“x” is not a number." }]]),
    showControl: (...where: [string, string]) => void shownControls.push(where),
  };
  const liveText = { flush: () => undefined } as unknown as LiveText; // all that a run uses of it
  const running = new Running(new Workflows(client), liveText, () => canvas);
  return { running, canvas, shownControls, ran: () => asked > 1 };
}

it("keeps whatever reads it from running, in the words of the canvas, and is shown on demand", async () => {
  const { running, ran, shownControls } = workflow();
  choice.now = "Show";
  await running.run(FILE, RUN_ALL);
  expect(toasts).toEqual([
    ["Not run. cutout · Edge: “x” is not a number. Correct it or discard it, then run.", "Show"],
  ]);
  await eventually(() => expect(shownControls).toEqual([["cutout", "cutout.edge"]]));
  expect(ran()).toBe(false);
});

it("is none of the business of what doesn't read it, nor of anything once it is put right", async () => {
  const first = workflow();
  await first.running.run(FILE, runToHere("image"));
  expect(first.ran()).toBe(true);
  const second = workflow();
  second.canvas.unsent.clear();
  await second.running.run(FILE, RUN_ALL);
  expect(second.ran()).toBe(true);
  expect(toasts).toEqual([]);
});
