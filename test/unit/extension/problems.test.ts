import { beforeEach, expect, it, vi } from "vitest";
import { registerDiagnostics } from "../../../src/extension/editor/diagnostics.js";
import type { WorkflowChange, Workflows } from "../../../src/extension/workflows.js";
import { reduceWorkflow } from "../../../src/model/reduceWorkflow.js";
import { RUN_ALL } from "../../../src/model/runRequest.js";
import type { WorkflowEvent, WorkflowState } from "../../../src/model/workflowState.js";
import { FILE, failure, lines, state } from "./states.js";

/** What the Problems view shows, by collection. */
const shown = vi.hoisted(() => new Map<string, Map<string, readonly { readonly message: string }[]>>());

vi.mock("vscode", () => ({
  languages: {
    createDiagnosticCollection: (name: string) => {
      const byFile = new Map<string, readonly { readonly message: string }[]>();
      shown.set(name, byFile);
      return {
        clear: () => byFile.clear(),
        set: (file: string, problems: readonly { readonly message: string }[]) => byFile.set(file, problems),
        dispose: () => byFile.clear(),
      };
    },
  },
  Uri: { file: (path: string) => path },
  Position: Object,
  Range: Object,
  Location: Object,
  Diagnostic: class {
    message: string;
    constructor(_range: unknown, message: string) {
      this.message = message;
    }
  },
  DiagnosticRelatedInformation: Object,
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2 },
  Disposable: { from: () => ({ dispose: () => undefined }) },
}));

const failedNow = { kind: "failed", failure: failure("no paint"), durationMs: 1 } as const;
let current: WorkflowState;
let tell: (event: WorkflowEvent | null) => void;

beforeEach(() => {
  shown.clear();
  const onDidChange = (listener: (change: WorkflowChange) => void) => {
    tell = (event) => {
      if (event) current = reduceWorkflow(current, event);
      listener({ file: FILE, sequence: 1, state: current, event });
    };
    return { dispose: () => undefined };
  };
  const onDidClose = () => ({ dispose: () => undefined });
  registerDiagnostics({ onDidChange, onDidClose } as unknown as Workflows); // nothing else of it is used
});

const messages = () => [...(shown.get("daggr run")?.get(FILE) ?? [])].map(({ message }) => message);
const at = { runId: "r", at: 1 } as const;
const begin = (node: string): WorkflowEvent => ({
  type: "started",
  ...at,
  request: RUN_ALL,
  plan: { steps: [{ node, action: "run", reason: "never run" }] },
});
const end: WorkflowEvent = { type: "finished", ...at, status: "succeeded", executed: 1, reused: 0, savedMs: 0 };

it("shows what stands as failed when a workflow is opened, as after a reload", () => {
  current = state({ image: { outcome: failedNow } });
  tell(null);
  expect(messages()).toEqual(["image: no paint"]);
});

it("keeps the failure of a node while others run, and after they have", () => {
  current = state({ image: { outcome: failedNow } });
  tell(null);
  for (const event of [begin("cutout"), end]) {
    tell(event);
    expect(messages()).toEqual(["image: no paint"]);
  }
});

it("lets go of a failure once its node has succeeded or is gone, and of that of a run as a whole with the next", () => {
  current = state({ image: { outcome: failedNow }, cutout: { outcome: failedNow } });
  tell(null);
  expect(messages()).toEqual(["image: no paint", "cutout: no paint"]);
  tell({ type: "node-cancelled", ...at, node: "image", durationMs: 1 });
  expect(messages()).toEqual(["cutout: no paint"]);
  tell({ ...end, status: "failed", failure: failure("cannot be loaded", { location: lines(4) }) });
  expect(messages()).toEqual(["cutout: no paint", "cannot be loaded"]);
  tell(begin("image"));
  expect(messages()).toEqual(["cutout: no paint"]);
  tell({ type: "graph-changed", graph: { ...current.graph!, nodes: [] }, graphStatus: "current", diagnostics: [] });
  expect(messages()).toEqual([]);
});
