import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cacheFolder, ownFolder } from "../../../src/runner/loader/cacheFolder.js";
import { buildRunner, startRunner, temporaryFolder, userCacheIn, type Workspace, workspace } from "./runnerProcess.js";

let built: Awaited<ReturnType<typeof buildRunner>>;
const spaces: Workspace[] = [];

beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());
afterEach(() => {
  for (const space of spaces.splice(0)) space.remove();
});

const returning = (text: string) =>
  `import { FnNode, Graph } from "daggr";\nexport default new Graph({ name: "g", nodes: [new FnNode(() => ${text} as string, { name: "n" })] });\n`;

function opened(text: string) {
  const space = workspace(returning(text));
  spaces.push(space);
  return space;
}

/** What the workflow's node gives in a new process. */
async function run(space: Workspace, options?: Parameters<typeof startRunner>[2]) {
  const runner = startRunner(built.path, space, options);
  const loaded = await runner.load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  const { output } = await runner.outputs("n");
  await runner.stop();
  return output;
}

const cache = () => join(dirname(built.path), "cache", "daggr", "transpiled");
const kept = () => readdirSync(cache()).map((name) => join(cache(), name));

test("a kept file that was changed, cut off or renamed is not run but made anew", async () => {
  const other = opened(`"another"`);
  await run(other);
  const [another] = kept();
  const space = opened(`"as written"`);
  expect(await run(space)).toBe("as written");
  const own = kept().find((path) => path !== another)!;
  const whole = readFileSync(own, "utf8");

  const damages: readonly (() => void)[] = [
    () => writeFileSync(own, whole.replace("as written", "as planted")),
    () => writeFileSync(own, whole.slice(0, -20)),
    () => writeFileSync(own, ""),
    () => writeFileSync(own, readFileSync(another!)),
  ];
  for (const damage of damages) {
    damage();
    expect(await run(space)).toBe("as written");
    expect(readFileSync(own, "utf8")).toBe(whole);
  }
  writeFileSync(space.file, returning(`"edited"`));
  expect(await run(space)).toBe("edited");
  expect(existsSync(own)).toBe(false);
}, 60_000);

test("nothing that lies in the workspace is run in place of the source", async () => {
  const space = opened(`"as written"`);
  await run(space);
  expect(existsSync(join(space.folder, ".daggr", "cache"))).toBe(false);
  expect(kept().length).toBeGreaterThan(0);
});

test("a cache that cannot be had is done without", async () => {
  const space = opened(`"no cache"`);
  const blocked = join(space.folder, "blocked");
  mkdirSync(blocked);
  writeFileSync(join(blocked, "cache"), "a file where the folder should be");
  expect(await run(space, { fork: { env: { ...process.env, ...userCacheIn(blocked) } } })).toBe("no cache");
});

test("the folder is the user's own, and a relative path leads nowhere else", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/caches" }, "linux")).toBe(join("/caches", "daggr", "transpiled"));
  expect(cacheFolder({ XDG_CACHE_HOME: "caches" }, "linux")).toMatch(/[/\\]\.cache[/\\]daggr[/\\]transpiled$/);
  expect(cacheFolder({}, "darwin")).toMatch(/Library[/\\]Caches[/\\]daggr/);
  expect(cacheFolder({ LOCALAPPDATA: "here" }, "win32")).toMatch(/AppData[/\\]Local[/\\]daggr/);
});

test.skipIf(process.platform === "win32")("a folder that others can write to, or a link, is no own folder", () => {
  const folder = temporaryFolder("own");
  expect(ownFolder(join(folder, "new"))).toBe(true);
  chmodSync(join(folder, "new"), 0o777);
  expect(ownFolder(join(folder, "new"))).toBe(false);
  chmodSync(join(folder, "new"), 0o700);
  renameSync(join(folder, "new"), join(folder, "moved"));
  symlinkSync(join(folder, "moved"), join(folder, "new"));
  expect(ownFolder(join(folder, "new"))).toBe(false);

  // The one above it counts as well: whoever may write there may put another folder in its place.
  const inner = join(folder, "daggr", "transpiled");
  expect(ownFolder(inner)).toBe(true);
  chmodSync(join(folder, "daggr"), 0o777);
  expect(ownFolder(inner)).toBe(false);
  chmodSync(join(folder, "daggr"), 0o700);
  renameSync(join(folder, "daggr"), join(folder, "other"));
  symlinkSync(join(folder, "other"), join(folder, "daggr"));
  expect(ownFolder(inner)).toBe(false);
});
