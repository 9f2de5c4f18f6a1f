import { describe, expect, it } from "vitest";
import { freshnessOf } from "../../../src/scheduler/freshness.js";
import { callable, control, fixed, graphOf, inputNode, node, Workflow } from "./plannerWorkflow.js";

const chain = () =>
  new Workflow(
    graphOf(
      node("image", { prompt: control("prompt"), steps: fixed(20) }),
      node("cutout", { image: "image.output" }, { target: { kind: "fn", functionName: "cut" } }),
      node("framed", { image: "cutout.output", colour: control("colour") }),
      node("apart", { text: control("text") }),
    ),
  );

describe("freshness", () => {
  it("is none before the first run and fresh after it", async () => {
    const flow = chain();
    expect(flow.freshness()).toEqual({ image: "none", cutout: "none", framed: "none", apart: "none" });
    await flow.run();
    expect(flow.freshness()).toEqual({ image: "fresh", cutout: "fresh", framed: "fresh", apart: "fresh" });
  });

  it("is lost by an edited input, downstream of it too, and nowhere else", async () => {
    const flow = chain();
    await flow.run();
    flow.type("prompt", "a beaver");
    expect(flow.freshness()).toEqual({
      image: "input `prompt` changed",
      cutout: "`image` is stale",
      framed: "`cutout` is stale",
      apart: "fresh",
    });
    flow.type("prompt", "default");
    expect(flow.freshness().framed).toBe("fresh");
  });

  it("names what changed in the code", async () => {
    const flow = chain();
    await flow.run();
    flow.edit("cutout", () => ({ code: "new code" }));
    expect(flow.freshness()).toMatchObject({
      image: "fresh",
      cutout: "code of `cut` changed",
      framed: "`cutout` is stale",
    });
    flow.edit("cutout", () => ({ code: "code of cutout", name: "Renamed", limits: { retries: 3 } }));
    expect(flow.freshness().cutout).toBe("fresh");
  });

  it("names the file that changed, but not of a result whose record doesn't tell files apart", async () => {
    const flow = chain();
    await flow.run();
    const reads = (code: string, file: string | null, own = "own") =>
      flow.edit("cutout", () => ({ code, codeParts: { own, files: { "a.txt": file } } }));
    reads("code of cutout", "1");
    expect(flow.freshness().cutout).toBe("fresh");
    reads("with 2", "2");
    expect(flow.freshness().cutout).toBe("code of `cut` changed");
    await flow.run();
    reads("with nothing", null);
    expect(flow.freshness().cutout).toBe("file `a.txt` changed");
    reads("another, with nothing", null, "another");
    expect(flow.freshness().cutout).toBe("code of `cut` changed");
  });

  it("names the option, the outputs, an input that went or came", async () => {
    const target = { kind: "gradio", space: "a/b", apiName: "/x", runLocally: false, validate: true } as const;
    const flow = new Workflow(graphOf(node("image", { steps: fixed(20) }, { kind: "gradio", target, code: null })));
    await flow.run();
    const original = flow.graph;
    const after = (change: Parameters<typeof flow.edit>[1]) => {
      flow.graph = original;
      flow.edit("image", change);
      return flow.freshness().image;
    };
    expect(after(() => ({ target: { ...target, apiName: "/y" } }))).toBe("endpoint changed");
    expect(after(() => ({ target: { ...target, space: "a/c" } }))).toBe("Space changed");
    expect(after(() => ({ outputs: [{ name: "other", spec: null }] }))).toBe("outputs changed");
    expect(after(() => ({ inputs: [] }))).toBe("input `steps` was removed");
    expect(after(({ inputs }) => ({ inputs: [...inputs, { name: "seed", source: fixed(1) }] }))).toBe(
      "input `seed` changed",
    );
    expect(after(() => ({ code: "postprocess" }))).toBe("code of `image` changed");
  });

  it("stays when an upstream rerun gives the same output, and goes when it gives another", async () => {
    const flow = chain();
    flow.gives.image = () => "always the same";
    await flow.run();
    flow.type("prompt", "other");
    await flow.run("to", ["image"]);
    expect(flow.freshness()).toMatchObject({ image: "fresh", cutout: "fresh", framed: "fresh" });
    flow.gives.image = () => "something else";
    await flow.run("to", ["image"], "not-targets");
    expect(flow.freshness()).toMatchObject({ cutout: "`image` gave another value", framed: "`cutout` is stale" });
  });

  it("follows the edits of an InputNode after the first run", async () => {
    const flow = new Workflow(
      graphOf(inputNode("settings", { prompt: "cat" }), node("image", { text: "settings.prompt" })),
    );
    await flow.run();
    expect(flow.freshness()).toEqual({ settings: "fresh", image: "fresh" });
    flow.type("settings.prompt", "dog");
    expect(flow.freshness().image).toBe("input `text` changed");
  });

  it("feeds one control to every node that uses it", async () => {
    const shared = control("shared");
    const flow = new Workflow(graphOf(node("a", { x: shared }), node("b", { y: shared })));
    await flow.run();
    flow.type("shared", "new");
    expect(flow.freshness()).toEqual({ a: "input `x` changed", b: "input `y` changed" });
  });

  it("counts a callable by its code, not by what it draws", async () => {
    const flow = new Workflow(graphOf(node("dice", { seed: callable("random") })));
    await flow.run();
    expect(flow.freshness().dice).toBe("fresh");
    flow.edit("dice", () => ({ inputs: [{ name: "seed", source: callable("better random") }] }));
    expect(flow.freshness().dice).toBe("code of `seed` changed");
  });

  it("says when the result upstream is gone, or another one is selected", async () => {
    const flow = chain();
    await flow.run();
    const older = flow.selected.get("image")!;
    flow.type("prompt", "newer");
    await flow.run();
    flow.selected.set("image", older);
    expect(flow.freshness()).toMatchObject({ image: "input `prompt` changed", cutout: "`image` gave another value" });
    flow.selected.delete("image");
    expect(flow.freshness()).toMatchObject({
      image: "none",
      cutout: "`image` has no result",
      framed: "`cutout` is stale",
    });
  });

  it("is unknown where only the running file can tell, unless something that is known differs", async () => {
    const flow = chain();
    await flow.run();
    flow.edit("image", ({ inputs }) => ({ inputs: [inputs[0]!, { name: "steps", source: { kind: "fixed" } }] }));
    expect(flow.freshness()).toMatchObject({ image: "unknown", cutout: "unknown", framed: "unknown", apart: "fresh" });
    flow.type("colour", "red");
    expect(flow.freshness()).toMatchObject({ image: "unknown", framed: "input `colour` changed" });
    flow.type("prompt", "new");
    expect(flow.freshness()).toMatchObject({ image: "input `prompt` changed", cutout: "`image` is stale" });
  });

  it("is unknown while only the running file can tell what is called, and right once it has told", async () => {
    const target = { kind: "inference", model: "owner/model", provider: null, task: null } as const;
    const model = node("model", { prompt: control("prompt") }, { kind: "inference", target, code: null });
    const flow = new Workflow(graphOf(model, node("after", { x: "model.output" })));
    await flow.run();
    const loaded = flow.graph;
    // As text has it: the model is an environment variable, the outputs are spread from a call.
    flow.edit("model", () => ({ target: { ...target, model: "" }, outputs: [], untold: true }));
    expect(flow.freshness()).toEqual({ model: "unknown", after: "unknown" });
    flow.edit("model", () => ({ inputs: [] }));
    expect(flow.freshness()).toEqual({ model: "unknown", after: "unknown" });
    flow.graph = loaded;
    expect(flow.freshness()).toEqual({ model: "fresh", after: "fresh" });
    flow.edit("model", () => ({ target: { ...target, model: "owner/other" } }));
    expect(flow.freshness()).toEqual({ model: "model changed", after: "`model` is stale" });
    flow.edit("model", () => ({ target: { ...target, model: "" }, untold: true }));
    flow.type("prompt", "new");
    expect(flow.freshness()).toEqual({ model: "input `prompt` changed", after: "`model` is stale" });
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "holds for ports and controls called %s",
    async (name) => {
      const inputs = Object.fromEntries([[name, control(name)]]);
      const flow = new Workflow(graphOf(node("a", inputs), node("b", Object.fromEntries([[name, "a.output"]]))));
      expect(flow.freshness()).toEqual({ a: "none", b: "none" });
      await flow.run();
      expect(flow.freshness()).toEqual({ a: "fresh", b: "fresh" });
      flow.edit("a", () => ({ inputs: [{ name, source: fixed("other") }] }));
      expect(flow.freshness()).toEqual({ a: `input \`${name}\` changed`, b: "`a` is stale" });
    },
  );

  it("ends on a cycle", () => {
    const graph = graphOf(node("a", { x: "b.output" }), node("b", { x: "a.output" }));
    expect(freshnessOf(graph, {}, new Map())).toEqual({ a: { kind: "none" }, b: { kind: "none" } });
  });

  it("of a chain of 10,000 nodes needs no deep stack", async () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => node(`n${i}`, i > 0 ? { x: `n${i - 1}.output` } : {}));
    const flow = new Workflow(graphOf(...nodes.reverse()));
    flow.gives.n0 = () => 1;
    expect(flow.freshness().n9999).toBe("none");
  });
});
