import { expect, it, vi } from "vitest";
import { registerStatusBar } from "../../../src/extension/editor/statusBar.js";
import { runningText } from "../../../src/extension/editor/statusBarText.js";
import type { WorkflowChange, Workflows } from "../../../src/extension/workflows.js";
import { RUN_ALL } from "../../../src/model/runRequest.js";
import type { Notice } from "../../../src/model/workflowState.js";
import { FILE, state } from "./states.js";

const { said } = vi.hoisted(() => ({ said: [] as string[] }));

vi.mock("vscode", () => ({
  StatusBarAlignment: { Left: 1 },
  Disposable: { from: () => ({ dispose: () => undefined }) },
  window: {
    createStatusBarItem: () => ({ show: () => undefined, hide: () => undefined, dispose: () => undefined }),
    setStatusBarMessage: (text: string) => void said.push(text),
  },
}));

it("is said in the status bar each time that a request has joined a run, and not with every other notice", () => {
  let tell: (notices: readonly Notice[]) => void = () => undefined;
  const onDidChange = (listener: (change: WorkflowChange) => void) => {
    tell = (notices) => {
      const event = { type: "notices-changed", notices } as const;
      listener({ file: FILE, sequence: 1, state: state({}, { notices }), event });
    };
    return { dispose: () => undefined };
  };
  const onDidClose = () => ({ dispose: () => undefined });
  registerStatusBar({ onDidChange, onDidClose, states: () => [] } as unknown as Workflows); // nothing else of it is used
  const joined: Notice = { id: "joined", severity: "info", message: "`Paint` is already being run." };
  const other: Notice = { id: "store", severity: "error", message: "The disk is full." };
  tell([joined]);
  tell([joined, other]);
  expect(said).toEqual(["$(info) Paint is already being run."]);
  tell([other]);
  tell([other, { ...joined }]);
  expect(said).toHaveLength(2);
});

it("is said in the status bar how many runs wait for their turn", () => {
  const run = { runId: "r", startedAt: 0, total: 4, done: 1 };
  const running = { image: { activity: { kind: "running", startedAt: 0 } } } as const;
  expect(runningText([state(running, { run, queue: [RUN_ALL] })])).toBe("$(sync~spin) 1/4 Paint · 1 queued");
});
