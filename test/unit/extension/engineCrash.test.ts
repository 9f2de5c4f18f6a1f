import { beforeEach, expect, it, vi } from "vitest";
import { eventually } from "../../eventually.js";
import type { EngineClient, EngineCrash, EngineProcess } from "../../../src/extension/engineProcess.js";
import { registerEngineWatch } from "../../../src/extension/engineWatch.js";
import type { LiveText } from "../../../src/extension/liveText.js";
import { Listeners } from "../../../src/extension/disposable.js";
import { Running } from "../../../src/extension/running.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { failed, type Result, success } from "../../../src/model/outcome.js";
import { RUN_ALL } from "../../../src/model/runRequest.js";
import { FILE, state } from "./states.js";

const { toasts } = vi.hoisted(() => ({ toasts: [] as string[] }));
const toast = (message: string) => Promise.resolve(void toasts.push(message));

vi.mock("vscode", () => ({
  workspace: { isTrusted: true, textDocuments: [] },
  window: {
    showErrorMessage: (message: string) => toast(message),
    showWarningMessage: (message: string) => toast(message),
  },
  Disposable: { from: () => ({ dispose: () => undefined }) },
}));

beforeEach(() => void toasts.splice(0));

/** A workflow that runs in an engine, whose answer to the run the test gives. */
async function running() {
  const answer = Promise.withResolvers<Result<never>>();
  let asked = 0;
  const client: EngineClient = {
    // The first question is `open`, the second `run`, and after a crash everything is opened again.
    ask: () =>
      ++asked === 2 ? answer.promise : Promise.resolve(success({ sequence: 0, state: state() }) as Result<never>),
    tell: () => undefined,
  };
  const crashed = new Listeners<EngineCrash>();
  const workflows = new Workflows(client);
  // What the watch and the run use of them.
  const liveText = { flush: () => undefined, resend: () => undefined } as unknown as LiveText;
  registerEngineWatch({
    engine: { onCrash: crashed.listen, running: true } as unknown as EngineProcess,
    workflows,
    liveText,
    panels: { connection: () => undefined } as never,
    log: { write: () => undefined } as never,
    setProblem: () => undefined,
  });
  const run = new Running(workflows, liveText, () => undefined).run(FILE, RUN_ALL);
  await eventually(() => expect(asked).toBe(2));
  return { answer, crashed, run };
}

const exited = failed({ reason: "process-exited", message: "It stopped." } as const);

it("is told once, though a run is lost with the engine", async () => {
  const { answer, crashed, run } = await running();
  answer.resolve(exited);
  crashed.tell({ how: "signal SIGKILL", count: 1 });
  await run;
  expect(toasts).toEqual([expect.stringContaining("was started again")]);
});

it("is not what a process of the workflow's own does", async () => {
  const { answer, run } = await running();
  answer.resolve(exited);
  await run;
  expect(toasts).toEqual([expect.stringContaining("It stopped.")]);
});
