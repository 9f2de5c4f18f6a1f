import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { ResultRecord } from "../../../src/model/result.js";
import { unseal } from "../../../src/store/sealed.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { linesIn } from "./packFiles.js";
import { inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";
import { bundleWriter, start } from "./writerProcess.js";

let writer = "";
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "daggr-writer-"));
  writer = await bundleWriter(folder);
  return () => rmSync(folder, { recursive: true });
});

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

/** Every record that lies in the folder, straight from the files. */
function recordsIn(root: string): ResultRecord[] {
  return linesIn(root).flatMap((line) => (unseal(line) as ResultRecord | undefined) ?? []);
}

describe("two processes on one folder", () => {
  it("lose nothing of 2,000 executions each, nor any input", async () => {
    const root = temporaryFolder();
    const writers = ["left", "right"].map((name) => start(process.execPath, [writer, "write", root, name, "2000"]));
    const watching = await opened(root); // a third one that looks on meanwhile
    const working = Promise.all(writers.map(({ ended }) => ended));
    const looking = setInterval(() => void watching.history("main"), 20);
    await working;
    clearInterval(looking);
    expect(await working).toEqual([0, 0]);

    for (const store of [watching, await opened(root)]) {
      const history = await store.history("main");
      expect(history).toHaveLength(4000);
      expect(new Set(history.map(({ result }) => result))).toEqual(new Set(writers.flatMap(({ said }) => said)));
      for (const name of ["left", "right"]) {
        const own = history.filter(({ node }) => node.startsWith(name));
        expect(own.map(({ node }) => node)).toEqual(Array.from({ length: 2000 }, (_, i) => `${name}${i}`));
      }
      expect((await store.getResults(history.map(({ result }) => result ?? ""))).size).toBe(4000);
      expect(Object.keys((await store.sheet("main")).values)).toHaveLength(400);
      expect(store.notices()).toEqual([]);
    }
  }, 120_000);
});

describe("processes that work at the same time", () => {
  it("find within a second what the other has kept", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const own = resultOf("own", 0, "mine");
    await store.putResult(own);
    const other = start(process.execPath, [writer, "write", root, "other", "100000"]);
    let found = 0;
    for (let i = 0; found < 200; i++) {
      await other.saying(i + 1);
      const { fingerprint } = resultOf(`other${i}`, i, "");
      const said = performance.now();
      let result = await store.findFresh(fingerprint);
      while (!result && performance.now() - said < 1000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        result = await store.findFresh(fingerprint);
      }
      expect(result?.id).toBe(other.said[i]);
      expect((await store.findFresh(own.fingerprint))?.id).toBe(own.id);
      await store.putResult(resultOf("own", i + 1, i));
      found++;
    }
    other.child.kill("SIGKILL");
    await other.ended;
    expect(store.notices()).toEqual([]);
  }, 60_000);
});

describe("a process that is killed at any instant", () => {
  it("leaves everything valid, and everything it had finished there, 20 times over", async () => {
    const root = temporaryFolder();
    const finished: unknown[] = [];
    for (let round = 0; round < 20; round++) {
      const child = start(process.execPath, [writer, "write", root, `round${round}-`, "100000"]);
      // Killed as a random one of its steps is under way: in the very first, or in the middle of many.
      await child.saying(round === 0 ? 0 : 1 + Math.floor(Math.random() * 60));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      child.child.kill("SIGKILL");
      expect(await child.ended).toBe("SIGKILL");
      finished.push(...child.said);

      const store = await opened(root);
      const history = await store.history("main");
      const ids = new Set(history.map(({ result }) => result));
      expect(finished.filter((id) => !ids.has(id as string))).toEqual([]);
      // Whatever history names is there and whole: blobs come before records, and records before history.
      for (const { fingerprint, result } of history.slice(-100)) {
        expect((await store.findFresh(fingerprint ?? ""))?.id).toBe(result);
      }
      expect(store.notices().filter(({ id }) => id === "damaged")).toEqual([]);
      await store.close();
    }
    expect(finished.length).toBeGreaterThan(100);

    const store = await opened(root);
    const history = await store.history("main");
    const records = recordsIn(root);
    expect((await store.getResults(records.map(({ id }) => id))).size).toBe(records.length);
    // At most what was under way when it was killed is in the results and not yet in the history.
    expect(records.length - history.length).toBeLessThanOrEqual(20);
    for (const [control, value] of Object.entries((await store.sheet("main")).values)) {
      expect(value).toEqual(inline(Number(control.split(" ")[1])));
    }
    expect(readdirSync(join(root, ".daggr")).includes("damaged")).toBe(false);
  }, 120_000);
});
