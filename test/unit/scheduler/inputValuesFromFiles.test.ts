import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ComponentSpec } from "../../../src/model/component.js";
import type { Graph, GraphNode } from "../../../src/model/graph.js";
import type { Json } from "../../../src/model/json.js";
import { resolveInputs } from "../../../src/scheduler/inputValues.js";
import { FileDefaultReader } from "../../../src/scheduler/inputValuesFromFiles.js";
import { BlobStore } from "../../../src/store/blobs.js";
import { fn, graphOf } from "./graphs.js";

let folder: string;
let reader: FileDefaultReader;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fixed-files-test-"));
  // Fixed values are only read, so nothing is put into a store.
  reader = new FileDefaultReader(new BlobStore(folder));
});
afterEach(() => rm(folder, { recursive: true }));

const GRADIO = { kind: "gradio", space: "a/b", apiName: "/x", runLocally: false, validate: true } as const;

/** What the fixed value adds to the fingerprint, and what the node is given. */
async function read(value: Json, node: Partial<GraphNode> = { kind: "gradio", target: GRADIO }) {
  const own = { id: "cat", name: "cat", inputs: [{ name: "image", source: { kind: "fixed", value } }] } as const;
  const whole = {
    kind: "fn",
    outputs: [],
    limits: {},
    target: { kind: "fn", functionName: null },
    ...own,
    ...node,
  } as const;
  const graph: Graph = graphOf([{ ...whole, code: null, edges: [] }], join(folder, "main.daggr.ts"));
  const { values, files } = await reader.read(graph);
  const [first] = graph.nodes;
  if (!first) throw new Error("no node");
  const inputs = resolveInputs(graph, first, values, () => undefined);
  return { part: inputs.parts.image, given: inputs.values.image, files };
}

describe("a fixed value that names a file", () => {
  it("counts by the file's content, and is given as it is written", async () => {
    const file = join(folder, "cat.png");
    const other = join(folder, "dog.png");
    await writeFile(file, "one");
    await writeFile(other, "one");
    for (const value of [
      "./cat.png",
      "cat.png",
      file,
      pathToFileURL(file).href,
      ["dog.png", ["cat.png", "A cat"]],
      { path: "cat.png" },
    ]) {
      await writeFile(file, "one");
      const one = await read(value);
      expect(one.given).toMatchObject({ kind: "inline", value });
      expect(one.files).toContain(file);
      expect((await read(value)).part).toEqual(one.part);
      await writeFile(file, "two, which is longer");
      expect((await read(value)).part).not.toEqual(one.part);
    }
  });

  it("counts for models, and when the file comes and goes", async () => {
    const model = {
      kind: "inference",
      target: { kind: "inference", model: "a/b", provider: null, task: null },
    } as const;
    const before = await read("./cat.png", model);
    await writeFile(join(folder, "cat.png"), "one");
    expect((await read("./cat.png", model)).part).not.toEqual(before.part);
    await rm(join(folder, "cat.png"));
    expect((await read("./cat.png", model)).part).toEqual(before.part);
  });

  it("counts as it is written where it is no file, or code of the author's own gets it", async () => {
    await writeFile(join(folder, "cat.png"), "one");
    const own = await read("./cat.png", {});
    await writeFile(join(folder, "cat.png"), "two, which is longer");
    expect((await read("./cat.png", {})).part).toEqual(own.part);
    for (const value of ["file://host:x/y", "file:///a%2Fb", "file://example.org/cat.png"]) {
      expect(await read(value)).toMatchObject({ given: { value }, files: [] });
    }
    for (const value of ["", "a prompt", "x".repeat(10_000), "https://example.org/cat.png", "data:,x", ".", 3, null]) {
      expect((await read(value)).files).toEqual([]);
    }
  });
});

describe("a control's default", () => {
  const spec = (value: Json): ComponentSpec => ({ component: "Image", props: {}, value });
  const graphWith = (value: Json) => {
    const source = { kind: "component", control: "cat.image", spec: spec(value) } as const;
    return graphOf([{ ...fn("cat"), inputs: [{ name: "image", source }] }], join(folder, "main.daggr.ts"));
  };

  it("that is no address of a file is a failure of this control, in words", async () => {
    const { failures } = await reader.read(graphWith("file://example.org/cat.png"));
    expect(failures["cat.image"]).toMatchObject({
      reason: "not-found",
      message: expect.stringMatching(/^Default of `cat\.image`: .*file:\/\/example\.org\/cat\.png/) as string,
    });
  });

  it("counts only while the control has it", async () => {
    for (const name of ["a.png", "b.png"]) {
      await writeFile(join(folder, name), name);
      expect((await reader.read(graphWith(name))).files).toEqual([join(folder, name)]);
    }
  });
});
