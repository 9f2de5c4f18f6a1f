import { describe, expect, it } from "vitest";
import { callable, control, fixed, graphOf, inputNode, node, other, Workflow } from "./plannerWorkflow.js";

/** a → b → d and a → c → d, and e alone. */
const diamond = () =>
  new Workflow(
    graphOf(
      node("d", { left: "b.output", right: "c.output" }),
      node("a", { prompt: control("prompt") }),
      node("b", { x: "a.output" }),
      node("c", { x: "a.output", style: control("style") }),
      node("e", { n: fixed(1) }),
    ),
  );

describe("running everything", () => {
  it("goes upstream first, and in the order of declaration otherwise, disconnected parts too", async () => {
    const flow = diamond();
    expect(await flow.planned("all")).toEqual([
      "a: run (no result yet)",
      "b: run (no result yet)",
      "c: run (no result yet)",
      "d: run (no result yet)",
      "e: run (no result yet)",
    ]);
    expect(await flow.run()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("again executes nothing, and says so", async () => {
    const flow = diamond();
    flow.durations.a = 1234;
    await flow.run();
    expect(await flow.planned("all")).toEqual(["a", "b", "c", "d", "e"].map((id) => `${id}: reuse (nothing changed)`));
    expect(await flow.run()).toEqual([]);
    const plan = await flow.plan("all");
    expect(plan).toMatchObject({ ok: true, value: { steps: [{ node: "a", expectedMs: 1234 }, {}, {}, {}, {}] } });
    expect(plan.ok && plan.value).not.toHaveProperty("blocked");
  });

  it("after an edit executes what depends on it", async () => {
    const flow = diamond();
    await flow.run();
    flow.type("style", "oil");
    expect(await flow.planned("all")).toEqual([
      "a: reuse (nothing changed)",
      "b: reuse (nothing changed)",
      "c: run (input `style` changed)",
      "d: run-if-changed (`c` runs first)",
      "e: reuse (nothing changed)",
    ]);
    expect(await flow.run()).toEqual(["c", "d"]);
  });

  it("does not execute what follows a rerun that gives the same value", async () => {
    const flow = diamond();
    flow.gives.a = () => "constant";
    await flow.run();
    flow.type("prompt", "other");
    expect(await flow.run()).toEqual(["a"]);
  });

  it("goes back to earlier results when an edit is undone", async () => {
    const flow = diamond();
    await flow.run();
    flow.type("prompt", "other");
    expect(await flow.run()).toEqual(["a", "b", "c", "d"]);
    flow.type("prompt", "default");
    expect((await flow.planned("all"))[0]).toBe("a: reuse (ran with the same inputs before)");
    expect(await flow.run()).toEqual([]);
  });

  it("without reuse executes everything", async () => {
    const flow = diamond();
    await flow.run();
    expect(await flow.run("all", [], "never")).toEqual(["a", "b", "c", "d", "e"]);
    expect((await flow.planned("all", [], "never"))[3]).toBe("d: run (asked for)");
  });

  it("leaves draws as they are", async () => {
    const flow = new Workflow(graphOf(node("dice", { seed: callable("random") })));
    await flow.run();
    expect(await flow.run("all")).toEqual([]);
  });
});

describe("running to a node", () => {
  it("executes what it needs and no more", async () => {
    const flow = diamond();
    expect(await flow.run("to", ["c"])).toEqual(["a", "c"]);
    expect(await flow.run("to", ["d"])).toEqual(["b", "d"]);
  });

  it("executes the target in any case when asked to, and an ancestor only when it is stale", async () => {
    const flow = diamond();
    await flow.run();
    expect(await flow.run("to", ["d"], "not-targets")).toEqual(["d"]);
    flow.type("prompt", "other");
    expect(await flow.planned("to", ["c"], "not-targets")).toEqual([
      "a: run (input `prompt` changed)",
      "c: run (asked for)",
    ]);
    expect(await flow.run("to", ["c"], "never")).toEqual(["a", "c"]);
  });

  it("draws anew for the target, and for the target alone", async () => {
    const flow = new Workflow(graphOf(node("dice", { seed: callable("random") }), node("sum", { x: "dice.output" })));
    await flow.run();
    expect(await flow.planned("to", ["dice"])).toEqual(["dice: run (`seed` is drawn anew)"]);
    expect(await flow.run("to", ["sum"])).toEqual([]);
  });

  it("never has InputNodes in it, and takes their values as they are now", async () => {
    const flow = new Workflow(graphOf(inputNode("settings", { p: "cat" }), node("a", { x: "settings.p" })));
    expect(await flow.run("to", ["a"])).toEqual(["a"]);
    flow.type("settings.p", "dog");
    expect(await flow.planned("only", ["a"])).toEqual(["a: run (input `x` changed)"]);
    expect(await flow.planned("to", ["settings"])).toEqual([]);
  });
});

describe("running a node alone", () => {
  it("uses the selected results upstream, stale as they may be", async () => {
    const flow = diamond();
    await flow.run();
    flow.type("prompt", "other");
    flow.type("style", "ink");
    expect(await flow.run("only", ["c"])).toEqual(["c"]);
    expect(flow.selected.get("c")?.upstream).toEqual({ x: flow.selected.get("a")?.id });
    expect(await flow.run("only", ["c"])).toEqual([]);
    expect(await flow.run("only", ["c"], "not-targets")).toEqual(["c"]);
  });

  it("says which result is missing and how to get it", async () => {
    const flow = diamond();
    await flow.run("to", ["b"]);
    expect(await flow.plan("only", ["d"])).toMatchObject({
      ok: false,
      failure: {
        reason: "missing-upstream",
        message: "`d` can't run alone, because `c`, which feeds its input `right`, has no result yet.",
        hint: "Run to `d` instead, which runs `c` first.",
      },
    });
    expect(await flow.run("only", ["c", "d"])).toEqual(["c", "d"]);
  });
});

describe("running a step", () => {
  it("makes what is missing upstream, and takes what is there as it is, stale or not", async () => {
    const flow = diamond();
    await flow.run("to", ["b"]);
    flow.type("prompt", "other");
    // `a` and `b` are stale by now.
    expect(await flow.run("step", ["d"])).toEqual(["c", "d"]);
    expect(flow.selected.get("c")?.upstream).toEqual({ x: flow.selected.get("a")?.id });
    expect(await flow.run("step", ["d"])).toEqual([]);
    expect(await flow.run("step", ["d"], "not-targets")).toEqual(["d"]);
  });

  it("goes up as far as nothing is there", async () => {
    const flow = diamond();
    expect(await flow.run("step", ["d"])).toEqual(["a", "b", "c", "d"]);
  });
});

describe("running downstream", () => {
  it("executes what depends on the target, and what that needs besides if it has to", async () => {
    const flow = diamond();
    await flow.run("to", ["a"]);
    expect(await flow.run("downstream", ["b"], "never")).toEqual(["b", "c", "d"]);
    expect(await flow.run("downstream", ["b"], "never")).toEqual(["b", "d"]);
    expect(await flow.run("downstream", ["b"])).toEqual([]);
  });
});

describe("running what is stale", () => {
  it("leaves alone what is fresh and what never ran", async () => {
    const flow = diamond();
    await flow.run("to", ["d"]);
    expect(await flow.planned("stale")).toEqual([]);
    flow.type("style", "oil");
    expect(await flow.planned("stale")).toEqual([
      "a: reuse (nothing changed)",
      "b: reuse (nothing changed)",
      "c: run (input `style` changed)",
      "d: run-if-changed (`c` runs first)",
    ]);
    expect(await flow.run("stale")).toEqual(["c", "d"]);
    expect(Object.values(flow.freshness())).toEqual(["fresh", "fresh", "fresh", "fresh", "none"].sort());
  });
});

describe("what can't be planned", () => {
  it("is a target that isn't there, with the name that may be meant", async () => {
    expect(await diamond().plan("to", ["aa"])).toMatchObject({
      ok: false,
      failure: { reason: "not-found", message: "There is no node `aa` in “Flow”.", hint: "Did you mean `a`?" },
    });
  });

  it("is a cycle, told in the direction of its edges; other parts run", async () => {
    const flow = new Workflow(
      graphOf(node("x", { i: "z.output" }), node("y", { i: "x.output" }), node("z", { i: "y.output" }), node("free")),
    );
    const plan = await flow.plan("all");
    expect(plan).toMatchObject({ ok: false, failure: { reason: "unsupported" } });
    expect(plan.ok ? "" : plan.failure.message).toMatch(
      /`(x` → `y` → `z` → `x|y` → `z` → `x` → `y|z` → `x` → `y` → `z)`/,
    );
    expect(await flow.run("to", ["free"])).toEqual(["free"]);
  });

  it("is a node that can't run; it blocks what needs it and nothing else", async () => {
    const flow = new Workflow(
      graphOf(
        node("draft"),
        other("approved", "choice", { kind: "choice", variants: [] }, { draft: "draft.output" }),
        node("sent", { text: "approved.output" }),
        node("lines"),
        node("all", { lines: { edge: "lines.output", mode: "gather" } }),
      ),
    );
    const plan = await flow.plan("all");
    expect(plan.ok && plan.value.steps.map((step) => step.node)).toEqual(["draft", "lines"]);
    expect(plan.ok && plan.value.blocked?.map(({ node: id, by }) => [id, by])).toEqual([
      ["approved", "approved"],
      ["sent", "approved"],
      ["all", "all"],
    ]);
    expect(plan.ok && plan.value.blocked?.at(-1)?.failure.message).toContain("`lines` runs once, not once an item");
    expect(await flow.plan("to", ["sent"])).toMatchObject({
      ok: false,
      failure: { reason: "unsupported", message: expect.stringContaining("`approved`") as string },
    });
    expect(await flow.run("to", ["draft"])).toEqual(["draft"]);
  });

  it("leaves alternatives alone until somebody asks for one", async () => {
    const flow = new Workflow(
      graphOf(
        node("a", {}, { variantOf: "either" }),
        node("b", {}, { variantOf: "either" }),
        other("either", "choice", { kind: "choice", variants: ["a", "b"] }),
        node("free"),
      ),
    );
    expect(await flow.run("all")).toEqual(["free"]);
    expect(await flow.run("to", ["b"])).toEqual(["b"]);
  });
});

it("waits with what depends on values that only the running file can tell", async () => {
  const flow = diamond();
  await flow.run();
  flow.edit("e", () => ({ inputs: [{ name: "n", source: { kind: "fixed" } }] }));
  expect((await flow.planned("all")).at(-1)).toBe(
    "e: run-if-changed (whether it changed is known once the file is loaded)",
  );
});
