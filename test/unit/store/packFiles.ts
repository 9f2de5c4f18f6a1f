import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** Paths of the packs in a workspace. */
export function packsIn(root: string): string[] {
  const folder = join(root, ".daggr/results");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** The lines of all packs. */
export function linesIn(root: string): string[] {
  return packsIn(root).flatMap((path) => readFileSync(path, "utf8").split("\n").filter(Boolean));
}

/** Ids of the results in all packs, removed or not. */
export function idsIn(root: string): string[] {
  return linesIn(root).flatMap((line) => /"content":\{"format":1,"id":"([^"]+)"/.exec(line)?.[1] ?? []);
}

/** Makes something else of a result's line, in place. Answers the pack's path. */
export function spoil(root: string, id: string, damage: (line: Buffer) => Buffer | string): string {
  const found = packsIn(root).filter((path) => readFileSync(path).includes(`"id":"${id}"`));
  expect(found).toHaveLength(1);
  const path = found[0]!;
  const bytes = readFileSync(path);
  const at = bytes.indexOf(`"id":"${id}"`);
  const [start, end] = [bytes.lastIndexOf("\n", at) + 1, bytes.indexOf("\n", at)];
  const line = damage(Buffer.from(bytes.subarray(start, end)));
  writeFileSync(path, Buffer.concat([bytes.subarray(0, start), Buffer.from(line), bytes.subarray(end)]));
  return path;
}
