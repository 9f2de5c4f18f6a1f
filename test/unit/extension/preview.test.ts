import { beforeEach, expect, it, vi } from "vitest";
import { previewCommand } from "../../../src/extension/commands/preview.js";
import { COMMANDS } from "../../../src/extension/commands/ids.js";
import type { EngineClient } from "../../../src/extension/engineProcess.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { success, type Result } from "../../../src/model/outcome.js";
import type { Plan, RunRequest } from "../../../src/model/plan.js";
import { RUN_ALL } from "../../../src/model/runRequest.js";
import { FILE, state } from "./states.js";

interface Pick {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

const { lists, choices } = vi.hoisted(() => ({ lists: [] as Pick[][], choices: [] as string[] }));

vi.mock("vscode", () => ({
  QuickPickItemKind: { Separator: -1 },
  window: {
    activeTextEditor: undefined,
    visibleTextEditors: [],
    showQuickPick: (picks: Pick[]) => {
      lists.push(picks);
      const wanted = choices.shift();
      return Promise.resolve(wanted && picks.find(({ label }) => label.includes(wanted)));
    },
  },
}));

beforeEach(() => {
  lists.splice(0);
  choices.splice(0);
});

const plan: Plan = {
  steps: [
    { node: "image", action: "reuse", reason: "nothing changed", expectedMs: 4000 },
    { node: "cutout", action: "run", reason: "input `edge` changed" },
  ],
};

function command() {
  const engine: EngineClient = {
    ask: (use) => {
      let method = "";
      // Notes which method of the engine is called.
      void use(new Proxy({}, { get: (_, name: string) => () => void (method = name) }) as Parameters<typeof use>[0]);
      const answer = method === "preview" ? success(plan) : { sequence: 0, state: state() };
      return Promise.resolve((method === "preview" ? answer : success(answer)) as unknown as Result<never>);
    },
    tell: () => undefined,
  };
  const ran: RunRequest[] = [];
  const shown: unknown[] = [];
  const handlers = previewCommand({
    engine,
    workflows: new Workflows(engine),
    // All that the command uses of them.
    running: { run: (_file: string, request: RunRequest) => void ran.push(request) },
    panels: { show: (_file: string, node: unknown) => void shown.push(node) },
    targets: { file: () => FILE },
  } as unknown as Parameters<typeof previewCommand>[0]);
  return { open: (argument?: unknown) => handlers[COMMANDS.previewRun](argument), ran, shown };
}

it("sums up each way to run, and says of the one that is chosen what becomes of every node and why", async () => {
  const { open, ran } = command();
  choices.push("Run All");
  await open({ file: FILE, node: "cutout" });
  expect(lists[0]?.map(({ label, description }) => `${label}: ${description}`)).toEqual([
    "Run All: 1 will run, 1 reused",
    "Run Stale: 1 will run, 1 reused",
    "Run Node cutout: 1 will run, 1 reused",
    "Run to Here: cutout: 1 will run, 1 reused",
    "Run Downstream of cutout: 1 will run, 1 reused",
  ]);
  expect(lists[1]?.slice(2)).toMatchObject([
    { label: "$(check) image", description: "reused · 4.0 s last time", detail: "nothing changed" },
    { label: "$(play) cutout", description: "will run", detail: "input edge changed" },
  ]);
  expect(ran).toEqual([]);
});

it("runs what was looked at, or shows a node's card", async () => {
  const { open, ran, shown } = command();
  choices.push("Run All", "$(run-all) Run All");
  await open();
  expect(ran).toEqual([RUN_ALL]);
  choices.push("Run Stale", "image");
  await open();
  expect(shown).toEqual(["image"]);
  expect(ran).toHaveLength(1);
});
