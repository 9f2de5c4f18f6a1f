import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import type { FileHandle } from "node:fs/promises";
import { storeValue } from "../../../src/store/storedValue.js";
import { openStore } from "../../../src/store/workflowStore.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

/** What the disk was waited for: paths, by kind. */
const synced: string[] = [];

vi.mock(import("node:fs/promises"), async (original) => {
  const real = await original();
  const open = async (path: string, flags?: string | number, mode?: number): Promise<FileHandle> => {
    const file = await real.open(path, flags, mode);
    const sync = file.sync.bind(file);
    file.sync = () => {
      synced.push(path);
      return sync();
    };
    return file;
  };
  return { ...real, open: open as typeof real.open };
});

vi.mock(import("node:fs"), async (original) => {
  const real = await original();
  const writeFileSync: typeof real.writeFileSync = (path, data, options) => {
    real.writeFileSync(path, data, options);
    if (typeof options === "object" && options?.flush === true) synced.push("what was typed");
  };
  return { ...real, writeFileSync };
});

beforeEach(() => void synced.splice(0));

async function kept(durationMs: number) {
  const root = temporaryFolder();
  const opened = await openStore(root, "Workflow");
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  onTestFinished(() => store.close());
  const ref = await store.blobs.putBytes(Buffer.from("pixels"), "image.png");
  const gallery = await storeValue(
    Array.from({ length: 60 }, () => ({ ...ref })),
    store.blobs,
  );
  const result = resultOf("image", "prompt", gallery, { durationMs });
  expect(await store.putResult(result)).toMatchObject({ ok: true });
  expect(await store.appendHistory("main", entryOf(result))).toMatchObject({ ok: true });
  const kinds = { blobs: /[0-9a-f]{64}$/, results: /results.*jsonl$/, history: /history.*jsonl$/ };
  const count = (pattern: RegExp) => synced.filter((path) => pattern.test(path)).length;
  const counts = Object.fromEntries(Object.entries(kinds).map(([kind, pattern]) => [kind, count(pattern)]));
  return { store, counts };
}

it("what took its time to make is on the disk itself before the run goes on: content, result and history", async () => {
  const { counts } = await kept(100);
  expect(counts).toEqual({ blobs: 2, results: 1, history: 1 });
});

it("what was made in an instant is not waited for", async () => {
  await kept(99);
  expect(synced).toEqual([]);
});

it("what was typed is on the disk itself when that is answered", async () => {
  const { store } = await kept(1);
  await store.setInput("main", "prompt", inline("typed"));
  expect(synced).toEqual(["what was typed"]);
});
