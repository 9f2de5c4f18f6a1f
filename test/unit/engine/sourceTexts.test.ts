import { mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOfTexts, SourceTexts } from "../../../src/engine/sourceTexts.js";

let folder: string;
let file: string;
let sources: SourceTexts;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "texts-test-"));
  file = join(folder, "flow.daggr.ts");
  await writeFile(file, "on disk");
  sources = new SourceTexts();
});
afterEach(() => rm(folder, { recursive: true }));

test("the editor's text counts while there is one, and the disk's again after that", () => {
  expect(sources.read(file)).toBe("on disk");
  expect(sources.setBuffer(file, "typed")).toBe(true);
  expect(sources.read(file)).toBe("typed");
  expect(sources.isUnsaved(file)).toBe(true);
  expect(sources.setBuffer(file, null)).toBe(true);
  expect(sources.read(file)).toBe("on disk");
  expect(sources.isUnsaved(file)).toBe(false);
});

test("a change on disk is found when it is looked for, and is no news where the editor's text counts", async () => {
  sources.read(file);
  await writeFile(file, "changed");
  expect(sources.refresh(file)).toBe(true);
  expect(sources.read(file)).toBe("changed");
  sources.setBuffer(file, "typed");
  await writeFile(file, "changed again");
  expect(sources.refresh(file)).toBe(false);
});

test("a file that comes and goes", async () => {
  const other = join(folder, "other.ts");
  expect(sources.read(other)).toBeUndefined();
  await writeFile(other, "here");
  expect(sources.refresh(other)).toBe(true);
  expect(sources.read(other)).toBe("here");
  await rm(other);
  expect(sources.refresh(other)).toBe(true);
  expect(sources.exists(other)).toBe(false);
});

test("saving makes a text saved, whatever its line ends and byte order mark", async () => {
  sources.setBuffer(file, "one\ntwo");
  expect(sources.isUnsaved(file)).toBe(true);
  await writeFile(file, "\uFEFFone\r\ntwo");
  expect(sources.isUnsaved(file)).toBe(false);
});

test("a link that leads back to itself is no text", async () => {
  const loop = join(folder, "loop.ts");
  await symlink(loop, loop);
  expect(sources.read(loop)).toBeUndefined();
  expect(sources.exists(loop)).toBe(false);
});

test("a folder is no text", () => {
  expect(sources.read(folder)).toBeUndefined();
});

test("texts are told apart by where one ends and the next begins", () => {
  expect(digestOfTexts(["ab", "c"])).not.toBe(digestOfTexts(["a", "bc"]));
  expect(digestOfTexts([undefined])).not.toBe(digestOfTexts([""]));
});

test("bytes that are no text count to the last one", async () => {
  await writeFile(file, Buffer.from([0xff, 0xfe, 1]));
  const before = sources.digest(file);
  await writeFile(file, Buffer.from([0xff, 0xfd, 1, 2]));
  expect(sources.refresh(file)).toBe(true);
  const after = sources.digest(file);
  expect(after).not.toBe(before);
  await writeFile(file, Buffer.from([0xff, 0xfc, 1, 2, 3]));
  sources.refresh(file);
  expect(sources.digest(file)).not.toBe(after);
  expect(sources.digest(join(folder, "nothing"))).toBeUndefined();
});

test("a file that nobody has read is looked at, but not read", async () => {
  await utimes(file, 1000, 1000);
  expect(sources.refresh(file)).toBe(true);
  expect(sources.refresh(file)).toBe(false);
  await writeFile(file, "another");
  // Whether what counts has changed isn't known.
  expect(sources.refresh(file)).toBe(true);
  await utimes(file, 1000, 1000);
  sources.refresh(file);
  // Had it been read before, this would not be seen.
  await writeFile(file, "differs");
  await utimes(file, 1000, 1000);
  expect(sources.refresh(file)).toBe(false);
  expect(sources.read(file)).toBe("differs");
});
