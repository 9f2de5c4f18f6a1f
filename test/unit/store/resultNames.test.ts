import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newResultId } from "../../../src/store/resultId.js";
import { ResultNames } from "../../../src/store/resultNames.js";
import { temporaryFolder } from "./temporaryFolder.js";

const FINGERPRINT = "ab".repeat(32);
/** Lies in the same folder. */
const OTHER = `ab${"c".repeat(62)}`;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function written(root: string, fingerprint: string): string {
  const id = newResultId(fingerprint);
  mkdirSync(join(root, "ab"), { recursive: true });
  writeFileSync(join(root, "ab", `${id}.json`), "");
  return id;
}

describe("the names of results", () => {
  it("are those of one fingerprint, as soon as there are any", () => {
    const root = temporaryFolder();
    const names = new ResultNames(root);
    expect(names.of(FINGERPRINT)).toEqual([]);
    const ids = [written(root, FINGERPRINT), written(root, FINGERPRINT)];
    written(root, OTHER);
    writeFileSync(join(root, "ab", "notes.txt"), "");
    expect([...names.of(FINGERPRINT)].sort()).toEqual(ids.sort());
  });

  it("include what another process has written since they were listed", () => {
    const root = temporaryFolder();
    written(root, OTHER);
    const names = new ResultNames(root);
    expect(names.of(FINGERPRINT)).toEqual([]);
    // The clock of a file system may be coarse: within one tick of it, the folder looks as it did.
    vi.setSystemTime(Date.now() + 1001);
    const id = written(root, FINGERPRINT);
    expect(names.of(FINGERPRINT)).toEqual([id]);
  });

  it("include what this process has written, and a second later what others wrote at the same time", () => {
    const root = temporaryFolder();
    written(root, OTHER);
    const names = new ResultNames(root);
    expect(names.of(FINGERPRINT)).toEqual([]);
    const others = written(root, FINGERPRINT);
    const own = written(root, FINGERPRINT);
    names.add(own);
    expect(names.of(FINGERPRINT)).toContain(own);
    vi.setSystemTime(Date.now() + 1001);
    expect([...names.of(FINGERPRINT)].sort()).toEqual([others, own].sort());
  });
});
