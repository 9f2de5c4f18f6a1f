import {
  choice,
  ApproveNode,
  ChooseOneNode,
  FnNode,
  GradioNode,
  Graph,
  gr,
  InferenceNode,
  InputNode,
  itemList,
} from "daggr";
import { describe, expect, test } from "vitest";
import { COMPONENT_NAMES, type ComponentName } from "../../../src/model/component.js";
import { readGraph, type RuntimeInput, type RuntimeNode } from "../../../src/sdk/runtime.js";

/** Types forbid what these tests do on purpose; authors may write plain JavaScript. */
function untyped(construct: unknown): new (...given: unknown[]) => object {
  return construct as new (...given: unknown[]) => object;
}

function read(...nodes: ConstructorParameters<typeof Graph>[0]["nodes"]): readonly RuntimeNode[] {
  return readGraph(new Graph({ name: "Test", nodes }))!.nodes;
}

function source(node: RuntimeNode | undefined, input: string): RuntimeInput {
  return node!.inputs.find(({ name }) => name === input)!.source;
}

describe("what the runner reads", () => {
  const prompt = gr.Textbox({ label: "Prompt", lines: 3, value: "A cheetah." });
  const image = new GradioNode("owner/space", {
    apiName: "generate",
    inputs: { prompt, height: 1024, seed: () => 7, negative: null },
    outputs: { image: gr.Image({ label: "Image" }), status: null },
    retries: 2,
    timeout: 30,
  });

  test("a Gradio app with each kind of input", () => {
    const [node] = read(image);
    expect(node).toMatchObject({
      key: image,
      kind: "gradio",
      name: null,
      target: { kind: "gradio", space: "owner/space", apiName: "/generate", runLocally: false, validate: true },
      limits: { retries: 2, timeout: 30 },
      outputs: [
        { name: "image", spec: { component: "Image", props: { label: "Image" } } },
        { name: "status", spec: null },
      ],
    });
    expect(source(node, "prompt")).toEqual({
      kind: "component",
      spec: { component: "Textbox", props: { label: "Prompt", lines: 3 }, value: "A cheetah." },
      component: prompt,
    });
    expect(source(node, "height")).toEqual({ kind: "fixed", value: 1024 });
    expect(source(node, "negative")).toEqual({ kind: "fixed", value: null });
    const seed = source(node, "seed");
    expect(seed.kind === "callable" && seed.call()).toBe(7);
  });

  test("an endpoint keeps its index, and is /predict when none is named", () => {
    const [unnamed, first] = read(
      new GradioNode("http://127.0.0.1:7860", { outputs: {} }),
      new GradioNode("http://127.0.0.1:7860", { apiName: 0, outputs: {} }),
    );
    expect(unnamed!.target).toMatchObject({ apiName: "/predict" });
    expect(first!.target).toMatchObject({ apiName: 0 });
  });

  test("edges: whole, each item, a field of each item, all items", () => {
    const lines = new FnNode(() => [{ text: "hello", all: 1, field: 2 }], {
      outputs: { lines: itemList({ text: gr.Textbox(), all: gr.Number(), field: gr.Number() }) },
    });
    const [node] = read(
      new GradioNode("a/b", {
        inputs: {
          whole: lines.lines,
          each: lines.lines.each,
          field: lines.lines.each.text,
          // eslint-disable-next-line @typescript-eslint/dot-notation -- the other form of the same
          element: lines.lines.each["text"],
          short: lines.lines.text,
          named: lines.lines.field,
          collides: lines.lines.each.all,
          all: lines.lines.all(),
          some: lines.port("lines").all({ skipFailed: true }),
        },
        outputs: {},
      }),
    );
    const edges = Object.fromEntries(
      node!.inputs.map(({ name, source }) => {
        if (source.kind !== "edge") throw new Error(`${name} is no edge`);
        const { kind: _kind, node: upstream, ...rest } = source;
        expect(upstream.key).toBe(lines);
        return [name, rest];
      }),
    );
    const port = "lines";
    expect(edges).toEqual({
      whole: { port, mode: "single" },
      each: { port, mode: "scatter" },
      field: { port, mode: "scatter", field: "text" },
      element: { port, mode: "scatter", field: "text" },
      short: { port, mode: "scatter", field: "text" },
      named: { port, mode: "scatter", field: "field" },
      collides: { port, mode: "scatter", field: "all" },
      all: { port, mode: "gather" },
      some: { port, mode: "gather", skipFailed: true },
    });
  });

  test("a node reached twice is one node", () => {
    const top = new FnNode(() => 1);
    const left = new FnNode(({ n }) => n, { inputs: { n: top.output } });
    const right = new FnNode(({ n }) => n, { inputs: { n: top.output } });
    const [a, b] = read(left, right);
    const [fromLeft, fromRight] = [source(a, "n"), source(b, "n")];
    expect(fromLeft.kind === "edge" && fromLeft.node).toBe(fromRight.kind === "edge" && fromRight.node);
  });

  test("a chain of ten thousand nodes", () => {
    let last = new FnNode(({ n }) => n, { inputs: { n: 0 } });
    for (let i = 0; i < 10_000; i++) last = new FnNode(({ n }) => n, { inputs: { n: last.output } });
    expect(read(last)).toHaveLength(1);
  });

  test("one control shared by two nodes has one identity, on an input node too", () => {
    const inputs = new InputNode({ name: "Scene", ports: { prompt } });
    const [card, node] = read(inputs, image);
    expect(card).toMatchObject({ kind: "input", name: "Scene", inputs: [] });
    expect(card!.outputs[0]!.component).toBe(prompt);
    expect(source(node, "prompt")).toMatchObject({ component: prompt });
  });

  test("functions with what stands around them", () => {
    const fn = (inputs: { text: string }): string => inputs.text;
    const preprocess = ({ a }: { a: string }): { text: string } => ({ text: a });
    const postprocess = (text: string): number => text.length;
    const [node, bare] = read(
      new FnNode(fn, { inputs: { a: "x" }, preprocess, postprocess, outputs: { size: gr.Number() } }),
      new FnNode(() => 1),
    );
    expect(node).toMatchObject({ fn, preprocess, postprocess, target: { kind: "fn", functionName: "fn" } });
    expect(bare).toMatchObject({ target: { functionName: null }, outputs: [{ name: "output", spec: null }] });
  });

  test("models with a provider", () => {
    const [plain, provided] = read(
      new InferenceNode("owner/model", { outputs: { text: gr.Text() } }),
      new InferenceNode("owner/model:fal-ai", { task: "text-to-image", outputs: { image: gr.Image() } }),
    );
    expect(plain!.target).toEqual({ kind: "inference", model: "owner/model", provider: null, task: null });
    expect(provided!.target).toEqual({
      kind: "inference",
      model: "owner/model",
      provider: "fal-ai",
      task: "text-to-image",
    });
  });

  test("alternatives have the ports of all of them", () => {
    const other = new FnNode(() => ({ image: "a.png", score: 1 }), {
      outputs: { image: gr.Image(), score: gr.Number() },
    });
    const [node] = read(choice([image, other], { name: "Painter" }));
    expect(node).toMatchObject({ kind: "choice", name: "Painter" });
    expect(node!.outputs.map(({ name }) => name)).toEqual(["image", "status", "score"]);
    expect(node!.target.kind === "choice" && node!.target.variants.map(({ key }) => key)).toEqual([image, other]);
  });

  test("nodes that wait for a person", () => {
    const drafts = new FnNode(() => ["a", "b"]);
    const [approve, choose] = read(
      new ApproveNode({ inputs: { draft: drafts.output } }),
      new ChooseOneNode({ name: "Pick", inputs: { options: drafts.output } }),
    );
    expect(approve).toMatchObject({ kind: "approve", outputs: [{ name: "draft" }] });
    expect(choose).toMatchObject({ kind: "choose-one", name: "Pick", outputs: [{ name: "chosen" }] });
  });

  test("only a graph is a graph", () => {
    for (const other of [undefined, null, 5, {}, image, image.image]) expect(readGraph(other)).toBeNull();
  });
});

test("every component can be made, with and without options", () => {
  // The options of all of them have no common type; `label` is one of each.
  const make = gr as unknown as Readonly<Record<ComponentName, (options?: object) => ReturnType<typeof gr.Textbox>>>;
  expect(Object.keys(gr).sort()).toEqual([...COMPONENT_NAMES].sort());
  const outputs = Object.fromEntries(COMPONENT_NAMES.map((name) => [name, make[name]({ label: name })]));
  const [node] = read(new GradioNode("a/b", { outputs }));
  expect(node!.outputs.map(({ name, spec }) => [name, spec])).toEqual(
    COMPONENT_NAMES.map((component) => [component, { component, props: { label: component } }]),
  );
  for (const name of COMPONENT_NAMES) expect(() => make[name]()).not.toThrow();
});

test("a port's name that collides with a member is reached through port()", () => {
  const node = new GradioNode("a/b", { outputs: { port: gr.Image(), constructor: gr.Image() } });
  expect(node.port).toBeTypeOf("function");
  const [reader] = read(new GradioNode("c/d", { inputs: { a: node.port("port"), b: node.constructor }, outputs: {} }));
  expect(source(reader, "a")).toMatchObject({ kind: "edge", port: "port" });
  expect(source(reader, "b")).toMatchObject({ kind: "edge", port: "constructor" });
});

test("a port that a node doesn't have is wired all the same, for only who reads it is at fault", () => {
  const node = new FnNode(() => 1);
  const { outptu } = node as unknown as { readonly outptu: typeof node.output };
  const inputs = { a: outptu, b: node.port("two words" as "output") };
  const [reader] = read(new GradioNode("c/d", { inputs, outputs: {} }));
  expect(source(reader, "a")).toMatchObject({ kind: "edge", node: { key: node }, port: "outptu" });
  expect(source(reader, "b")).toMatchObject({ kind: "edge", node: { key: node }, port: "two words" });
});

test("a node is no promise, and JSON can be made of it", async () => {
  const node = new FnNode(() => 1);
  expect(await Promise.resolve(node)).toBe(node);
  expect(() => JSON.stringify(node)).not.toThrow();
});

describe("slips that types cannot stop", () => {
  const node = new FnNode(() => 1);
  test.each<[what: string, slip: () => unknown, message: string]>([
    [
      "a misspelt port",
      () => new (untyped(GradioNode))("a/b", { inputs: { image: undefined }, outputs: {} }),
      'GradioNode("a/b"): input `image` is undefined.',
    ],
    [
      "a whole node",
      () => new (untyped(GradioNode))("a/b", { inputs: { n: node }, outputs: {} }),
      'GradioNode("a/b"): input `n` is a whole node; name one of its ports, as in `node.output`.',
    ],
    [
      "an output that is none",
      () => new (untyped(GradioNode))("a/b", { outputs: { n: "Image" } }),
      'GradioNode("a/b"): output `n` must be a gr component, an itemList, or null',
    ],
    [
      "a port that JavaScript would take for something else",
      () => new (untyped(FnNode))(function shout() {}, { outputs: { ["__proto__"]: null } }),
      "FnNode(shout): a port cannot be called `__proto__`",
    ],
    [
      "a misspelt option",
      () => new (untyped(FnNode))(function shout() {}, { inptus: {} }),
      "FnNode(shout) has no option `inptus`. Did you mean `inputs`?",
    ],
    [
      "an option of the wrong kind",
      () => new (untyped(FnNode))(function shout() {}, { retries: -1 }),
      "FnNode(shout): option `retries` must be a whole number, 0 or more, not the number -1.",
    ],
    [
      "no function",
      () => new (untyped(FnNode))("shout"),
      'FnNode: the first argument must be a function, not the text "shout".',
    ],
    [
      "no Space",
      () => new (untyped(GradioNode))("space", { outputs: {} }),
      'GradioNode: write a Space as "owner/name"',
    ],
    [
      "no model",
      () => new (untyped(InferenceNode))(5, { outputs: {} }),
      'InferenceNode: write a model as "owner/model"',
    ],
    [
      "an unknown task",
      () => new (untyped(InferenceNode))("a/b", { task: "paint", outputs: {} }),
      'InferenceNode("a/b"): option `task` must be one of',
    ],
    [
      "a control that is none",
      () => new (untyped(InputNode))({ ports: { a: 1 } }),
      "InputNode: port `a` must be a gr component",
    ],
    [
      "a component with a function as value",
      () => gr.Number({ value: (() => 1) as unknown as number }),
      "gr.Number: option `value` is a function.",
    ],
    ["a field that is none", () => itemList({ a: "x" as never }), "itemList: field `a` is not a component"],
    ["no alternatives", () => choice([] as never), "choice takes an array of nodes"],
    ["an alternative that is none", () => choice([node, 3 as never]), "choice: element 1 is not a node."],
    ["an alternative listed twice", () => choice([node, node]), "choice: element 1 is listed twice."],
    ["nothing to approve", () => new ApproveNode({ inputs: {} }), "ApproveNode has no inputs"],
    [
      "something fixed to choose from",
      () => new (untyped(ChooseOneNode))({ inputs: { options: [1, 2] } }),
      "ChooseOneNode: input `options` must be a port of another node.",
    ],
    ["a graph without a name", () => new (untyped(Graph))({ nodes: [] }), "Graph: give it a `name`."],
    ["a graph without nodes", () => new (untyped(Graph))({ name: "G" }), 'Graph("G"): list its `nodes`.'],
    [
      "a graph of something else",
      () => new (untyped(Graph))({ name: "G", nodes: [node, undefined] }),
      'Graph("G"): nodes[1] is not a node but undefined.',
    ],
    [
      "an endpoint of nothing",
      () => new (untyped(GradioNode))("a/b", { apiName: -1, outputs: {} }),
      'GradioNode("a/b"): option `apiName` must be an endpoint\'s name or its index, not the number -1.',
    ],
    [
      "missing outputs",
      () => new (untyped(GradioNode))("a/b", { inputs: {} }),
      'GradioNode("a/b"): declare its `outputs`',
    ],
  ])("%s", (_what, slip, message) => {
    expect(slip).toThrow(message);
  });
});
