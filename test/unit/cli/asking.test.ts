/** Questions of a run to people, on the command line. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WorkflowAnalysis } from "../../../src/analysis/index.js";
import { success } from "../../../src/model/outcome.js";
import type { Question } from "../../../src/model/question.js";
import { FakeEngine } from "./fakeEngine.js";
import { Shell } from "./terminal.js";

const WORKFLOW = `import { ApproveNode, ChooseOneNode, FnNode, Graph, gr } from "daggr";
const list = new FnNode(() => ["a", "b"], { outputs: { words: gr.JSON() } });
const approved = new ApproveNode({ inputs: { words: list.words } });
const best = new ChooseOneNode({ inputs: { options: list.words } });
export default new Graph({ name: "Asking", nodes: [approved, best] });
`;
const value = (of: string | string[]) => ({ kind: "inline", digest: JSON.stringify(of), value: of }) as const;
const APPROVE: Question = { kind: "approve", inputs: { words: value("a draft") } };
const CHOOSE: Question = { kind: "choose", options: value(["a", "b"]), count: 2 };

let shell: Shell;
let engine: FakeEngine;
beforeEach(() => {
  shell = new Shell();
  const file = shell.write("asking.daggr.ts", WORKFLOW);
  engine = new FakeEngine(new WorkflowAnalysis(file, { read: () => WORKFLOW }).analyse().graph);
});
afterEach(() => shell.remove());

/** A run in which these nodes ask, and which ends once all have been answered. */
async function run(asked: Readonly<Record<string, Question>>, ...args: string[]): Promise<number> {
  engine.onRun = async () => {
    const answered = new Promise<void>((resolve) => {
      engine.onAnswer = () => engine.answers.length === Object.keys(asked).length && resolve();
    });
    for (const [node, question] of Object.entries(asked))
      engine.emit({ type: "node-asks", runId: "r1", node, at: Date.now(), question });
    await answered;
    return success({ status: "succeeded", executed: 1, reused: 0 });
  };
  return shell.run(["run", "asking.daggr.ts", ...args], engine);
}

describe("without a terminal", () => {
  test("a question is not answered, in words that say what to do", async () => {
    await run({ approved: APPROVE, best: CHOOSE });
    expect(engine.answers).toEqual([
      [
        "approved",
        null,
        {
          kind: "unanswered",
          message: "`approved` waits for a person's approval, and there is no terminal to ask at.",
          hint: "Run it at a terminal or in VS Code, or answer beforehand: --answer approved=approve.",
        },
      ],
      [
        "best",
        null,
        expect.objectContaining({ kind: "unanswered", hint: expect.stringContaining("--answer best=1") as string }),
      ],
    ]);
  });

  test("what was answered beforehand is answered", async () => {
    await run({ approved: APPROVE, best: CHOOSE }, "--answer", "approved=reject: too long", "--answer", "best=2");
    expect(engine.answers).toEqual([
      ["approved", null, { kind: "reject", reason: "too long" }],
      ["best", null, { kind: "choose", index: 1 }],
    ]);
    // So that an earlier answer that was kept doesn't stand in for it.
    expect(engine.requests[0]?.answers).toEqual({
      approved: { kind: "reject", reason: "too long" },
      best: { kind: "choose", index: 1 },
    });
  });

  test.each([
    ["approved", "write it as NODE=ANSWER"],
    ["nobody=approve", "There is no node `nobody`"],
    ["list=approve", "`list` asks nobody anything"],
    ["approved=maybe", "`approved` takes approve, reject or reject:REASON, not maybe"],
    ["best=0", "`best` takes the number of an option, from 1, not 0"],
  ])("--answer %s is refused", async (answer, message) => {
    expect(await shell.run(["run", "asking.daggr.ts", "--answer", answer], engine)).toBe(2);
    expect(shell.stderr.text).toContain(message);
    expect(engine.requests).toEqual([]);
  });
});

describe("an answer to what the run would not ask", () => {
  test.each([
    [
      ["--only", "approved"],
      "--answer: `best` takes no part in this run. Leave it out, or run both: --to best --to approved.",
    ],
    [["--to", "approved"], "--answer: `best` takes no part in this run. Leave it out, or add --to best."],
  ])("%j is refused, with what to do", async (scope, message) => {
    expect(await shell.run(["run", "asking.daggr.ts", ...scope, "--answer", "best=1"], engine)).toBe(2);
    expect(shell.stderr.text).toBe(`daggr: ${message}\n`);
    expect(engine.requests).toEqual([]);
    expect(await shell.run(["run", "asking.daggr.ts", ...scope, "--answer", "approved=approve"], engine)).toBe(0);
  });

  test("is refused of an alternative that is not selected", async () => {
    const text = WORKFLOW.replace("nodes: [approved, best]", "nodes: [pick]")
      .replace("ApproveNode,", "ApproveNode, choice,")
      .replace(
        "export default",
        "const also = new ChooseOneNode({ inputs: { options: list.words } });\nconst pick = choice([best, also]);\nexport default",
      );
    const file = shell.write("pick.daggr.ts", text);
    const picking = () => new FakeEngine(new WorkflowAnalysis(file, { read: () => text }).analyse().graph);
    const run = (...args: string[]) => shell.run(["run", "pick.daggr.ts", "--answer", "also=1", ...args], picking());
    expect(await run()).toBe(2);
    expect(shell.stderr.text).toContain(
      "`also` takes no part in this run. Leave it out, or select it: --variant pick=also.",
    );
    expect(await run("--variant", "pick=also")).toBe(0);
    expect(await run("--to", "also")).toBe(0);
  });

  test("counts what is pinned, or unpinned, for this run", async () => {
    const run = (...args: string[]) => shell.run(["run", "asking.daggr.ts", "--answer", "best=1", ...args], engine);
    expect(await run("--to", "best", "--pin", "list=[]")).toBe(0);
    expect(await run("--to", "best", "--unpin", "list")).toBe(0);
  });

  test("is left to the run where the graph is not wholly known", async () => {
    const { graph } = engine.state;
    const half = new FakeEngine({ ...graph!, complete: false });
    expect(await shell.run(["run", "asking.daggr.ts", "--only", "approved", "--answer", "best=1"], half)).toBe(0);
    expect(half.requests).toHaveLength(1);
  });
});

describe("a question that cannot be asked", () => {
  const fails = async (): Promise<never> => Promise.reject(new Error("lost"));
  const ask = () => engine.emit({ type: "node-asks", runId: "r1", node: "best", at: Date.now(), question: CHOOSE });
  const asking = { total: 1, succeeded: 0, reused: 0, failed: 0, asking: 1 };
  const progress = () => engine.emit({ type: "node-progress", runId: "r1", node: "best", progress: { items: asking } });

  test.each([
    ["for its answer is not taken", ["--answer", "best=1"], () => (engine.answer = fails), ask],
    ["for what it is about is not found", [], () => ((engine.readValue = fails), (shell.lines = ["1"])), ask],
    ["for the items that ask are not found", [], () => (engine.items = fails), progress],
  ])("ends the run, which says so: %s", async (_why, args, breakIt, emit) => {
    breakIt();
    engine.onRun = () => {
      emit();
      // It would wait for the answer for ever.
      return new Promise(() => undefined);
    };
    expect(await shell.run(["run", "asking.daggr.ts", ...args], engine)).toBe(1);
    expect(shell.stderr.text).toContain("The question of `best` could not be asked: lost\n");
    expect(engine.disposed).toBe(true);
  });

  test("is nothing to a run that has ended", async () => {
    engine.items = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return fails();
    };
    engine.onRun = async () => {
      progress();
      return success({ status: "succeeded", executed: 1, reused: 0 });
    };
    expect(await shell.run(["run", "asking.daggr.ts"], engine)).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(shell.stderr.text).not.toContain("could not be asked");
  });
});

describe("at a terminal", () => {
  beforeEach(() => {
    shell.lines = [];
  });

  test("questions are asked one after the other, until each is answered", async () => {
    shell.lines = ["perhaps", "n too long", "9x", "2"];
    await run({ approved: APPROVE, best: CHOOSE });
    expect(engine.answers).toEqual([
      ["approved", null, { kind: "reject", reason: "too long" }],
      ["best", null, { kind: "choose", index: 1 }],
    ]);
    expect(shell.stderr.text).toContain("approved asks for approval\n  words: a draft\nApprove? (y, n, or n and why) ");
    expect(shell.stderr.text).toContain("That is no answer to it.\nApprove?");
    expect(shell.stderr.text).toContain("best asks to choose one\n  1. a\n  2. b\nWhich one? (1 to 2) ");
  });

  test("who closes the terminal answers nothing", async () => {
    await run({ approved: APPROVE });
    expect(engine.answers).toEqual([["approved", null, expect.objectContaining({ kind: "unanswered" })]]);
  });

  test("nor is anything else asked there then", async () => {
    await run({ approved: APPROVE, best: CHOOSE });
    expect(engine.answers.map(([node]) => node)).toEqual(["approved", "best"]);
    expect(shell.stderr.text).toContain("Approve?");
    expect(shell.stderr.text).not.toContain("best asks to choose one");
  });

  test("what waits for its turn is not asked once the run is being stopped", async () => {
    shell.onAsk = () => shell.interrupt.abort();
    engine.onRun = async () => {
      const stopped = new Promise<void>((resolve) => (engine.onStop = resolve));
      for (const [node, question] of Object.entries({ approved: APPROVE, best: CHOOSE }))
        engine.emit({ type: "node-asks", runId: "r1", node, at: Date.now(), question });
      await stopped;
      // Time for the next question to be asked.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return success({ status: "cancelled", executed: 0, reused: 0 });
    };
    await shell.run(["run", "asking.daggr.ts"], engine);
    expect(shell.stderr.text).toContain("approved asks for approval");
    expect(shell.stderr.text).not.toContain("best asks to choose one");
  });
});
