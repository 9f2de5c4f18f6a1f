import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { copyOf } from "../../../src/store/blobCopies.js";
import { storeValue } from "../../../src/store/storedValue.js";
import { seal } from "../../../src/store/sealed.js";
import { entryOf, inline, resultOf } from "./records.js";
import { packsIn, spoil } from "./packFiles.js";
import { temporaryFolder } from "./temporaryFolder.js";

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** The one file under `folder` whose path matches. */
function fileIn(folder: string, pattern: RegExp): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(path));
  expect(found).toHaveLength(1);
  return found[0]!;
}

const DAMAGES: readonly (readonly [string, (text: Buffer) => Buffer | string])[] = [
  ["truncated", (text) => text.subarray(0, text.length / 2)],
  ["missing its last byte", (text) => text.subarray(0, -2)],
  ["emptied", () => ""],
  ["zeroed, as after a power cut", (text) => Buffer.alloc(text.length)],
  ["changed in one byte", (text) => text.map((byte, i) => (i === text.length >> 1 ? byte ^ 1 : byte)) as Buffer],
  ["garbage", () => "}{ not JSON"],
  ["valid JSON without a checksum", () => '{"format":1,"id":"x"}'],
  ["sealed with a wrong checksum", (text) => text.toString().replace(/"sha256":"../, '"sha256":"zz')],
  ["sealed, but something else", () => seal({ hello: "world" })],
  ["sealed, but null", () => seal(null)],
];

describe.each(DAMAGES)("a record that is %s", (_how, damage) => {
  const spoilFile = (path: string): void => writeFileSync(path, damage(readFileSync(path)));

  it("is set aside and reported once, and its node runs again; its neighbours stay", async () => {
    const root = temporaryFolder();
    const result = resultOf("image", "prompt", "pixels");
    const neighbours = [resultOf("before", 1, "one"), resultOf("after", 2, "two")] as const;
    const before = await opened(root);
    for (const each of [neighbours[0], result, neighbours[1]]) {
      await before.putResult(each);
      await before.appendHistory("main", entryOf(each));
    }
    await before.close();
    let text = "";
    spoil(root, result.id, (line) => (text = damage(line).toString()));

    const store = await opened(root);
    const told: string[] = [];
    store.onNotice((notices) => told.push(...notices.map(({ message }) => message)));
    expect(await store.findFresh(result.fingerprint)).toBeNull();
    expect(await store.getResult(result.id)).toBeNull();
    // Nothing is left of what was emptied, so there is nothing to tell.
    if (text !== "") {
      const [aside, ...more] = readdirSync(join(root, ".daggr/damaged"));
      expect(more).toEqual([]);
      expect(readFileSync(join(root, ".daggr/damaged", aside!), "utf8")).toBe(text);
      expect(told).toEqual([
        expect.stringMatching(/^One entry of the `\.daggr` folder failed the check.*(a result|among the results)/),
      ]);
      expect(store.notices()).toMatchObject([{ id: "damaged", severity: "warning" }]);
    }

    const reopened = await opened(root);
    expect(await reopened.getResult(result.id)).toBeNull();
    expect(await reopened.findFresh(result.fingerprint)).toBeNull();
    expect(reopened.notices()).toEqual([]);
    for (const each of neighbours) expect(await reopened.getResult(each.id)).toEqual(each);

    const again = resultOf("image", "prompt", "pixels");
    await store.putResult(again);
    expect(await (await opened(root)).findFresh(result.fingerprint)).toEqual(again);
  });

  it("is noticed by who has read it whole before", async () => {
    const root = temporaryFolder();
    const [result, neighbour] = [resultOf("image", "prompt", "pixels"), resultOf("after", 2, "two")];
    const store = await opened(root);
    for (const each of [result, neighbour]) {
      await store.putResult(each);
      expect(await store.findFresh(each.fingerprint)).toEqual(each);
    }
    const path = spoil(root, result.id, damage);
    // A test may be quicker than a file system's clock.
    utimesSync(path, new Date(), new Date(Date.now() + 10_000));
    expect(await store.findFresh(result.fingerprint)).toBeNull();
    expect(await store.getResult(result.id)).toBeNull();
    // Though it may stand elsewhere in the file by now.
    expect(await store.getResult(neighbour.id)).toEqual(neighbour);
  });

  it("takes nothing else with it: other controls of the sheet stay", async () => {
    const root = temporaryFolder();
    const before = await opened(root);
    await before.setInput("main", "prompt", inline("a"));
    await before.setInput("main", "style", inline("b"));
    spoilFile(fileIn(join(root, ".daggr/workflows"), /inputs\/prompt/));

    const store = await opened(root);
    // A sealed text of another kind passes its check; it is simply no entry.
    expect((await store.sheet("main")).values).toEqual({ style: inline("b") });
    await store.setInput("main", "prompt", inline("c"));
    expect((await (await opened(root)).sheet("main")).values).toEqual({ prompt: inline("c"), style: inline("b") });
  });

  it("as the folder's format is written anew", async () => {
    const root = temporaryFolder();
    const result = resultOf("image", 1, 1);
    await (await opened(root)).putResult(result);
    const path = join(root, ".daggr/format.json");
    spoilFile(path);
    const store = await opened(root);
    const text = readFileSync(path, "utf8");
    if (store.readOnly) {
      // What looks like the work of another version is left as it is.
      expect(store.readOnlyReason?.message).toMatch(/newer version/);
    } else {
      expect(JSON.parse(text)).toMatchObject({ format: 1 });
      expect(await store.getResult(result.id)).toEqual(result);
    }
  });
});

describe("history", () => {
  it("goes on after a torn, a garbled and a missing entry", async () => {
    const root = temporaryFolder();
    const results = Array.from({ length: 6 }, (_, i) => resultOf(`node${i}`, i, i));
    const before = await opened(root);
    for (const result of results) await before.appendHistory("main", entryOf(result));
    const path = fileIn(join(root, ".daggr/workflows"), /history.*jsonl$/);
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    const torn = lines[1]!.slice(0, 80);
    const garbled = lines[3]!.replace("node3", "nodeX");
    // Torn without a newline behind it, as when a process was killed while it wrote; the last one too.
    writeFileSync(
      path,
      `\n${lines[0]!}\n\n${torn}\n${lines[2]!}\n${garbled}\n\0\0\0\n${lines[4]!}\n${lines[5]!.slice(0, 50)}`,
    );

    const store = await opened(root);
    const added = resultOf("late", 1, 1);
    expect((await store.history("main")).map(({ node }) => node)).toEqual(["node0", "node2", "node4"]);
    await store.appendHistory("main", entryOf(added));
    for (const each of [store, await opened(root)]) {
      expect((await each.history("main")).map(({ node }) => node)).toEqual(["node0", "node2", "node4", "late"]);
      expect(each.notices()).toMatchObject([
        { id: "history:main", message: expect.stringMatching(/^4 entries in the history of sheet “main”/) as string },
      ]);
    }
  });

  it("that is read while another process is in the middle of an entry takes it in when it is whole", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    await store.appendHistory("main", entryOf(resultOf("a", 1, 1)));
    const path = fileIn(join(root, ".daggr/workflows"), /history.*jsonl$/);
    const line = seal({ type: "execution", entry: entryOf(resultOf("b", 1, 1)) });
    writeFileSync(path, `\n${line.slice(0, 100)}`, { flag: "a" });
    expect(Object.keys(await store.nodeStates("main"))).toEqual(["a"]);
    writeFileSync(path, `${line.slice(100)}\n`, { flag: "a" });
    expect(Object.keys(await store.nodeStates("main"))).toEqual(["a", "b"]);
    expect(store.notices()).toEqual([]);
  });

  it("that was replaced by a shorter file is read anew", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    for (const id of ["a", "b"]) await store.appendHistory("main", entryOf(resultOf(id, 1, 1)));
    expect(await store.history("main")).toHaveLength(2);
    const path = fileIn(join(root, ".daggr/workflows"), /history.*jsonl$/);
    const copy = readFileSync(path, "utf8").split("\n").filter(Boolean)[1]!;
    rmSync(path);
    writeFileSync(path, `${copy}\n`);
    expect((await store.history("main")).map(({ node }) => node)).toEqual(["b"]);
  });
});

describe("the file of a result", () => {
  it.each([
    ["is gone", (path: string) => rmSync(path)],
    ["is cut short", (path: string) => writeFileSync(path, "GIF")],
    ["has other content of the same length", (path: string) => writeFileSync(path, "GIF89a!")],
  ])("makes the node run again when it %s", async (_how, spoil) => {
    const root = temporaryFolder();
    const before = await opened(root);
    const ref = await before.blobs.putBytes(Buffer.from("GIF89a…".slice(0, 7)), "cat.gif");
    const path = before.blobs.path(ref.$file);
    const result = resultOf("image", 1, {
      nested: [{ $file: ref.$file, name: ref.name, mediaType: ref.mediaType, size: ref.size }],
    });
    await before.putResult(result);
    expect(await before.findFresh(result.fingerprint)).toEqual(result);
    chmodSync(path, 0o644);
    spoil(path);

    for (const store of [before, await opened(root)]) {
      expect(await store.findFresh(result.fingerprint)).toBeNull();
      expect(await store.viewPath(ref)).toMatchObject({ ok: false, failure: { reason: "store" } });
      expect(await store.getResult(result.id)).toEqual(result); // the record is as good as ever
    }
    expect(existsSync(path)).toBe(false);
    await before.blobs.putBytes(Buffer.from("GIF89a…".slice(0, 7)), "cat.gif");
    expect(await before.findFresh(result.fingerprint)).toEqual(result);
  });

  it("may be a large value, which is checked likewise", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const value = await storeValue("x".repeat(10_000), store.blobs);
    const result = resultOf("text", 1, value);
    await store.putResult(result);
    expect(await store.findFresh(result.fingerprint)).toEqual(result);
    const path = store.blobs.path(value.kind === "blob" ? value.blob : "");
    chmodSync(path, 0o644);
    writeFileSync(path, `"${"y".repeat(10_000)}"`);
    expect(await store.findFresh(result.fingerprint)).toBeNull();
    expect(readdirSync(join(root, ".daggr/damaged"))).toHaveLength(1);
  });
});

describe("a folder of a newer format", () => {
  it("is left untouched, read, and worked beside for the session", async () => {
    const root = temporaryFolder();
    const old = resultOf("a", 1, "one");
    const before = await opened(root);
    const ref = await before.blobs.putBytes(Buffer.from("kept"), "a.txt");
    await before.putResult(old);
    await before.appendHistory("main", entryOf(old));
    await before.setInput("main", "prompt", inline("typed"));
    await before.close();
    writeFileSync(join(root, ".daggr/format.json"), '{"format":2,"something":"new"}');
    const newer = resultOf("b", 2, 2);
    const [pack] = packsIn(root);
    writeFileSync(pack!, `\n${seal({ ...newer, format: 2 })}\nnor is this anything\n`, { flag: "a" });
    const snapshot = () =>
      readdirSync(join(root, ".daggr"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")]);
    const untouched = snapshot();

    const store = await opened(root);
    expect(store.readOnly).toBe(true);
    expect(store.notices()).toMatchObject([
      {
        id: "read-only",
        message: expect.stringMatching(/newer version of Daggr \(format 2; this one knows 1\)/) as string,
      },
    ]);
    expect(await store.findFresh(old.fingerprint)).toEqual(old);
    expect(await store.findFresh(newer.fingerprint)).toBeNull();
    // What can't be read is told, but left where it is, too.
    expect(store.notices()).toHaveLength(2);
    expect(store.notices()[1]?.message).toMatch(/^One entry.*what stood among the results\), counts as absent/);
    expect(await copyOf(ref, store.blobs, temporaryFolder())).toMatchObject({ ok: true });

    const result = resultOf("a", 2, "two");
    expect(await store.putResult(result)).toMatchObject({ ok: false, failure: { reason: "store" } });
    expect(await store.appendHistory("main", entryOf(result, { count: 2 }))).toEqual({ ok: true, value: undefined });
    expect(await store.setInput("main", "prompt", null)).toEqual({ ok: true, value: undefined });
    const fresh = await store.blobs.putText("only for now");
    // What was done in this session holds in this session.
    expect(await store.findFresh(result.fingerprint)).toEqual(result);
    expect(await store.getResult(result.id)).toEqual(result);
    expect((await store.nodeStates("main")).a).toMatchObject({ count: 2, selected: result.id });
    expect((await store.sheet("main")).values).toEqual({});
    expect(await store.blobs.readText(fresh)).toEqual({ ok: true, value: "only for now" });
    expect(await store.clear()).toMatchObject({ ok: false });
    expect(await store.viewPath(ref)).toMatchObject({ ok: true });
    const { folder } = store.blobs;
    await store.close();

    expect(existsSync(folder)).toBe(false);
    expect(snapshot()).toEqual(untouched);
  });
});
