import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { ResultRecord } from "../../../src/model/result.js";
import { unseal } from "../../../src/store/sealed.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { inline } from "./records.js";
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
  return readdirSync(join(root, ".daggr/results"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => unseal(readFileSync(join(entry.parentPath, entry.name), "utf8")) as ResultRecord);
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
