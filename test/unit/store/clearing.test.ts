import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FileRef, Value } from "../../../src/model/value.js";
import { Layout } from "../../../src/store/layout.js";
import { storeValue } from "../../../src/store/storedValue.js";
import { sweepBlobs } from "../../../src/store/sweep.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { HOST } from "../../../src/store/temporaryFolder.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

async function opened(root: string, key = "Workflow"): Promise<WorkflowStore> {
  const store = await openStore(root, key);
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** A result of `node` with this value, made on this sheet. */
async function make(store: WorkflowStore, node: string, value: Value, sheet = "main") {
  const result = resultOf(node, "input", await storeValue(value, store.blobs));
  await store.putResult(result);
  await store.appendHistory(sheet, entryOf(result));
  return result;
}

const blobsIn = (root: string) =>
  readdirSync(join(root, ".daggr/blobs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** As if all of it had been put two minutes ago. */
function age(root: string): void {
  const then = new Date(Date.now() - 120_000);
  for (const path of blobsIn(root)) utimesSync(path, then, then);
}

const large = (text: string) => `${text} `.repeat(2000);
const json = (ref: FileRef): Value => ({ ...ref });

it("what became of the items of an execution without a result stays for as long as that is the last one", async () => {
  const root = temporaryFolder();
  const store = await opened(root);
  const outcomes = await storeValue(large("it failed"), store.blobs);
  const items = { counts: { total: 1, succeeded: 0, reused: 0, failed: 1 }, given: {}, outcomes };
  const failed = { runId: "run", node: "speak", status: "failed", count: 1, at: 0, durationMs: 1 } as const;
  await store.appendHistory("main", { ...failed, items });
  await store.close();
  age(root);
  const other = await opened(root, "Another workflow");
  await other.clear();
  expect(blobsIn(root)).toHaveLength(1);
  const again = await opened(root);
  expect((await again.nodeStates("main")).speak?.last?.items).toEqual(items);
  await again.clear("speak");
  expect(blobsIn(root)).toEqual([]);
});

describe("results of items whose run was killed", () => {
  it("are cleared with the node that began them, and no other workflow's are", async () => {
    const root = temporaryFolder();
    const [mine, other] = [await opened(root), await opened(root, "Another workflow")];
    const items: string[] = [];
    for (const [store, runId] of [
      [mine, "run 1"],
      [other, "run 2"],
    ] as const) {
      await store.beginItems("main", "speak", runId);
      const item = resultOf("speak", runId, "audio", { runId });
      await store.putResult(item);
      items.push(item.id);
      await store.close();
    }
    const again = await opened(root);
    expect((await again.nodeStates("main")).speak).toBeUndefined();
    await again.clear("other");
    expect((await again.getResults(items)).size).toBe(2);
    // It may be the one that is under way.
    const { end } = other.leaseRun();
    await again.clear("speak");
    expect((await again.getResults(items)).size).toBe(2);
    end();
    expect(await again.clear("speak")).toMatchObject({ ok: true });
    expect([...(await again.getResults(items)).keys()]).toEqual(items.slice(1));
    const another = await opened(root, "Another workflow");
    await another.clear();
    expect((await another.getResults(items)).size).toBe(0);
  });
});

describe("a result that somebody else has, too", () => {
  it("stays when another workflow has reused it", async () => {
    const root = temporaryFolder();
    const [mine, other] = [await opened(root), await opened(root, "Another workflow")];
    const result = await make(mine, "image", large("pixels"));
    const reused = await other.findFresh(result.fingerprint);
    await other.appendHistory("main", entryOf(reused!, { status: "reused", node: "picture" }));
    age(root);

    expect(await mine.clear()).toEqual({ ok: true, value: 1 });
    expect((await mine.nodeStates("main")).image).toMatchObject({ selected: null });
    const again = await opened(root, "Another workflow");
    expect((await again.nodeStates("main")).picture?.selected).toBe(result.id);
    expect((await again.findFresh(result.fingerprint))?.id).toBe(result.id);

    expect(await again.clear()).toEqual({ ok: true, value: 1 });
    expect(await again.getResult(result.id)).toBeNull();
    expect(blobsIn(root)).toEqual([]);
  });

  it("stays when another node has reused it, and when it was selected for one", async () => {
    const store = await opened(temporaryFolder());
    const result = await make(store, "a", "x");
    await store.appendHistory("second", entryOf(result, { status: "reused", node: "b" }));
    await store.select("main", "c", result.id);
    for (const node of ["a", "b"]) {
      await store.clear(node);
      expect((await store.nodeStates("main")).c?.selected).toBe(result.id);
      expect(await store.getResult(result.id)).not.toBeNull();
    }
    await store.clear("c");
    expect(await store.getResult(result.id)).toBeNull();
  });

  it("goes when the others have cleared it before", async () => {
    const root = temporaryFolder();
    const [mine, other] = [await opened(root), await opened(root, "Another workflow")];
    const result = await make(mine, "a", "x");
    await other.appendHistory("main", entryOf(result, { status: "reused" }));
    await other.clear();
    expect(await mine.getResult(result.id)).not.toBeNull();
    await mine.clear();
    expect(await mine.getResult(result.id)).toBeNull();
  });
});

describe("content", () => {
  it("that nothing needs is removed from the disk, with its views", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const ref = await store.blobs.putBytes(Buffer.from("pixels"), "image.png");
    await make(store, "image", json(ref));
    const view = await store.viewPath(ref);
    age(root);
    await store.clear();
    expect(blobsIn(root)).toEqual([]);
    expect(view.ok && existsSync(view.value)).toBe(false);
    // And can be put again, though this process knew it.
    expect((await store.blobs.putBytes(Buffer.from("pixels"), "image.png")).$file).toBe(ref.$file);
    expect(await store.blobs.verify(ref.$file)).toMatchObject({ ok: true });
  });

  it("that a result, a control of any sheet, or a large value names stays", async () => {
    const root = temporaryFolder();
    const [store, other] = [await opened(root), await opened(root, "Another workflow")];
    const put = (name: string) => store.blobs.putBytes(Buffer.from(name), `${name}.txt`);
    const gallery = await Promise.all(Array.from({ length: 60 }, (_, i) => put(`image ${i}`)));
    const many = await make(other, "many", gallery.map(json));
    expect(many.outputs.text?.kind).toBe("blob");
    const typed = await put("typed");
    await other.setInput("second", "file", inline(json(typed)));
    const input = await put("input");
    const fed = resultOf("fed", 1, "x", { inputs: { file: inline(json(input)) }, runId: "another run" });
    await other.putResult(fed);
    await make(store, "gone", large("gone"));
    age(root);
    await store.clear();
    expect(blobsIn(root)).toHaveLength(60 + 1 + 1 + 1);
    expect((await other.findFresh(many.fingerprint))?.id).toBe(many.id);

    // A result whose large value names a file that is gone is not whole.
    const [first] = gallery;
    rmSync(other.blobs.path(first!.$file));
    expect(await (await opened(root)).findFresh(many.fingerprint)).toBeNull();
  });

  it("that was just put, for the first time or again, stays though nothing names it yet", async () => {
    const root = temporaryFolder();
    const [store, other] = [await opened(root), await opened(root)];
    const before = await other.blobs.putText(large("old, and put again"));
    age(root);
    await store.blobs.putText(large("new"));
    expect(await other.blobs.putText(large("old, and put again"))).toBe(before);
    await store.clear();
    expect(blobsIn(root)).toHaveLength(2);
    expect(statSync(other.blobs.path(before)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it("stays while a run is under way in any window, and goes the next time", async () => {
    const root = temporaryFolder();
    const [store, other] = [await opened(root), await opened(root, "Another workflow")];
    await store.blobs.putText(large("of the other's run"));
    age(root);
    const { end } = other.leaseRun();
    await store.clear();
    expect(blobsIn(root)).toHaveLength(1);
    end();
    await store.clear();
    expect(blobsIn(root)).toHaveLength(0);
  });

  it("stays for a run that begins while it is looked for what needs it", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    await store.blobs.putText(large("of the run that begins"));
    age(root);
    function* beginning() {
      store.leaseRun();
      yield inline("x");
    }
    await sweepBlobs(new Layout(join(root, ".daggr")), store.blobs, beginning());
    expect(blobsIn(root)).toHaveLength(1);
  });

  it.each([
    ["another id than this one", 4194400],
    ["the id that this one has now", process.pid],
  ])("is not kept for the run of a process that was killed, which had %s", async (_, pid) => {
    const root = temporaryFolder();
    const store = await opened(root);
    store.leaseRun().end();
    const lease = join(root, ".daggr/runs", `${HOST}-${pid}-0123456789ab`);
    writeFileSync(lease, "");
    await store.blobs.putText(large("left behind"));
    age(root);
    await store.clear();
    expect(blobsIn(root)).toHaveLength(0);
    expect(existsSync(lease)).toBe(false);
  });
});
