import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { removalLine, resultLine } from "../../../src/store/packLine.js";
import { seal } from "../../../src/store/sealed.js";
import { HOST } from "../../../src/store/temporaryFolder.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { linesIn, packsIn } from "./packFiles.js";
import { entryOf, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** A workspace in which these results were kept by a window that is closed. */
async function rootWith(...results: ReturnType<typeof resultOf>[]): Promise<string> {
  const root = temporaryFolder();
  const store = await opened(root);
  for (const result of results) expect(await store.putResult(result)).toMatchObject({ ok: true });
  await store.close();
  return root;
}

/** A path for the pack of another process on this machine, which is there and doesn't end. */
const othersPack = (root: string, digits = "0123456789ab") =>
  join(root, ".daggr/results", `${HOST}-${process.ppid}-${digits}.jsonl`);

const [one, two, three] = [resultOf("a", 1, "one"), resultOf("b", 2, "two"), resultOf("c", 3, "three")];

describe("a pack", () => {
  it("takes all that a window keeps, a line each", async () => {
    const root = await rootWith(one, two, three);
    expect(packsIn(root)).toHaveLength(1);
    expect(linesIn(root)).toEqual([one, two, three].map((result) => resultLine(result, 0)));
  });

  it("is followed by another when it is full", async () => {
    const large = (i: number) => resultOf("a", i, { kind: "inline", digest: "", value: "x".repeat(8 << 20) });
    const results = Array.from({ length: 9 }, (_, i) => large(i));
    const root = await rootWith(...results);
    const sizes = packsIn(root).map((path) => readFileSync(path).length);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 << 20);
    const store = await opened(root);
    for (const { id, fingerprint } of results) expect((await store.findFresh(fingerprint))?.id).toBe(id);
  });

  it("of ten thousand results gives back every one", async () => {
    const results = Array.from({ length: 10_000 }, (_, i) => resultOf("item", i, i));
    const root = await rootWith(...results);
    const store = await opened(root);
    for (const result of results) expect(await store.findFresh(result.fingerprint)).toEqual(result);
    expect((await store.getResults(results.map(({ id }) => id))).size).toBe(10_000);
  }, 60_000);
});

describe("an entry that was torn", () => {
  const cuts = [1, 50, 100, 160, resultLine(two, 0).length - 1];

  it.each(cuts)("at byte %i by the end of its process is no result, and none is told to be damaged", async (at) => {
    const root = await rootWith(one);
    appendFileSync(packsIn(root)[0]!, `\n${resultLine(two, 0).slice(0, at)}`);
    const store = await opened(root);
    expect(await store.getResult(one.id)).toEqual(one);
    expect(await store.findFresh(two.fingerprint)).toBeNull();
    expect(await store.getResult(two.id)).toBeNull();
    await store.putResult(two);
    expect(await (await opened(root)).findFresh(two.fingerprint)).toEqual(two);
    expect(store.notices()).toEqual([]);
  });

  it.each(cuts)("at byte %i in the middle of a pack spoils no other", async (at) => {
    const root = await rootWith(one);
    appendFileSync(packsIn(root)[0]!, `\n${resultLine(two, 0).slice(0, at)}\n${resultLine(three, 0)}\n`);
    const store = await opened(root);
    expect(await store.findFresh(two.fingerprint)).toBeNull();
    for (const result of [one, three]) expect(await store.findFresh(result.fingerprint)).toEqual(result);
  });

  it("is whole where only the newline behind it is missing", async () => {
    const root = await rootWith(one);
    appendFileSync(packsIn(root)[0]!, `\n${resultLine(two, 0)}`);
    expect(await (await opened(root)).findFresh(two.fingerprint)).toEqual(two);
  });

  it("is taken in when it is whole, where its writer was only in the middle of it", async () => {
    const root = await rootWith(one);
    const path = othersPack(root);
    const line = resultLine(two, 0);
    writeFileSync(path, `\n${line.slice(0, 200)}`);
    const store = await opened(root);
    expect(await store.getResult(one.id)).toEqual(one);
    expect(await store.getResult(two.id)).toBeNull();
    appendFileSync(path, `${line.slice(200)}\n`);
    expect(await store.getResult(two.id)).toEqual(two);
    expect(store.notices()).toEqual([]);
  });
});

describe("what other processes keep", () => {
  it("is found a second later at the latest, even where there is an older result", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const [older, newer] = [resultOf("dice", 1, "⚂"), resultOf("dice", 1, "⚅")];
    const root = await rootWith(older);
    const [here, there] = [await opened(root), await opened(root)];
    await there.putResult(resultOf("other", 1, 1));
    expect((await here.findFresh(older.fingerprint))?.id).toBe(older.id);
    await there.putResult(newer);
    vi.advanceTimersByTime(1000);
    expect((await here.findFresh(older.fingerprint))?.id).toBe(newer.id);
  });

  it("is found at once where there is nothing else, whether their pack is known or not", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    for (const result of [one, two, three]) {
      expect(await here.findFresh(result.fingerprint)).toBeNull();
      await there.putResult(result);
      expect(await here.findFresh(result.fingerprint)).toEqual(result);
    }
  });

  it("and what they clear is gone a second later", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    await there.putResult(one);
    await there.appendHistory("main", entryOf(one));
    expect(await here.findFresh(one.fingerprint)).toEqual(one);
    const { end } = here.leaseRun(); // so that no pack is rewritten
    await there.clear();
    end();
    vi.advanceTimersByTime(1000);
    expect(await here.findFresh(one.fingerprint)).toBeNull();
  });
});

describe("a result that is kept again after it was removed", () => {
  it("is there, whatever other process had removed it, too", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    await store.putResult(one);
    await store.appendHistory("main", entryOf(one));
    const other = await opened(root);
    expect(await other.getResult(one.id)).toEqual(one);
    const { end } = other.leaseRun(); // so that no pack is rewritten
    await store.clear();
    expect(await store.getResult(one.id)).toBeNull();
    await store.putResult(one);
    writeFileSync(othersPack(root), `\n${removalLine({ removed: { [one.id]: 0 } })}\n`);
    for (const each of [store, await opened(root)]) {
      expect(await each.getResult(one.id)).toEqual(one);
      expect(await each.findFresh(one.fingerprint)).toEqual(one);
    }
    await store.appendHistory("main", entryOf(one));
    await store.clear();
    end();
    expect(await (await opened(root)).getResult(one.id)).toBeNull();
  });
});

describe("while a window has it open", () => {
  const losses: readonly (readonly [string, (root: string) => void])[] = [
    ["the pack is deleted", (root) => rmSync(packsIn(root)[0]!)],
    ["the folder of packs is deleted", (root) => rmSync(join(root, ".daggr/results"), { recursive: true })],
    ["all of `.daggr` is deleted", (root) => rmSync(join(root, ".daggr"), { recursive: true })],
    ["all of `.daggr` is moved away", (root) => renameSync(join(root, ".daggr"), join(root, "elsewhere"))],
    ["the pack is emptied", (root) => truncateSync(packsIn(root)[0]!)],
  ];

  it.each(losses)("%s: what was in it counts as absent at once, and what is kept then stays", async (_, lose) => {
    const root = temporaryFolder();
    const store = await opened(root);
    for (const result of [one, two]) {
      await store.putResult(result);
      expect(await store.findFresh(result.fingerprint)).toEqual(result);
    }
    lose(root);
    expect(await store.getResult(one.id)).toBeNull();
    expect(await store.findFresh(two.fingerprint)).toBeNull();
    expect(await store.putResult(three)).toMatchObject({ ok: true });
    expect(await store.putResult(one)).toMatchObject({ ok: true });
    for (const each of [store, await opened(root)]) {
      expect(await each.findFresh(three.fingerprint)).toEqual(three);
      expect(await each.getResult(one.id)).toEqual(one);
      expect(await each.getResult(two.id)).toBeNull();
    }
    expect(store.notices()).toEqual([]);
  });

  const text = [three, two, one].map((result) => `${resultLine(result, 0)}\n`).join("");
  const replacements: readonly (readonly [string, (path: string) => void])[] = [
    ["in place", (path) => writeFileSync(path, text)],
    [
      "by another file",
      (path) => {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
  ];
  it.each(replacements)(
    "the pack is replaced %s: what stands elsewhere in it is not taken for damaged",
    async (_, replace) => {
      const root = await rootWith(one, two);
      const store = await opened(root);
      for (const result of [one, two]) expect(await store.getResult(result.id)).toEqual(result);
      replace(packsIn(root)[0]!);
      for (const result of [one, two, three]) expect(await store.getResult(result.id)).toEqual(result);
      expect(store.notices()).toEqual([]);
    },
  );
});

describe.skipIf(process.platform === "win32")("what somebody has planted among the packs", () => {
  const planted: readonly (readonly [string, (path: string, elsewhere: string) => void])[] = [
    ["a link to a pack", (path, elsewhere) => symlinkSync(elsewhere, path)],
    ["a link to itself", (path) => symlinkSync(basename(path), path)],
    ["a pipe", (path) => expect(spawnSync("mkfifo", [path]).status).toBe(0)],
    ["a folder", (path) => mkdirSync(path)],
    [
      "a file of a terabyte",
      (path) => {
        writeFileSync(path, `\n${resultLine(two, 0)}\n`);
        truncateSync(path, 2 ** 40);
      },
    ],
    ["garbage without an end", (path) => writeFileSync(path, Buffer.alloc(3_000_000, "garbage"))],
    ["a million lines of garbage", (path) => writeFileSync(path, "}{\n".repeat(1_000_000))],
    ["results of a checksum that isn't theirs", (path) => writeFileSync(path, `${seal(two).replace("two", "too")}\n`)],
    ["a result under another's id", (path) => writeFileSync(path, seal({ ...two, fingerprint: one.fingerprint }))],
  ];

  it.each(planted)("(%s) is neither followed, nor waited for, nor believed", async (_, plant) => {
    const root = await rootWith(one);
    const elsewhere = join(temporaryFolder(), "pack");
    copyFileSync(packsIn(await rootWith(two))[0]!, elsewhere);
    const before = readFileSync(elsewhere);
    // Of a process that is gone, for what one that is there has not ended yet isn't judged.
    plant(othersPack(root).replace(String(process.ppid), "4194400"), elsewhere);
    const store = await opened(root);
    const begun = performance.now();
    expect(await store.findFresh(one.fingerprint)).toEqual(one);
    expect(await store.findFresh(two.fingerprint)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(await store.putResult(three)).toMatchObject({ ok: true });
    expect(await (await opened(root)).findFresh(three.fingerprint)).toEqual(three);
    expect(readFileSync(elsewhere)).toEqual(before);
  });

  it("is told once, however much of it there is", async () => {
    const root = await rootWith(one);
    writeFileSync(othersPack(root), "}{\n".repeat(100_000));
    const store = await opened(root);
    expect(await store.findFresh(two.fingerprint)).toBeNull();
    expect(store.notices()).toMatchObject([{ id: "damaged" }]);
    expect(readdirSync(join(root, ".daggr/damaged"))).toHaveLength(1);
    const again = await opened(root);
    expect(await again.findFresh(two.fingerprint)).toBeNull();
    expect(again.notices()).toEqual([]);
    appendFileSync(othersPack(root), "more of it\n");
    expect(await again.findFresh(two.fingerprint)).toBeNull();
    expect(again.notices()).toMatchObject([{ id: "damaged" }]);
  });

  it("under another name is nobody's, and stays as it is", async () => {
    const root = await rootWith(one);
    const path = join(root, ".daggr/results", "notes.jsonl");
    writeFileSync(path, `${resultLine(two, 0)}\n`);
    const store = await opened(root);
    expect(await store.findFresh(one.fingerprint)).toEqual(one);
    expect(await store.getResult(two.id)).toBeNull();
    expect(readFileSync(path, "utf8")).toBe(`${resultLine(two, 0)}\n`);
  });
});
