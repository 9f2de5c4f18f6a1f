import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CanvasPanels } from "../../../src/extension/canvas/panels.js";
import { Targets } from "../../../src/extension/commands/target.js";
import { Position } from "vscode";
import { nodeAt } from "../../../src/extension/editor/ranges.js";
import { registerCursor } from "../../../src/extension/editor/cursor.js";
import type { EngineClient } from "../../../src/extension/engineProcess.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { success, type Result } from "../../../src/model/outcome.js";
import type { WorkflowState } from "../../../src/model/workflowState.js";
import { FILE, lines, state } from "./states.js";

interface Place {
  readonly line: number;
  readonly character: number;
}

const page = vi.hoisted(() => ({ line: 0, asked: [] as string[], contexts: new Map<string, boolean>() }));

vi.mock("vscode", () => {
  class Position {
    constructor(
      readonly line: number,
      readonly character = 0,
    ) {}
  }
  class Range {
    constructor(
      readonly start: Place,
      readonly end: Place,
    ) {}
    contains({ line, character }: Place): boolean {
      const { start, end } = this;
      const after = line > start.line || (line === start.line && character >= start.character);
      return after && (line < end.line || (line === end.line && character <= end.character));
    }
  }
  const nothing = () => ({ dispose: () => undefined });
  return {
    Position,
    Range,
    Uri: URL,
    Disposable: { from: nothing },
    workspace: { asRelativePath: (file: string) => file },
    window: {
      get activeTextEditor() {
        const active = new Position(page.line - 1);
        return { document: { uri: { fsPath: "/w/story.daggr.ts" } }, selection: { active } };
      },
      visibleTextEditors: [],
      onDidChangeTextEditorSelection: nothing,
      onDidChangeActiveTextEditor: nothing,
      showQuickPick: (_: unknown, { placeHolder }: { readonly placeHolder: string }) =>
        Promise.resolve(void page.asked.push(placeHolder)),
    },
    commands: {
      executeCommand: (_: string, key: string, value: boolean) => Promise.resolve(void page.contexts.set(key, value)),
    },
  };
});

beforeEach(() => {
  page.asked.length = 0;
  page.contexts.clear();
});

async function opened(shown: WorkflowState) {
  const answer = success({ sequence: 0, state: shown }) as unknown as Result<never>;
  const client: EngineClient = { ask: () => Promise.resolve(answer), tell: () => undefined };
  const workflows = new Workflows(client);
  workflows.hold(FILE);
  const panels = { files: () => [], active: () => undefined, get: () => undefined, onDidShow: () => undefined };
  const none = panels as unknown as CanvasPanels; // nothing else of it is used
  registerCursor(workflows, none);
  await workflows.opened(FILE);
  return new Targets(workflows, none);
}

/** `image` calls a function of its own at lines 40 to 45; `cutout` shares another one, at 50, with `scene`. */
function calling(): WorkflowState {
  const base = state();
  const at: Readonly<Record<string, number>> = { image: 40, cutout: 50, scene: 50 };
  const nodes = base.graph!.nodes.map((node) => {
    const line = at[node.id] ?? 0;
    return { ...node, target: { kind: "fn", functionName: "f", functionRange: lines(line, line + 5) } as const };
  });
  return { ...base, graph: { ...base.graph!, nodes } };
}

describe("a place in the text", () => {
  it("is in the node that it is in, or else in one on whose lines it is: before `const`, or behind the end", () => {
    const { graph } = state();
    const place = (file: string, line: number, character: number) =>
      nodeAt(graph!, file, new Position(line - 1, character))?.id;
    expect(place(FILE, 10, 0)).toBe("image");
    expect(place(FILE, 13, 200)).toBe("image");
    expect(place(FILE, 14, 0)).toBeUndefined();
    expect(place("/w/other.ts", 10, 0)).toBeUndefined();
  });
});

describe("a key that runs a node", () => {
  const pressed = { cursor: true };

  it("runs the node whose declaration the cursor is in, or the one whose function it is in", async () => {
    const targets = await opened(calling());
    for (const [line, node] of [
      [11, "image"],
      [42, "image"],
      [20, "cutout"],
    ] as const) {
      page.line = line;
      expect(await targets.node(pressed, "Run Node")).toEqual({ file: FILE, node });
    }
    expect(page.asked).toEqual([]);
  });

  it("asks elsewhere, where it would change the text otherwise, and where several nodes call the function", async () => {
    const targets = await opened(calling());
    for (page.line of [1, 52]) expect(await targets.node(pressed, "Run Node")).toBeUndefined();
    expect(page.asked).toEqual(["The cursor is in no node. Which one?", "The cursor is in no node. Which one?"]);
  });

  it("is taken from the editor in all of a workflow that has a node to run, and in no other", async () => {
    page.line = 1;
    await opened(state());
    expect(page.contexts.get("daggr.nothingToRun") ?? false).toBe(false);
    await opened({ ...state(), graph: null });
    expect(page.contexts.get("daggr.nothingToRun")).toBe(true);
  });
});
