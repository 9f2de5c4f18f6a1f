import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Layout } from "../../../src/store/layout.js";
import { storeValue } from "../../../src/store/storedValue.js";
import { verifyFolder } from "../../../src/store/verify.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { packsIn, spoil } from "./packFiles.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

const large = "a large value, kept apart ".repeat(4000);

/** A folder with two results, one of them of a large value, a file that was entered, and something typed. */
async function filled() {
  const root = temporaryFolder();
  const store = await opened(root);
  const small = resultOf("small", 1, "one");
  const big = resultOf("big", 2, await storeValue(large, store.blobs));
  for (const result of [small, big]) {
    await store.putResult(result);
    await store.appendHistory("main", entryOf(result));
  }
  const file = await store.blobs.putBytes(Buffer.alloc(50_000, 7), "cat.png");
  await store.setInput("main", "big.image", await storeValue({ ...file }, store.blobs));
  await store.setInput("main", "big.prompt", inline("a cat"));
  await store.close();
  const blobs = readdirSync(join(root, ".daggr/blobs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const blobOf = (size: number) => blobs.find((path) => statSync(path).size === size)!;
  return { root, small, big, picture: blobOf(50_000), text: blobOf(JSON.stringify(large).length) };
}

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  return store.value;
}

async function verified(root: string, signal = new AbortController().signal) {
  return verifyFolder(new Layout(join(root, ".daggr")), { signal, progress: () => undefined });
}

async function problems(root: string) {
  const checked = await verified(root);
  if (!checked.ok) throw new Error(checked.failure.message);
  return checked.value.problems;
}

function overwrite(path: string, change: (bytes: Buffer) => Buffer): void {
  chmodSync(path, 0o600);
  writeFileSync(path, change(readFileSync(path)));
}

function everything(root: string): string[] {
  return readdirSync(join(root, ".daggr"), { recursive: true }).map(String).sort();
}

test("what is whole is counted, and nothing is changed", async () => {
  const { root } = await filled();
  const before = everything(root);
  const bytes = 50_000 + JSON.stringify(large).length;
  const checked = await verified(root);
  expect(checked).toMatchObject({ ok: true, value: { results: 2, contents: 2, bytes, problems: [] } });
  expect(checked.ok && checked.value.entries).toBeGreaterThanOrEqual(3);
  expect(everything(root)).toEqual(before);
});

test("content that is damaged is told, and whose it is", async () => {
  const { root, text, picture } = await filled();
  for (const path of [text, picture]) overwrite(path, (bytes) => Buffer.concat([Buffer.from("!"), bytes.subarray(1)]));
  const messages = (await problems(root)).map(({ message }) => message).sort();
  expect(messages).toEqual([
    expect.stringMatching(/^A result of `big` of 2025-10-09 08:53 has damaged content: [0-9a-f]{12}\.$/),
    "This content is damaged: it is no longer what it was when it was kept.",
    "This content is damaged: it is no longer what it was when it was kept.",
    expect.stringMatching(/^What was entered into `big.image` has damaged content: [0-9a-f]{12}\.$/),
  ]);
  expect(readFileSync(text).length).toBe(JSON.stringify(large).length);
});

test("content that is gone is told, and who needs it", async () => {
  const { root, text, picture } = await filled();
  for (const path of [text, picture]) rmSync(path);
  const messages = (await problems(root)).map(({ message }) => message).sort();
  expect(messages).toEqual([
    expect.stringMatching(/^A result of `big` of 2025-10-09 08:53 lacks content that is gone: [0-9a-f]{12}\.$/),
    expect.stringMatching(/^What was entered into `big.image` lacks content that is gone: [0-9a-f]{12}\.$/),
  ]);
});

test("a damaged result, a damaged line of it, and results that are gone are told", async () => {
  const { root, small, big } = await filled();
  spoil(root, small.id, (line) => Buffer.from(line.toString("utf8").replace('"one"', '"two"')));
  expect(await problems(root)).toMatchObject([{ message: `The result ${small.id} is damaged.` }]);
  appendFileSync(packsIn(root)[0]!, "\ngarbage that is no line of ours\n");
  expect((await problems(root)).map(({ message }) => message)).toContain("One line of results can't be read.");
  for (const path of packsIn(root)) rmSync(path);
  const gone = await problems(root);
  expect(gone.map(({ message }) => message)).toEqual(["This history names 2 results that are not there."]);
  expect(gone[0]?.path).toMatch(/^workflows\/.*\.jsonl$/);
  expect(big.id).not.toBe(small.id);
});

test("damaged histories and entries of sheets are told; what a crash tore is none", async () => {
  const { root } = await filled();
  const files = everything(root).map((name) => join(root, ".daggr", name));
  const history = files.find((path) => path.endsWith(".jsonl") && path.includes("history"))!;
  const [whole = ""] = readFileSync(history, "utf8").split("\n").filter(Boolean);
  appendFileSync(history, `\n${whole.slice(0, 90)}`);
  expect(await problems(root)).toEqual([]);
  appendFileSync(history, `\n${whole.replace("succeeded", "failed")}\n`);
  const typed = files.find((path) => path.includes("prompt") && path.endsWith(".json"))!;
  overwrite(typed, (bytes) => Buffer.from(bytes.toString("utf8").replace("a cat", "a dog")));
  expect((await problems(root)).map(({ message }) => message).sort()).toEqual([
    "One entry of this history can't be read.",
    "This entry is damaged.",
  ]);
});

test("a newer format is not judged, and checking can be stopped", async () => {
  const { root } = await filled();
  expect(await verified(root, AbortSignal.abort())).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
  writeFileSync(join(root, ".daggr/format.json"), '{"format":2}');
  expect(await verified(root)).toMatchObject({ ok: false, failure: { reason: "store", hint: "Update Daggr." } });
});
