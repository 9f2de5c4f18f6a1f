import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { storeValue } from "../../../src/store/storedValue.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

const large = "a large value ".repeat(1000);

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** What a node's run and a person's typing do to a store. Answers what failed. */
async function use(store: WorkflowStore) {
  const result = resultOf("image", "prompt", await storeValue(large, store.blobs));
  const done = [
    await store.putResult(result),
    await store.appendHistory("main", entryOf(result)),
    await store.setInput("main", "prompt", inline("typed")),
  ];
  return { result, failures: done.flatMap((each) => (each.ok ? [] : [each.failure.message])) };
}

const filesIn = (root: string, pattern: RegExp) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(path));

/** The entries of a `.daggr` folder that has been used once. */
const ENTRIES: Readonly<Record<string, (folder: string) => string>> = {
  "the format": (folder) => join(folder, "format.json"),
  "what git ignores": (folder) => join(folder, ".gitignore"),
  "the folder of blobs": (folder) => join(folder, "blobs"),
  "the folder of blobs in the making": (folder) => join(folder, "blobs/tmp"),
  "a folder of blobs": (folder) => dirname(filesIn(join(folder, "blobs"), /[0-9a-f]{64}$/)[0]!),
  "a blob": (folder) => filesIn(join(folder, "blobs"), /[0-9a-f]{64}$/)[0]!,
  "the folder of results": (folder) => join(folder, "results"),
  "a pack of results": (folder) => filesIn(join(folder, "results"), /jsonl$/)[0]!,
  "the folder of workflows": (folder) => join(folder, "workflows"),
  "the workflow's folder": (folder) => dirname(filesIn(folder, /workflow\.json$/)[0]!),
  "the workflow's name": (folder) => filesIn(folder, /workflow\.json$/)[0]!,
  "the folder of histories": (folder) => dirname(filesIn(folder, /history.*jsonl$/)[0]!),
  "a history": (folder) => filesIn(folder, /history.*jsonl$/)[0]!,
  "the folder of sheets": (folder) => dirname(dirname(filesIn(folder, /sheet\.json$/)[0]!)),
  "a sheet's folder": (folder) => dirname(filesIn(folder, /sheet\.json$/)[0]!),
  "a sheet's name": (folder) => filesIn(folder, /sheet\.json$/)[0]!,
  "the folder of inputs": (folder) => dirname(filesIn(folder, /inputs.*json$/)[0]!),
  "an input": (folder) => filesIn(folder, /inputs.*json$/)[0]!,
  "the folder of what is being written": (folder) => join(folder, "tmp"),
  "the folder of what is damaged": (folder) => join(folder, "damaged"),
};

const OBSTACLES: Readonly<Record<string, (path: string) => void>> = {
  "a folder with something in it": (path) => {
    mkdirSync(path);
    writeFileSync(join(path, "something"), "");
  },
  "an empty file": (path) => writeFileSync(path, ""),
  "a pipe": (path) => expect(spawnSync("mkfifo", [path]).status).toBe(0),
};

const CASES = Object.keys(ENTRIES).flatMap((entry) => Object.keys(OBSTACLES).map((obstacle) => [entry, obstacle]));

async function replaced(entry: string, put: (path: string) => void): Promise<string> {
  const root = temporaryFolder();
  const before = await opened(root);
  expect((await use(before)).failures).toEqual([]);
  await before.close();
  const path = ENTRIES[entry]!(join(root, ".daggr"));
  rmSync(path, { recursive: true, force: true });
  put(path);
  return root;
}

describe.skipIf(process.platform === "win32").each(CASES)("%s replaced by %s", (entry, obstacle) => {
  it("neither stops anybody nor makes them wait: what is lost is made again and kept", async () => {
    const root = await replaced(entry, OBSTACLES[obstacle]!);
    const store = await opened(root);
    expect(store.readOnly).toBe(false);
    await store.history("main");
    await store.nodeStates("main");
    await store.sheet("main");
    await store.sheetIds();
    const found = await store.findFresh(resultOf("image", "prompt", "").fingerprint);
    if (found)
      expect(await store.blobs.readText((found.outputs.text as { blob: string }).blob)).toMatchObject({ ok: true });
    const { result, failures } = await use(store);
    expect(failures).toEqual([]);

    const again = await opened(root);
    expect((await again.findFresh(result.fingerprint))?.fingerprint).toBe(result.fingerprint);
    expect((await again.history("main")).at(-1)?.result).toBe(result.id);
    expect((await again.sheet("main")).values).toEqual({ prompt: inline("typed") });
  }, 10_000);
});

describe.skipIf(process.platform === "win32")("a link that came with somebody's repository", () => {
  const folders = Object.keys(ENTRIES).filter((entry) => entry.includes("folder"));
  it.each(folders)("in place of %s leads nothing out of the workspace", async (entry) => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, "precious"), "untouched");
    const root = await replaced(entry, (path) => symlinkSync(elsewhere, path));
    const store = await opened(root);
    await use(store);
    expect(await store.clear()).toBeDefined();
    await store.close();
    expect(readdirSync(elsewhere)).toEqual(["precious"]);
    expect(store.readOnlyReason?.message ?? "").toMatch(/symbolic link/);
  });

  const files = Object.keys(ENTRIES).filter((entry) => !entry.includes("folder"));
  it.each(files)("in place of %s is replaced, and what it leads to stays as it is", async (entry) => {
    const elsewhere = join(temporaryFolder(), "precious");
    writeFileSync(elsewhere, "untouched");
    const root = await replaced(entry, (path) => symlinkSync(elsewhere, path));
    const store = await opened(root);
    await store.history("main");
    expect((await use(store)).failures).toEqual([]);
    expect((await store.history("main")).length).toBeGreaterThan(0);
    expect(readFileSync(elsewhere, "utf8")).toBe("untouched");
  });

  it("in place of `.daggr` itself is followed only to a folder that is empty or was one before", async () => {
    const [root, full, empty] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    writeFileSync(join(full, "precious"), "untouched");
    symlinkSync(full, join(root, ".daggr"));
    const refused = await opened(root);
    expect(refused.readOnlyReason?.message).toMatch(/symbolic link to a folder that holds other things/);
    await use(refused);
    expect(readdirSync(full)).toEqual(["precious"]);

    rmSync(join(root, ".daggr"));
    symlinkSync(empty, join(root, ".daggr"));
    expect((await use(await opened(root))).failures).toEqual([]);
    expect((await opened(root)).readOnly).toBe(false);
    expect(existsSync(join(empty, "format.json"))).toBe(true);
  });
});
