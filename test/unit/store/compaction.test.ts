import { cpSync, readFileSync, renameSync, utimesSync, writeFileSync, readdirSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { eventually } from "../../eventually.js";
import type { ResultRecord } from "../../../src/model/result.js";
import { removalLine, resultLine } from "../../../src/store/packLine.js";
import { seal } from "../../../src/store/sealed.js";
import { HOST } from "../../../src/store/temporaryFolder.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { idsIn, linesIn, packsIn, spoil } from "./packFiles.js";
import { entryOf, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

/** Called before every step that changes something on the disk. */
let beforeStep: (step: string, path: unknown) => void = () => undefined;

vi.mock(import("node:fs"), async (original) => {
  const real = await original();
  type Act = (...args: never[]) => unknown;
  const watched = <T extends Act>(step: string, act: T) =>
    ((...args: never[]) => {
      beforeStep(step, args[0]);
      return act(...args);
    }) as T; // takes and gives what `act` does
  const { openSync, writeSync, renameSync, unlinkSync } = real;
  return {
    ...real,
    openSync: watched("open", openSync),
    writeSync: watched("write", writeSync as Act) as typeof writeSync,
    renameSync: watched("rename", renameSync),
    unlinkSync: watched("unlink", unlinkSync),
  };
});

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** Keeps each of these in a window of its own that is closed then, so that each has a pack of its own. */
async function keepEach(root: string, results: readonly ResultRecord[]): Promise<void> {
  for (const result of results) {
    const store = await opened(root);
    await store.putResult(result);
    await store.appendHistory("main", entryOf(result));
    await store.close();
  }
}

const series = (node: string, length: number) => Array.from({ length }, (_, i) => resultOf(node, i, `${node} ${i}`));

/** Clears a node and leaves the packs as they are, for a run is under way. */
async function clearOnly(root: string, node: string): Promise<void> {
  const store = await opened(root);
  const { end } = store.leaseRun();
  expect(await store.clear(node)).toMatchObject({ ok: true });
  await store.close();
  end();
}

async function expectResults(root: string, there: readonly ResultRecord[], gone: readonly ResultRecord[]) {
  const store = await opened(root);
  for (const result of there) expect(await store.findFresh(result.fingerprint)).toEqual(result);
  for (const { id, fingerprint } of gone) {
    expect(await store.findFresh(fingerprint)).toBeNull();
    expect(await store.getResult(id)).toBeNull();
  }
  expect(store.notices()).toEqual([]);
}

describe("many small packs of windows that are closed", () => {
  it("are made one, off the path of what is looked for, and nothing is lost", async () => {
    const root = temporaryFolder();
    const results = series("a", 20);
    await keepEach(root, results);
    const store = await opened(root);
    expect(await store.findFresh(results[0]!.fingerprint)).toEqual(results[0]);
    expect(packsIn(root)).toHaveLength(20);
    await store.close();
    expect(packsIn(root)).toHaveLength(1);
    expect(linesIn(root).sort()).toEqual(results.map((result) => resultLine(result, 0)).sort());
    await expectResults(root, results, []);
  });

  it("are made one a while after they were first read, where the window stays open", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const root = temporaryFolder();
    const results = series("a", 20);
    await keepEach(root, results);
    const store = await opened(root);
    expect(await store.getResult(results[0]!.id)).toEqual(results[0]);
    vi.advanceTimersByTime(5000);
    await eventually(() => expect(packsIn(root)).toHaveLength(1));
    for (const result of results) expect(await store.getResult(result.id)).toEqual(result);
  });

  it("stay as they are where they are few, during a run, and where somebody else is at it", async () => {
    const root = temporaryFolder();
    const results = series("a", 17);
    await keepEach(root, results.slice(0, 16));
    const close = async () => {
      const store = await opened(root);
      await store.getResult(results[0]!.id);
      await store.close();
      return packsIn(root).length;
    };
    expect(await close()).toBe(16);
    await keepEach(root, results.slice(16));
    const { end } = (await opened(root)).leaseRun();
    expect(await close()).toBe(17);
    end();
    const other = join(root, ".daggr/runs", `${HOST}-${process.ppid}-0123456789ab.compaction`);
    writeFileSync(other, "");
    expect(await close()).toBe(17);
    renameSync(other, other.replace(String(process.ppid), "4194400")); // that one was killed
    expect(await close()).toBe(1);
    expect(readdirSync(join(root, ".daggr/runs"))).toEqual([]);
  });

  it("are found in their new place by all who look for them at once", async () => {
    const root = temporaryFolder();
    const results = series("a", 20);
    await keepEach(root, results);
    const other = await opened(root);
    for (const { fingerprint } of results) expect(await other.findFresh(fingerprint)).not.toBeNull();
    const store = await opened(root);
    await store.getResult(results[0]!.id);
    await store.close();
    expect(packsIn(root)).toHaveLength(1);
    expect(await Promise.all(results.map(({ fingerprint }) => other.findFresh(fingerprint)))).toEqual(results);
  });

  it("are found in their new place by a window that knew them in the old one", async () => {
    const root = temporaryFolder();
    const [kept, cleared] = [series("a", 10), series("b", 10)];
    await keepEach(root, [...kept, ...cleared]);
    const other = await opened(root);
    for (const { id } of [...kept, ...cleared]) expect((await other.getResult(id))?.id).toBe(id);
    await clearOnly(root, "b");
    const store = await opened(root);
    await store.getResult(kept[0]!.id);
    await store.close();
    expect(packsIn(root)).toHaveLength(1);
    const [first, second, ...rest] = kept;
    expect(await other.getResult(first!.id)).toEqual(first);
    expect(await other.findFresh(second!.fingerprint)).toEqual(second);
    expect((await other.getResults(rest.map(({ id }) => id))).size).toBe(8);
    for (const { id } of cleared) expect(await other.getResult(id)).toBeNull();
    expect(other.notices()).toEqual([]);
  });

  it("stay as they are while one of them can't be opened, for what the others removed may be in there", async () => {
    const root = temporaryFolder();
    const [result] = series("a", 1);
    await keepEach(root, [result!]);
    const [pack] = packsIn(root);
    await clearOnly(root, "a");
    expect(packsIn(root)).toHaveLength(2);
    const store = await opened(root);
    beforeStep = (step, path) => {
      if (step === "open" && path === pack) throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
    };
    expect(await store.clear("b")).toMatchObject({ ok: true });
    beforeStep = () => undefined;
    await store.close();
    await expectResults(root, [], [result!]);
  });

  it("lose nothing, and bring nothing back, at whatever step their new writer is killed", async () => {
    const root = temporaryFolder();
    const [kept, cleared] = [series("a", 10), series("b", 10)];
    await keepEach(root, [...kept, ...cleared]);
    await clearOnly(root, "b");
    const snapshots: string[] = [];
    const steps: string[] = [];
    const store = await opened(root);
    await store.getResult(kept[0]!.id);
    beforeStep = (step) => {
      const snapshot = temporaryFolder();
      cpSync(root, snapshot, { recursive: true });
      snapshots.push(snapshot);
      steps.push(step);
    };
    onTestFinished(() => void (beforeStep = () => undefined));
    await store.close();
    beforeStep = () => undefined;
    expect(packsIn(root)).toHaveLength(1);
    expect(steps.filter((step) => step === "rename").length).toBeGreaterThanOrEqual(2);
    expect(steps.filter((step) => step === "unlink").length).toBeGreaterThanOrEqual(21);
    for (const snapshot of snapshots) await expectResults(snapshot, kept, cleared);
    // Whoever comes next finishes it.
    for (const snapshot of snapshots) {
      const next = await opened(snapshot);
      await next.clear("b");
      await next.close();
      await expectResults(snapshot, kept, cleared);
      expect(new Set(idsIn(snapshot))).toEqual(
        new Set(idsIn(snapshot).filter((id) => !cleared.some((each) => each.id === id))),
      );
    }
  }, 60_000);
});

describe("clearing", () => {
  it("gives back the space of what it removes, when half of it is", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const [a, b] = [series("a", 3), series("b", 3)];
    for (const result of [...a, ...b]) {
      await store.putResult(result);
      await store.appendHistory("main", entryOf(result));
    }
    await store.clear("a");
    expect(idsIn(root).sort()).toEqual(b.map(({ id }) => id).sort());
    await expectResults(root, b, a);
    for (const result of b) expect(await store.findFresh(result.fingerprint)).toEqual(result);
    await store.clear();
    expect(packsIn(root)).toEqual([]);
    await expectResults(root, [], [...a, ...b]);
    await store.putResult(a[0]!);
    await expectResults(root, [a[0]!], []);
  });

  it("leaves the pack of another process that is there as it is, and remembers what was removed of it", async () => {
    const root = temporaryFolder();
    const [a, b] = [series("a", 2), series("b", 2)];
    await keepEach(root, [...a, ...b]);
    const others = packsIn(root).find((path) => readFileSync(path).includes(a[0]!.id))!;
    const living = others.replace(`-${process.pid}-`, `-${process.ppid}-`);
    renameSync(others, living);
    const before = readFileSync(living);
    const store = await opened(root);
    expect(await store.clear("a")).toEqual({ ok: true, value: 2 });
    expect(readFileSync(living)).toEqual(before);
    expect(idsIn(root)).not.toContain(a[1]!.id);
    await store.clear("nothing");
    await store.close();
    await expectResults(root, b, a);

    renameSync(living, others); // now that one is gone
    await (await opened(root)).clear("a");
    expect(idsIn(root).sort()).toEqual(b.map(({ id }) => id).sort());
    expect(linesIn(root).filter((line) => line.includes('"removed"'))).toEqual([]);
    await expectResults(root, b, a);
  });

  it("tells and sets aside what is found damaged on the way, and keeps the rest", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const [cleared, kept] = [series("a", 4), series("b", 3)];
    for (const result of [...cleared, ...kept]) {
      await store.putResult(result);
      await store.appendHistory("main", entryOf(result));
    }
    spoil(root, kept[1]!.id, (line) => line.toString().replace('"b 1"', '"b 7"'));
    await store.clear("a");
    expect(store.notices()).toMatchObject([{ id: "damaged" }]);
    expect(readdirSync(join(root, ".daggr/damaged"))).toHaveLength(1);
    expect(idsIn(root).sort()).toEqual([kept[0]!.id, kept[2]!.id].sort());
    await expectResults(root, [kept[0]!, kept[2]!], [...cleared, kept[1]!]);
  });

  it("touches neither results of a later version nor any content while there are some", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const blob = await store.blobs.putText("of a later version, perhaps");
    utimesSync(store.blobs.path(blob), 0, 0);
    const newer = join(root, ".daggr/results", `${HOST}-4194400-0123456789ab.jsonl`);
    const text = `\n${seal({ format: 2, what: "nobody knows" })}\n${removalLine({ removed: { x: 0 } })}\n`;
    await store.putResult(resultOf("a", 1, 1));
    writeFileSync(newer, text);
    await store.clear();
    expect(readFileSync(newer, "utf8")).toBe(text);
    expect(existsSync(store.blobs.path(blob))).toBe(true);
    expect(store.notices()).toEqual([]);
    renameSync(newer, join(root, basename(newer)));
    await store.clear();
    expect(existsSync(store.blobs.path(blob))).toBe(false);
  });
});
