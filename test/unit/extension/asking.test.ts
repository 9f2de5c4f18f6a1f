import { beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../eventually.js";
import { registerAsking } from "../../../src/extension/asking.js";
import type { WorkflowChange, Workflows } from "../../../src/extension/workflows.js";
import type { WorkflowEvent } from "../../../src/model/workflowState.js";
import { FILE, state } from "./states.js";

const shown: string[] = [];
const executed: unknown[][] = [];
vi.mock("vscode", () => ({
  window: {
    showInformationMessage: async (message: string, button: string) => {
      shown.push(message);
      return button;
    },
  },
  commands: { executeCommand: async (...args: unknown[]) => void executed.push(args) },
}));

let tell: (event: WorkflowEvent) => void;
beforeEach(() => {
  shown.length = executed.length = 0;
  const onDidChange = (listener: (change: WorkflowChange) => void) => {
    tell = (event) => listener({ file: FILE, sequence: 1, state: state(), event });
    return { dispose: () => undefined };
  };
  registerAsking({ onDidChange } as unknown as Workflows); // nothing else of it is used
});

const own = { runId: "r", node: "image" } as const;
const asks: WorkflowEvent = { type: "node-asks", ...own, at: 1, question: { kind: "approve", inputs: {} } };
const asking = (count: number): WorkflowEvent => ({
  type: "node-progress",
  ...own,
  progress: { items: { total: 9, succeeded: 0, reused: 0, failed: 0, ...(count > 0 && { asking: count }) } },
});

it("points to the card of a node that waits for an answer", async () => {
  tell(asks);
  expect(shown).toEqual(["story: Paint waits for you."]);
  await eventually(() => expect(executed).toEqual([["daggr.openGraph", { file: FILE, node: "image" }]]));
});

it("tells of a node's items together, and again only when it asks anew", () => {
  for (const count of [1, 2, 3]) tell(asking(count));
  tell({ type: "node-log", ...own, lines: [] });
  tell(asking(1));
  expect(shown).toHaveLength(1);
  tell({ type: "node-cancelled", ...own, at: 2, durationMs: 1 });
  tell(asks);
  expect(shown).toHaveLength(2);
});
