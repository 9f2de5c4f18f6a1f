import { mkdirSync } from "node:fs";
import { join } from "node:path";
import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WorkflowAnalysis } from "../../../src/analysis/index.js";
import { cutText } from "../../../src/model/cutText.js";
import { failed, success } from "../../../src/model/outcome.js";
import type { RunEvent } from "../../../src/model/runEvent.js";
import { IDLE_NODE } from "../../../src/model/workflowState.js";
import { FakeEngine } from "./fakeEngine.js";
import { Screen, Shell } from "./terminal.js";

const WORKFLOW = `import { FnNode, Graph, InputNode, choice, gr } from "daggr";
const scene = new InputNode({ ports: { place: gr.Textbox() } });
const shared = gr.Number({ maximum: 10 });
const paint = new FnNode((i: { place: string; size: number; picture: string; seed: number; style: string }) => "a.png", {
  inputs: { place: scene.place, size: shared, picture: gr.Image(), seed: () => 1, style: "ink" },
  outputs: { picture: gr.Image(), score: null },
});
const ink = new FnNode(() => "i");
const oil = new FnNode(() => "o", { name: "Oil paint" });
const medium = choice([ink, oil]);
const show = new FnNode((i: { picture: string; pictures: string[]; size: number }) => "shown", {
  inputs: { picture: paint.picture, pictures: gr.Gallery(), size: shared },
});
export default new Graph({ name: "Painting", nodes: [show, medium] });
`;

let shell: Shell;
let engine: FakeEngine;
let file: string;
beforeEach(() => {
  shell = new Shell();
  file = shell.write("paint.daggr.ts", WORKFLOW);
  shell.write("cat.png", "cat");
  engine = new FakeEngine(new WorkflowAnalysis(file, { read: () => WORKFLOW }).analyse().graph);
});
afterEach(() => shell.remove());

function run(...args: string[]): Promise<number> {
  return shell.run(["run", "paint.daggr.ts", ...args], engine);
}

const at = Date.now();
const runId = "r1";
const started: RunEvent = {
  type: "started",
  runId,
  at,
  request: { scope: "all", targets: [], reuse: "fresh" },
  plan: { steps: [] },
};
const result = { id: "1", fingerprint: "f", outputs: {}, drawn: {}, finishedAt: at, durationMs: 1234 };

describe("what is asked of the engine", () => {
  test("the whole graph, reusing what is fresh, without touching the sheet", async () => {
    expect(await run()).toBe(0);
    expect(engine.requests).toEqual([{ scope: "all", targets: [], reuse: "fresh" }]);
    expect(engine.options).toEqual({ trusted: true, token: null, roots: [shell.folder] });
    expect(engine.selectedSheets).toEqual([]);
    expect(engine.disposed).toBe(true);
  });

  test("--to, --only, --no-cache and --sheet", async () => {
    await run("--to", "paint", "--to", "show", "--sheet", "night");
    await run("--only", "paint", "--no-cache");
    expect(engine.requests).toEqual([
      { scope: "to", targets: ["paint", "show"], reuse: "fresh" },
      { scope: "only", targets: ["paint"], reuse: "never" },
    ]);
    expect(engine.selectedSheets).toEqual(["night"]);
  });

  test("a sheet that is new is said to be, for it may be a slip", async () => {
    engine.knownSheets = ["main", "night"];
    await run("--sheet", "night");
    await run("--sheet", "main");
    expect(shell.stderr.text).not.toContain("sheet");
    await run("--sheet", "nihgt");
    expect(engine.selectedSheets).toEqual(["night", "main", "nihgt"]);
    expect(shell.stderr.text).toContain(
      "daggr: “nihgt” is a new sheet (there are: main, night). Did you mean “night”?\n",
    );
  });

  test("a sheet that was deleted is not made anew by a run, which would pay for other inputs", async () => {
    engine.deletedSheets = ["night"];
    expect(await run("--sheet", "night")).toBe(1);
    expect(engine.selectedSheets).toEqual([]);
    expect(engine.requests).toEqual([]);
    expect(shell.stderr.text).toContain("Sheet “night” was deleted.");
    expect(shell.stderr.text).toContain("`restore`");
  });

  test("--input: JSON or text by the control, files by path, one control wherever it is named", async () => {
    await run(
      ...["--input", "scene.place=5", "--input", "show.size=7", "--input", "paint.picture=cat.png"],
      ...["--input", `show.pictures=["cat.png",["cat.png","A = b"]]`],
    );
    const ref = { $file: "a".repeat(64), name: join(shell.folder, "cat.png"), mediaType: "image/png", size: 1 };
    expect(engine.requests[0]!.inputs).toEqual({
      "scene.place": "5",
      shared: 7,
      "paint.picture": ref,
      "show.pictures": [ref, [ref, "A = b"]],
    });
    expect(engine.imported).toEqual(Array(3).fill(ref.name));
  });

  test("--variant: an alternative by its id or its name, for this run alone", async () => {
    await run("--variant", "medium=oil");
    await run("--variant", "medium=Oil paint", "--to", "medium", "--input", "scene.place=5");
    expect(engine.requests).toEqual([
      { scope: "all", targets: [], reuse: "fresh", inputs: { "medium.variant": "oil" } },
      { scope: "to", targets: ["medium"], reuse: "fresh", inputs: { "medium.variant": "oil", "scene.place": "5" } },
    ]);
  });

  test("--pin: what stands in for running a node, for this run alone; a file by its path", async () => {
    await run("--pin", "show=5", "--pin", "paint.picture=cat.png", "--pin", "paint.score=0.5");
    const given = engine.requests[0]?.inputs;
    expect(given).toMatchObject({ "show.output @pin": 5, "paint.score @pin": 0.5 });
    expect(given?.["paint.picture @pin"]).toMatchObject({ name: join(shell.folder, "cat.png") });
    expect(engine.imported).toEqual([join(shell.folder, "cat.png")]);
  });

  test("--unpin: runs a node though something is pinned to it, and is what a refusal advises", async () => {
    await run("--unpin", "paint");
    expect(engine.requests[0]?.inputs).toEqual({ "paint.picture @pin": null, "paint.score @pin": null });
    const message = "`paint` is pinned: what is pinned stands in for running it.";
    engine.onRun = async () => failed({ reason: "pinned", message, hint: "Unpin it to run it." });
    expect(await run("--to", "paint")).toBe(1);
    expect(shell.stderr.text).toContain("Use --unpin paint to run it.");
  });

  test("--dry-run: says what would happen and why, and runs nothing", async () => {
    const failure = { reason: "unsupported", message: "`show` waits for a person." } as const;
    engine.plans = success({
      steps: [
        { node: "paint", action: "reuse", reason: "nothing changed", expectedMs: 4200 },
        { node: "medium", action: "run", reason: "input `size` changed", expectedMs: 1500 },
        { node: "ink", action: "run-if-changed", reason: "`medium` runs first" },
      ],
      blocked: [{ node: "show", by: "show", failure }],
      pinned: ["oil"],
    });
    expect(await run("--dry-run", "--to", "show", "--no-cache")).toBe(0);
    expect(engine.planned).toEqual([{ scope: "to", targets: ["show"], reuse: "never" }]);
    expect(engine.requests).toEqual([]);
    expect(shell.stdout.text).toBe(
      "oil     pinned   what is pinned stands in for running it\n" +
        "paint   reused   nothing changed, saves 4.2 s\n" +
        "medium  runs     input `size` changed, took 1.5 s last time\n" +
        "ink     may run  `medium` runs first\n" +
        "show    can't    `show` waits for a person.\n" +
        "1 will run, 1 may run, 1 reused, 1 pinned\n",
    );
    expect(await run("--dry-run", "--json")).toBe(0);
    const [, line = ""] = shell.stdout.text.split("1 pinned\n");
    expect(JSON.parse(line)).toMatchObject({
      type: "plan",
      steps: [{ node: "paint" }, {}, {}],
      blocked: [{ failure }],
      pinned: ["oil"],
    });
  });

  test("--dry-run says what has changed since a node failed", async () => {
    engine.plans = success({ steps: [{ node: "paint", action: "run", reason: "no result yet" }] });
    const failure = { reason: "thrown", message: "No paint." } as const;
    const outcome = { kind: "failed", failure, durationMs: 5, changed: "input `size` changed" } as const;
    engine.state = { ...engine.state, nodes: { paint: { ...IDLE_NODE, outcome } } };
    await run("--dry-run");
    expect(shell.stdout.text).toContain(
      "paint  runs     no result yet; failed last time, input `size` changed since\n",
    );
  });

  test("--dry-run of what can't be planned fails like the run", async () => {
    engine.plans = failed({ reason: "missing-upstream", message: "`show` can't run alone." });
    expect(await run("--dry-run", "--only", "show")).toBe(1);
    expect(shell.stderr.text).toContain("Use --to show, which runs what it needs first.");
  });

  test("a .daggr folder further up is the one that counts", async () => {
    const inner = join(shell.folder, "inner", "deep");
    mkdirSync(inner, { recursive: true });
    mkdirSync(join(shell.folder, "inner", ".daggr"));
    shell.write("inner/deep/paint.daggr.ts", WORKFLOW);
    await shell.run(["run", "inner/deep/paint.daggr.ts"], engine);
    expect(engine.options!.roots).toEqual([join(shell.folder, "inner")]);
  });
});

test.each([
  [["--to", "piant"], "--to: There is no node `piant`. Did you mean `paint`?"],
  [["--only", "zzzzzzz"], "--only: There is no node `zzzzzzz`. The nodes are: scene, paint, ink, oil, medium, show."],
  [["--variant", "medium"], "--variant medium: write it as NODE=NAME."],
  [["--variant", "medum=oil"], "--variant: There is no node `medum`. Did you mean `medium`?"],
  [["--variant", "paint=oil"], "--variant: `paint` is no choice, so it has no alternatives."],
  [["--variant", "medium=oill"], "--variant: `medium` has no alternative `oill`. Did you mean `oil`?"],
  [
    ["--variant", "medium=oil", "--variant", "medium=ink"],
    "--variant: `medium` is one alternative at a time, not `oil` and `ink`.",
  ],
  [["--unpin", "pant"], "--unpin: There is no node `pant`. Did you mean `paint`?"],
  [["--pin", "show"], "--pin show: write it as NODE.PORT=VALUE."],
  [["--pin", "paint=5"], "--pin: `paint` has several outputs (picture, score); write NODE.PORT=VALUE."],
  [["--pin", "paint.scor=5"], "--pin: `paint` has no output `scor`. Did you mean `score`?"],
  [["--pin", "scene.place=5"], "--pin: `scene` is an input: what it gives is what its controls hold. Change it there."],
  [["--pin", "paint.picture=dog.png"], "`paint.picture`: dog.png doesn't exist."],
  [["--pin", "show=1", "--pin", "show.output=2"], "--pin: `show.output` is given twice."],
  [["--input", "paint.size"], "--input paint.size: write it as NODE.PORT=VALUE."],
  [["--input", "pain.size=1"], "There is no node `pain`. Did you mean `paint`?"],
  [["--input", "paint.sise=1"], "`paint` has no input `sise`. Did you mean `size`?"],
  [["--input", "paint.place=x"], "`paint.place` is wired to another node; only inputs with a control can be given."],
  [["--input", "paint.style=x"], "`paint.style` is fixed in the file; only inputs with a control can be given."],
  [["--input", "paint.seed=1"], "`paint.seed` is drawn for every run; only inputs with a control can be given."],
  [["--input", "paint.picture=dog.png"], "`paint.picture`: dog.png doesn't exist."],
  [["--input", "paint.picture=."], "`paint.picture`: . is a directory."],
  [["--input", "paint.picture="], "`paint.picture` takes the path of a file."],
  [
    ["--input", "paint.picture=https://a.b/c.png"],
    "`paint.picture` takes a file of this machine; download https://a.b/c.png first.",
  ],
  [["--input", 'paint.picture=["cat.png"]'], "`paint.picture` takes an image, not a list."],
  [["--input", "paint.size=big"], '`paint.size` takes a number of at most 10, not "big".'],
  [["--input", "paint.size=null"], "`paint.size` can't be null; left out, it has what the sheet holds."],
  [["--input", "paint.size=5", "--input", "paint.size=6"], "`paint.size` is given twice: “5” and “6”."],
  [
    ["--input", "paint.size=5", "--input", "show.size=6"],
    "`paint.size` and `show.size` are one control, which cannot be both “5” and “6”.",
  ],
  [["--input", "paint.size=11"], "`paint.size` must be at most 10; 11 is more."],
])("%s is wrong usage: nothing runs", async (args, message) => {
  expect(await run(...args)).toBe(2);
  expect(shell.stderr.text).toBe(`daggr: ${message}\n`);
  expect(engine.requests).toEqual([]);
  expect(engine.disposed).toBe(true);
});

describe("choices", () => {
  const CHOICES = `import { FnNode, Graph, gr } from "daggr";
const made = ["x", "y"].map((name) => name);
const paint = new FnNode((i: { size: number; style: string; tags: string[]; free: string; later: string; level: number; photo: string }) => 1, {
  inputs: {
    size: gr.Radio({ choices: [1, 2] }), style: gr.Dropdown({ choices: [["Ink", "i"], ["Oil", "o"], "1"] }),
    tags: gr.CheckboxGroup({ choices: ["a", "b"] }), free: gr.Dropdown({ choices: ["a"], allowCustomValue: true }),
    later: gr.Dropdown({ choices: made }), level: gr.Slider({ maximum: 5 }), photo: gr.Image(),
  },
});
export default new Graph({ name: "Choices", nodes: [paint] });
`;
  beforeEach(() => {
    shell.write("paint.daggr.ts", CHOICES);
    shell.write("notes.txt", "notes");
    engine = new FakeEngine(new WorkflowAnalysis(file, { read: () => CHOICES }).analyse().graph);
  });

  test.each([
    ["size=2", { size: 2 }],
    ["style=o", { style: "o" }],
    ["style=Oil", { style: "o" }],
    ["style=1", { style: "1" }],
    ['tags=["b"]', { tags: ["b"] }],
    ["free=5", { free: "5" }],
    // The text doesn't tell what is possible here, so that only the node can.
    ["later=z", { later: "z" }],
    ["level=5", { level: 5 }],
  ])("%s is taken", async (input, inputs) => {
    expect(await run("--input", `paint.${input}`)).toBe(0);
    const values = Object.fromEntries(Object.entries(inputs).map(([port, value]) => [`paint.${port}`, value]));
    expect(engine.requests[0]!.inputs).toEqual(values);
  });

  test.each([
    ["size=3", "`paint.size` takes one of 1, 2, not 3."],
    ["style=chalk", '`paint.style` takes one of "i", "o", "1", not "chalk".'],
    ['style=["i"]', "`paint.style` takes one choice, not a list."],
    ['tags=["b","c"]', '`paint.tags` takes one of "a", "b", not "c".'],
    ["tags=a", '`paint.tags` takes a list of choices, not "a".'],
    ["level=6", "`paint.level` must be at most 5; 6 is more."],
    ["level=-1", "`paint.level` must be at least 0; -1 is less."],
    ["photo=notes.txt", /^`paint\.photo` takes an image; .*notes\.txt is text\/plain\.$/],
  ])("%s is refused", async (input, message) => {
    expect(await run("--input", `paint.${input}`)).toBe(2);
    const [, said] = /^daggr: (.*)\n$/.exec(shell.stderr.text)!;
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
    expect(engine.requests).toEqual([]);
  });
});

test.each([
  [["--only", "paint", "--only", "show"], "It is given twice; name one node, or use --to, which may be repeated."],
  [["--only", ""], "It is empty."],
  [["--sheet", "a", "--sheet", "b"], "It is given twice; a run uses one sheet."],
  [["--sheet", " "], "It is empty."],
])("%s is refused", async (args, why) => {
  expect(await run(...args)).toBe(2);
  expect(shell.stderr.text).toMatch(/^daggr: option '--(only <node>|sheet <name>)' argument '.*' is invalid\. /);
  expect(shell.stderr.text).toContain(why);
  expect(engine.requests).toEqual([]);
});

test("a file whose name begins with a dash comes after --", async () => {
  const dashed = shell.write("-x.daggr.ts", WORKFLOW);
  engine = new FakeEngine(new WorkflowAnalysis(dashed, { read: () => WORKFLOW }).analyse().graph);
  expect(await shell.run(["run", "--to", "paint", "--", "-x.daggr.ts"], engine)).toBe(0);
  expect(engine.requests).toMatchObject([{ targets: ["paint"] }]);
});

test.each([[["run", "a.daggr.ts", "b.daggr.ts"]], [["graph", "a.daggr.ts", "--to", "paint"]], [["run", "--input"]]])(
  "%s is wrong usage",
  async (args) => {
    expect(await shell.run(args, engine)).toBe(2);
    expect(shell.stderr.text).toMatch(/^daggr: /);
    expect(engine.requests).toEqual([]);
  },
);

test("--to and --only exclude each other", async () => {
  expect(await run("--to", "paint", "--only", "show")).toBe(2);
  expect(engine.requests).toEqual([]);
});

describe("for people", () => {
  test("a line a node on stderr, the outputs on stdout", async () => {
    engine.onRun = async () => {
      engine.emit(started);
      engine.emit({ type: "node-started", runId, node: "paint", at, count: 1 });
      engine.emit({ type: "node-log", runId, node: "paint", lines: [{ level: "log", text: "mixing", at }] });
      engine.emit({ type: "node-succeeded", runId, node: "paint", at, result });
      engine.emit({ type: "node-waits", runId, node: "show", at });
      engine.emit({ type: "node-reused", runId, node: "show", at, result });
      const outputs = { paint: { picture: "/p/a.png", score: 3 }, show: { output: { a: 1 } } };
      engine.emit({ type: "finished", runId, at, status: "succeeded", executed: 1, reused: 1, savedMs: 0, outputs });
      return success({ status: "succeeded", executed: 1, reused: 1 });
    };
    expect(await run()).toBe(0);
    expect(shell.stderr.text).toMatch(
      /^▸ paint runs\n {2}paint \| mixing\n✓ paint 1\.2 s\n◔ show is being made by another run, which is waited for\n✓ show fresh, reused\nSucceeded: 1 ran, 1 reused [\d.]+ m?s\n$/,
    );
    expect(shell.stdout.text).toBe('paint.picture: /p/a.png\nshow.output:\n{\n  "a": 1\n}\n');
  });

  test("a single output stands alone, to be piped on", async () => {
    engine.onRun = async () => {
      const outputs = { paint: { picture: "/p/a.png", score: 3 } };
      engine.emit({ type: "finished", runId, at, status: "succeeded", executed: 0, reused: 3, savedMs: 0, outputs });
      return success({ status: "succeeded", executed: 0, reused: 3 });
    };
    expect(await run("--to", "paint")).toBe(0);
    expect(shell.stdout.text).toBe("/p/a.png\n");
    expect(shell.stderr.text).toBe("Nothing to run: 3 results are fresh.\n");
  });

  describe("a file that takes long to load", () => {
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    test("is said to be loading, once", async () => {
      engine.onRun = async () => {
        await vi.advanceTimersByTimeAsync(1900);
        expect(shell.stderr.text).toBe("");
        await vi.advanceTimersByTimeAsync(60_000);
        return success({ status: "succeeded", executed: 0, reused: 3 });
      };
      await run();
      expect(shell.stderr.text).toBe("Loading paint.daggr.ts…\nNothing to run: 3 results are fresh.\n");
      shell.stderr.text = "";
      await run("--json");
      expect(shell.stderr.text).toBe("daggr: Loading paint.daggr.ts…\n");
    });

    test("what is said meanwhile stays on a terminal", async () => {
      shell.stderr = new Screen(true);
      shell.env = { NO_COLOR: "1" };
      engine.onSheets = () => vi.advanceTimersByTimeAsync(3000);
      engine.onRun = async () => {
        await vi.advanceTimersByTimeAsync(500);
        return success({ status: "succeeded", executed: 0, reused: 3 });
      };
      await run("--sheet", "typo");
      expect(seen(shell.stderr.text)).toBe(
        "daggr: “typo” is a new sheet (there are: main).\nNothing to run: 3 results are fresh.\n",
      );
    });

    test("leaves nothing behind on a terminal when the command turns out to be wrong", async () => {
      shell.stderr = new Screen(true);
      shell.env = { NO_COLOR: "1" };
      const { graph } = engine.state;
      engine.state = { ...engine.state, graph: { ...graph!, complete: false } };
      engine.onPlan = () => vi.advanceTimersByTimeAsync(3000);
      expect(await run("--to", "piant")).toBe(2);
      expect(shell.stderr.text).toContain("Loading");
      expect(seen(shell.stderr.text)).toBe("daggr: --to: There is no node `piant`. Did you mean `paint`?\n");
    });

    test("on a terminal with the time that has passed, until a node runs", async () => {
      shell.stderr = new Screen(true);
      engine.onRun = async () => {
        await vi.advanceTimersByTimeAsync(5100);
        expect(shell.stderr.text).toMatch(/Loading paint\.daggr\.ts… 5 s\n$/);
        engine.emit({ type: "node-started", runId, node: "paint", at: Date.now(), count: 1 });
        shell.stderr.text = "";
        await vi.advanceTimersByTimeAsync(5100);
        expect(shell.stderr.text).not.toContain("Loading");
        return success({ status: "succeeded", executed: 1, reused: 0 });
      };
      await run();
    });
  });

  test("a failure with its hint and stack, and what it holds up", async () => {
    engine.onRun = async () => {
      const failure = {
        reason: "thrown",
        message: "No paint.",
        hint: "Buy some.",
        stack: "at mix (a.ts:1:2)\nat b",
      } as const;
      engine.emit({ type: "node-failed", runId, node: "paint", at, durationMs: 80, failure });
      engine.emit({ type: "node-blocked", runId, node: "show", at, by: "paint", failure });
      return success({ status: "failed", executed: 1, reused: 0 });
    };
    expect(await run()).toBe(1);
    expect(shell.stderr.text).toContain(
      "✗ paint 80 ms\n  No paint.\n  Buy some.\n  at mix (a.ts:1:2)\n  at b\n– show not run, because of paint\nFailed: 1 ran",
    );
  });

  const loadFailed = { reason: "load-failed", message: "It throws.", stack: "at a.ts:1:1" } as const;

  test("what keeps the file from loading is said once", async () => {
    engine.onRun = async () => {
      engine.emit({ type: "node-failed", runId, node: "paint", at, durationMs: 0, failure: loadFailed });
      const end = { status: "failed", executed: 0, reused: 0 } as const;
      engine.emit({ type: "finished", runId, at, ...end, savedMs: 0, failure: loadFailed });
      return success(end);
    };
    engine.state = {
      ...engine.state,
      notices: [{ id: "load-failed", severity: "warning", message: "Part is unknown. It throws." }],
    };
    expect(await run()).toBe(1);
    expect(shell.stderr.text.match(/It throws/g)).toHaveLength(1);
  });

  test("a mistake that the text shows is said where it is, and not again", async () => {
    const { diagnostics } = new WorkflowAnalysis(file, { read: () => "export default new Graph({" }).analyse();
    engine.state = { ...engine.state, diagnostics, graph: null };
    expect(await run()).toBe(1);
    expect(shell.stderr.text).toMatch(
      /^paint\.daggr\.ts:1:\d+ error syntax-error .*\n(.*error.*\n)*Nothing was run, for the file cannot be loaded\.\n$/,
    );
  });

  test("what can't run yet says so itself, and --only what to do instead", async () => {
    const failure = { reason: "unsupported", message: "`paint` can't run.", hint: "Loop." } as const;
    engine.onRun = async () => {
      engine.emit({ type: "node-blocked", runId, node: "paint", at, by: "paint", failure });
      engine.emit({ type: "node-blocked", runId, node: "show", at, by: "paint", failure });
      return success({ status: "failed", executed: 0, reused: 0 });
    };
    await run();
    expect(shell.stderr.text).toContain(
      "– paint not run\n  `paint` can't run.\n  Loop.\n– show not run, because of paint\n",
    );
    engine.onRun = async () => failed({ reason: "missing-upstream", message: "No result.", hint: "Press a button." });
    await run("--only", "show");
    expect(shell.stderr.text).toContain("  No result.\n  Use --to show, which runs what it needs first.\n");
  });

  test("why there was no run at all, and what the store has to say", async () => {
    const notice = { id: "read-only", severity: "warning", message: "The folder is read-only." } as const;
    engine.state = { ...engine.state, notices: [notice] };
    engine.onRun = async () => failed({ reason: "load-failed", message: "It throws at module level." });
    expect(await run()).toBe(1);
    expect(shell.stderr.text).toBe("warning The folder is read-only.\n  It throws at module level.\n");
  });

  describe("what a node says is data", () => {
    const NASTY = "\x1b]0;title\x07\x1b[31mred\x1b[0m\x1b[2J bell\x07 back\rover \u202ednal\u2028\u061c\r\nend";
    const PLAIN = "red bell\\x07 back\\x0dover \\u202ednal\\u2028\\u061c";
    const json = () => JSON.parse(shell.stdout.text.trimEnd().split("\n").at(-1)!) as { outputs: object };
    beforeEach(() => {
      engine.onRun = async () => {
        engine.emit({ type: "node-log", runId, node: "paint", lines: [{ level: "log", text: NASTY, at }] });
        const failure = { reason: "thrown", message: NASTY, stack: NASTY } as const;
        engine.emit({ type: "node-failed", runId, node: "paint", at, durationMs: 80, failure });
        const outputs = { paint: { picture: NASTY } };
        engine.emit({ type: "finished", runId, at, status: "failed", executed: 0, reused: 0, savedMs: 0, outputs });
        return success({ status: "failed", executed: 1, reused: 0 });
      };
    });

    test("to a terminal it does nothing", async () => {
      shell.stdout = new Screen(true);
      shell.env = { NO_COLOR: "1" };
      await run();
      expect(shell.stderr.text).toContain(
        `  paint | ${PLAIN}\n  paint | end\n✗ paint 80 ms\n  ${PLAIN}\n  end\n  ${PLAIN}\n  end\n`,
      );
      expect(shell.stdout.text).toBe(`${PLAIN}\nend\n`);
    });

    test("nor do names", async () => {
      shell.stdout = new Screen(true);
      shell.env = { NO_COLOR: "1" };
      engine.onRun = async () => {
        const outputs = { paint: { "\x1b]0;x\x07one": 1, two: 2 } };
        engine.emit({ type: "finished", runId, at, status: "succeeded", executed: 0, reused: 0, savedMs: 0, outputs });
        return success({ status: "succeeded", executed: 0, reused: 0 });
      };
      await run();
      expect(shell.stdout.text).toBe("paint.one: 1\npaint.two: 2\n");
    });

    test("what is piped on is exact", async () => {
      await run();
      expect(shell.stdout.text).toBe(`${NASTY}\n`);
      shell.stdout.text = "";
      await run("--json");
      expect(json().outputs).toEqual({ paint: { picture: NASTY } });
    });

    test("a message of megabytes is cut, and is whole for programs", async () => {
      const long = "é".repeat(2_600_000);
      engine.onRun = async () => failed({ reason: "thrown", message: long });
      await run();
      expect(shell.stderr.text.length).toBeLessThan(5000);
      expect(shell.stderr.text).toContain("é… (5.2 MB; --json has all of it)\n");
      await run("--json");
      expect(json()).toMatchObject({ failure: { message: long } });
    });
  });

  test("of output that was cut before it came here, nobody promises the rest", async () => {
    const text = cutText("x".repeat(10_500), 10_000, 300_000_000);
    engine.onRun = async () => {
      engine.emit({ type: "node-log", runId, node: "paint", lines: [{ level: "log", text, at }] });
      return success({ status: "succeeded", executed: 1, reused: 0 });
    };
    await run();
    expect(shell.stderr.text).toContain("x… (300000000 characters, of which the first 4000 are shown)\n");
    expect(shell.stderr.text).not.toContain("--json");
  });

  test.each(["絵を描く", "👩‍👩‍👧‍👦 ", "e\u0301"])("a line of %s is cut before it wraps", async (piece) => {
    vi.useFakeTimers();
    try {
      shell.stderr = new Screen(true);
      shell.env = { NO_COLOR: "1" };
      engine.onRun = async () => {
        engine.emit({ type: "node-started", runId, node: "paint", at: Date.now(), count: 1 });
        const message = piece.repeat(Math.floor(180 / piece.length));
        engine.emit({ type: "node-progress", runId, node: "paint", progress: { message } });
        await vi.advanceTimersByTimeAsync(100);
        return success({ status: "succeeded", executed: 1, reused: 0 });
      };
      await run();
      const line = shell.stderr.text.split("\n").find((each) => each.includes("▸ paint"))!;
      // As a terminal shows it that doesn't know families.
      const width = Array.from(line, (part) => stringWidth(part)).reduce((sum, each) => sum + each, 0);
      expect(width).toBeLessThan(80);
      expect(width).toBeGreaterThan(65);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a terminal sees the work going on, and nothing of that stays", async () => {
    shell.stderr = new Screen(true);
    shell.env = { NO_COLOR: "1" };
    engine.onRun = async () => {
      engine.emit({ type: "node-started", runId, node: "paint", at: Date.now(), count: 1 });
      engine.emit({ type: "node-progress", runId, node: "paint", progress: { fraction: 0.5, message: "half way" } });
      engine.emit({ type: "node-log", runId, node: "paint", lines: [{ level: "log", text: "mixing", at }] });
      engine.emit({ type: "node-succeeded", runId, node: "paint", at, result });
      return success({ status: "succeeded", executed: 1, reused: 0 });
    };
    await run();
    expect(shell.stderr.text).toMatch(/▸ paint █{10}░{10} 50 % half way [\d.]+ m?s\n/);
    expect(seen(shell.stderr.text)).toMatch(
      /^ {2}paint \| mixing\n✓ paint 1\.2 s\nSucceeded: 1 ran, 0 reused [\d.]+ m?s\n$/,
    );
  });
});

/** What a terminal shows in the end, of text that goes some lines up and erases from there. */
function seen(text: string): string {
  // eslint-disable-next-line no-control-regex -- the terminal's own code
  const [first = "", ...rest] = text.split(/\x1b\[(?=\d+A)/);
  return rest.reduce((screen, part) => {
    // eslint-disable-next-line no-control-regex -- the terminal's own code
    const [, up, after] = /^(\d+)A\x1b\[0J([^]*)$/.exec(part)!;
    return (
      screen
        .split("\n")
        .slice(0, -1 - Number(up))
        .map((line) => `${line}\n`)
        .join("") + after!
    );
  }, first);
}

describe("for programs", () => {
  const lines = () =>
    shell.stdout.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);

  test("one run event a line, the outputs in the last", async () => {
    engine.onRun = async () => {
      engine.emit(started);
      const outputs = { show: { output: "shown" } };
      engine.emit({ type: "finished", runId, at, status: "succeeded", executed: 1, reused: 0, savedMs: 0, outputs });
      return success({ status: "succeeded", executed: 1, reused: 0 });
    };
    expect(await run("--json")).toBe(0);
    expect(lines().map(({ type }) => type)).toEqual(["started", "finished"]);
    expect(lines().at(-1)).toMatchObject({ status: "succeeded", outputs: { show: { output: "shown" } } });
    expect(shell.stderr.text).toBe("");
  });

  test("what a function left running says comes after the last line, on stderr", async () => {
    engine.onRun = async () => {
      engine.emit({
        type: "finished",
        runId,
        at,
        status: "succeeded",
        executed: 1,
        reused: 0,
        savedMs: 0,
        outputs: {},
      });
      return success({ status: "succeeded", executed: 1, reused: 0 });
    };
    engine.onSettle = () =>
      engine.emit({ type: "node-log", runId, node: "paint", lines: [{ level: "error", text: "late", at }] });
    await run("--json");
    expect(shell.stdout.text.trimEnd().split("\n").at(-1)).toContain('"finished"');
    expect(shell.stderr.text).toBe("daggr: paint: late\n");
  });

  test("a run that could not begin ends with the same line", async () => {
    engine.onRun = async () => failed({ reason: "load-failed", message: "It throws." });
    expect(await run("--json")).toBe(1);
    expect(lines()).toEqual([
      {
        type: "finished",
        status: "failed",
        executed: 0,
        reused: 0,
        failure: { reason: "load-failed", message: "It throws." },
        outputs: {},
      },
    ]);
  });

  test("so does a file without a graph", async () => {
    const { diagnostics } = new WorkflowAnalysis(file, { read: () => "export {};" }).analyse();
    engine = new FakeEngine(null, { file, diagnostics });
    expect(await run("--json")).toBe(1);
    expect(lines()).toMatchObject([{ type: "finished", status: "failed", failure: { reason: "load-failed" } }]);
    expect(engine.requests).toEqual([]);
  });
});

describe("being interrupted", () => {
  test("stops the run and waits for it", async () => {
    engine.onRun = () =>
      new Promise((resolve) => {
        engine.onStop = () => resolve(success({ status: "cancelled", executed: 1, reused: 0 }));
        queueMicrotask(() => shell.interrupt.abort());
      });
    expect(await run()).toBe(130);
    expect(engine.stops).toBe(1);
    expect(shell.stderr.text).toMatch(/^Stopping… \(again to stop at once\)\nStopped: 1 ran/);
  });

  test("twice: waits for nothing", async () => {
    engine.onRun = () => {
      queueMicrotask(() => {
        shell.interrupt.abort();
        shell.kill.abort();
      });
      return new Promise(() => undefined);
    };
    expect(await run()).toBe(130);
    expect(engine.disposed).toBe(true);
  });

  test("before anything began: nothing begins", async () => {
    shell.interrupt.abort();
    expect(await run()).toBe(130);
    expect(engine.requests).toEqual([]);
  });
});
