import { describe, expect, it } from "vitest";
import type { GraphNode, InputSource } from "../../../src/model/graph.js";
import { fingerprintOf, fingerprintRecord } from "../../../src/scheduler/fingerprint.js";
import { resolveInputs } from "../../../src/scheduler/inputValues.js";
import { callable, control, fixed, graphOf, inputNode, node, stored } from "./plannerWorkflow.js";

const image: GraphNode = node(
  "image",
  { prompt: control("prompt"), steps: fixed(20) },
  {
    kind: "gradio",
    code: null,
    target: { kind: "gradio", space: "owner/space", apiName: "/run", runLocally: false, validate: true },
    outputs: [{ name: "image", spec: { component: "Image", props: {} } }],
  },
);

function fingerprint(changed: Partial<GraphNode> = {}, typed = {}): string {
  const each = { ...image, ...changed };
  const graph = graphOf({ ...each, edges: [] });
  return fingerprintOf(fingerprintRecord(graph, each, resolveInputs(graph, each, typed, () => undefined).parts));
}

describe("a fingerprint", () => {
  const before = fingerprint();

  it.each<[string, Partial<GraphNode>]>([
    ["the display name", { name: "Another name" }],
    ["the id", { id: "picture" }],
    ["limits", { limits: { timeout: 3, retries: 2 } }],
    ["checks before the call", { target: { ...image.target, validate: false } as GraphNode["target"] }],
    [
      "an output's component, for one that is read alike",
      { outputs: [{ name: "image", spec: { component: "Video", props: {} } }] },
    ],
    ["an output's label", { outputs: [{ name: "image", spec: { component: "Image", props: { label: "New" } } }] }],
    ["what its code's digest is made of", { codeParts: { own: "digest", files: { "a.txt": "digest" } } }],
    ["the order of inputs", { inputs: image.inputs.toReversed() }],
  ])("does not depend on %s", (_what, change) => {
    expect(fingerprint(change)).toBe(before);
  });

  it.each<[string, Partial<GraphNode>]>([
    ["the endpoint", { target: { ...image.target, apiName: "/other" } as GraphNode["target"] }],
    ["the Space", { target: { ...image.target, space: "owner/other" } as GraphNode["target"] }],
    ["pre- and postprocess", { code: "digest" }],
    ["an output's name", { outputs: [{ name: "picture", spec: { component: "Image", props: {} } }] }],
    ["an output's component", { outputs: [{ name: "image", spec: { component: "File", props: {} } }] }],
    ["a fixed value", { inputs: [image.inputs[0]!, { name: "steps", source: fixed(21) }] }],
    ["an input's name", { inputs: [image.inputs[0]!, { name: "count", source: fixed(20) }] }],
    ["a callable's code", { inputs: [image.inputs[0]!, { name: "steps", source: callable("draw") }] }],
  ])("depends on %s", (_what, change) => {
    expect(fingerprint(change)).not.toBe(before);
  });

  it("is a node's own where it draws a value: what one drew is no answer for its twin", () => {
    const inputs = [image.inputs[0]!, { name: "steps", source: callable("draw") }];
    expect(fingerprint({ inputs, id: "twin" })).not.toBe(fingerprint({ inputs }));
  });

  it("depends on what was typed, and not on where the same value comes from", () => {
    expect(fingerprint({}, { prompt: stored("typed") })).not.toBe(before);
    expect(fingerprint({}, { prompt: stored("default") })).toBe(before);
    expect(fingerprint({ inputs: [{ name: "prompt", source: fixed("default") }, image.inputs[1]!] })).toBe(before);
  });

  it("is refused as long as the code is not known", () => {
    const { code: _code, ...unread } = image;
    expect(() => fingerprintRecord(graphOf(), unread, {})).toThrow(/code of image/);
  });
});

describe("inputs", () => {
  const graph = graphOf(
    inputNode("settings", { style: "oil", size: null }),
    node("paint", {
      style: "settings.style",
      size: "settings.size",
      prompt: control("prompt"),
      steps: fixed(4),
      seed: callable("random"),
      base: "sketch.output",
      note: { kind: "component", control: "note", spec: { component: "Image", props: {}, value: "cat.png" } },
      mask: { kind: "component", control: "mask", spec: { component: "Image", props: {} } },
    }),
    node("sketch"),
  );
  const paint = graph.nodes.find(({ id }) => id === "paint")!;

  it("come from an InputNode's controls directly, from fixed values and defaults, and say what is missing", () => {
    const inputs = resolveInputs(graph, paint, {}, () => undefined);
    expect(inputs.values).toEqual({
      style: stored("oil"),
      size: stored(""),
      prompt: stored("default"),
      steps: stored(4),
    });
    expect(inputs.parts.seed).toEqual({ callable: "random" });
    expect(inputs.missing.map(({ from }) => from)).toEqual([{ node: "sketch", port: "output" }]);
    expect(inputs.unknown).toEqual(["note"]); // a path tells nothing about the file
    expect(inputs.parts).not.toHaveProperty("mask"); // left empty
  });

  it("takes no control to be empty whose options text doesn't tell", () => {
    const spec = (component: "Textbox" | "Slider" | "Dropdown", ...unknown: string[]): InputSource => {
      return { kind: "component", control: component, spec: { component, props: {}, unknown } };
    };
    const unknownOf = (source: InputSource) => {
      const each = node("each", { port: source });
      return resolveInputs(graphOf(each), each, {}, () => undefined).unknown;
    };
    for (const source of [
      spec("Textbox", "value"),
      spec("Textbox", "…"),
      spec("Slider", "minimum"),
      spec("Dropdown", "choices"),
      spec("Dropdown", "multiselect"),
    ])
      expect(unknownOf(source)).toEqual(["port"]);
    for (const source of [spec("Textbox", "label"), spec("Slider", "maximum")]) expect(unknownOf(source)).toEqual([]);
  });

  it("are what the user typed before anything else", () => {
    const typed = {
      "settings.style": stored("ink"),
      prompt: stored("typed"),
      "paint.steps": stored(9),
      "paint.base": stored("pinned"),
      note: stored("a file"),
    };
    const { values, missing, unknown } = resolveInputs(graph, paint, typed, () => undefined);
    expect(values).toMatchObject({
      style: stored("ink"),
      prompt: stored("typed"),
      steps: stored(9),
      base: stored("pinned"),
      note: stored("a file"),
    });
    expect([missing, unknown]).toEqual([[], []]);
  });

  it("start as Gradio's controls do", () => {
    const spec = (component: "Slider" | "Dropdown" | "Checkbox" | "CheckboxGroup" | "Number", props = {}) =>
      ({ kind: "component", control: component, spec: { component, props } }) as const;
    const each = node("n", {
      slider: spec("Slider", { minimum: 3 }),
      dropdown: spec("Dropdown", { choices: [["Label", "value"], "b"] }),
      checkbox: spec("Checkbox"),
      group: spec("CheckboxGroup"),
      number: spec("Number"),
    });
    expect(resolveInputs(graphOf(each), each, {}, () => undefined).values).toEqual({
      slider: stored(3),
      dropdown: stored("value"),
      checkbox: stored(false),
      group: stored([]),
    });
  });
});
