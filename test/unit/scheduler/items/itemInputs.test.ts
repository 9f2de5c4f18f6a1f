import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ItemOutcome } from "../../../../src/model/items.js";
import type { ResultRecord } from "../../../../src/model/result.js";
import type { Value } from "../../../../src/model/value.js";
import { itemInputs } from "../../../../src/scheduler/items/itemInputs.js";
import { itemsRecord } from "../../../../src/scheduler/items/itemsResult.js";
import { BlobStore } from "../../../../src/store/blobs.js";
import { graphOf, node, stored } from "../plannerWorkflow.js";

let blobs: BlobStore;
beforeEach(() => {
  blobs = new BlobStore(mkdtempSync(join(tmpdir(), "items-test-")));
});
afterEach(() => rmSync(blobs.folder, { recursive: true }));

const each = (edge: string) => ({ edge, mode: "scatter" }) as const;
const FAILED = { reason: "thrown", message: "no" } as const;

/** Items of `into`, which takes what `values` say from nodes of which `made` ran once an item. */
async function taken(
  inputs: Readonly<Record<string, string | ReturnType<typeof each>>>,
  values: Readonly<Record<string, Value>>,
  made: Readonly<Record<string, readonly Partial<ItemOutcome>[]>> = {},
) {
  const sources = Object.keys(made).map((id) => node(id, { list: each("list.output") }));
  const plain = ["list", "other"].map((id) => node(id));
  const into = node("into", inputs);
  const graph = graphOf(...plain, ...sources, into);
  const results = new Map<string, ResultRecord>();
  for (const [id, outcomes] of Object.entries(made)) {
    const items = await itemsRecord(
      outcomes.map((outcome) => ({ durationMs: 0, ...outcome })),
      blobs,
    );
    // Nothing else of a record is looked at.
    results.set(id, { items } as ResultRecord);
  }
  const given = Object.fromEntries(Object.entries(values).map(([port, value]) => [port, stored(value)]));
  const target = graph.nodes.find(({ id }) => id === "into")!;
  return itemInputs(graph, target, given, (id) => results.get(id), blobs);
}

async function items(...args: Parameters<typeof taken>) {
  const found = await taken(...args);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value.map(({ path, values, failure }) => [path.join("."), failure?.message ?? { ...values }]);
}

async function refusal(...args: Parameters<typeof taken>) {
  const found = await taken(...args);
  return found.ok ? null : found.failure.message;
}

test("several lists are zipped by index, whichever node they come from", async () => {
  const inputs = { a: each("list.output"), b: each("other.output") };
  expect(await items(inputs, { a: [1, 2], b: ["x", "y"] })).toEqual([
    ["0", { a: 1, b: "x" }],
    ["1", { a: 2, b: "y" }],
  ]);
});

test("unequal lengths are an error that gives both", async () => {
  const inputs = { a: each("list.output"), b: each("other.output") };
  expect(await refusal(inputs, { a: [1, 2, 3], b: ["x"] })).toBe(
    "`into` runs once an item of several lists that don't match: `a` (`list.output`) has 3 items and `b` (`other.output`) has 1 item.",
  );
  expect(await refusal(inputs, { a: [], b: ["x"] })).toContain("has 0 items");
});

test("what is no list is an error, not a list of one", async () => {
  const found = refusal({ a: each("list.output") }, { a: { text: "x" } });
  expect(await found).toBe("`into` runs once for each item of `list.output` (`a`), but that is an object, not a list.");
});

test("a field is taken of each item; an item without it fails alone", async () => {
  const inputs = { a: { ...each("list.output"), field: "text" } };
  const graph = graphOf(node("list"), node("into", inputs));
  const edges = graph.edges.map((edge) => ({ ...edge, field: "text" }));
  const target = graph.nodes.find(({ id }) => id === "into")!;
  const given = { a: stored([{ text: "one" }, { word: "two" }, "three", { text: null }]) };
  const found = await itemInputs({ ...graph, edges }, target, given, () => undefined, blobs);
  expect(found.ok && found.value.map(({ values, failure }) => failure?.message ?? { ...values })).toEqual([
    { a: "one" },
    "Item 2 of `list.output` has no field `text`.",
    "Item 3 of `list.output` is a text and has no field `text`.",
    { a: null },
  ]);
});

test("what hangs on a node that runs once an item gets its items in their places, those that failed as failures", async () => {
  const made = { many: [{ result: "r0" }, { failure: FAILED }, { result: "r2" }] };
  expect(await items({ a: "many.output", b: each("list.output") }, { a: ["x", "z"], b: [1, 2, 3] }, made)).toEqual([
    ["0", { a: "x", b: 1 }],
    ["1", "Item 2 of `many` failed."],
    ["2", { a: "z", b: 3 }],
  ]);
});

test("lists of lists: what is made for an item goes with each item within it", async () => {
  const made = { many: [{ result: "r0" }, { result: "r1" }] };
  const inputs = { line: each("many.output"), title: each("list.output") };
  expect(await items(inputs, { line: [["a", "b"], ["c"]], title: ["one", "two"] }, made)).toEqual([
    ["0.0", { line: "a", title: "one" }],
    ["0.1", { line: "b", title: "one" }],
    ["1.0", { line: "c", title: "two" }],
  ]);
  expect(await refusal(inputs, { line: [["a", "b"], ["c"]], title: ["one"] }, made)).toContain("has 1 item");
});

test("a list that is none within lists fails for its own items alone", async () => {
  const made = { many: [{ result: "r0" }, { result: "r1" }] };
  expect(await items({ line: each("many.output") }, { line: ["no list", ["c"]] }, made)).toEqual([
    ["0.0", "What `many` gave as `output` for item 1 is a text, not a list."],
    ["1.0", { line: "c" }],
  ]);
});
