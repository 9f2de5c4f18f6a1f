import { expect, it, vi } from "vitest";
import { eventually } from "../../eventually.js";
import type { EngineClient } from "../../../src/extension/engineProcess.js";
import type { LiveText } from "../../../src/extension/liveText.js";
import { Running } from "../../../src/extension/running.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { type Result, success } from "../../../src/model/outcome.js";
import { RUN_ALL } from "../../../src/model/runRequest.js";
import { FILE, state } from "./states.js";

const { saving } = vi.hoisted(() => ({ saving: Promise.withResolvers<boolean>() }));

vi.mock("vscode", () => ({
  workspace: {
    isTrusted: true,
    textDocuments: [
      { isDirty: true, uri: { scheme: "file", fsPath: "/w/story.daggr.ts" }, save: () => saving.promise },
    ],
  },
  window: { setStatusBarMessage: () => undefined },
}));

it("does not run what was stopped while its files were being saved, but what is asked for after that", async () => {
  const asked: string[] = [];
  const client: EngineClient = {
    ask: (use) => {
      // Notes which method of the engine is called.
      const engine = new Proxy({}, { get: (_, method: string) => () => Promise.resolve(asked.push(method)) });
      void use(engine as Parameters<typeof use>[0]);
      const answer =
        asked.at(-1) === "open" ? { sequence: 0, state: state() } : { status: "succeeded", executed: 1, reused: 0 };
      return Promise.resolve(success(answer) as unknown as Result<never>);
    },
    tell: () => undefined,
  };
  const liveText = { flush: () => undefined } as unknown as LiveText; // all that a run uses of it
  const running = new Running(new Workflows(client), liveText, () => undefined);
  const run = running.run(FILE, RUN_ALL);
  await eventually(() => expect(asked).toContain("open"));
  await running.stop(FILE);
  saving.resolve(true);
  await run;
  expect(asked).not.toContain("run");
  await running.run(FILE, RUN_ALL);
  expect(asked).toContain("run");
});
