import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeValue } from "../../../src/store/storedValue.js";
import { openStore } from "../../../src/store/workflowStore.js";
import { entryOf, resultOf } from "../store/records.js";
import { Shell } from "./terminal.js";

let shell: Shell;
beforeEach(() => (shell = new Shell()));
afterEach(() => rmSync(shell.folder, { recursive: true }));

async function keep(): Promise<void> {
  const store = await openStore(shell.folder, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  const result = resultOf("paint", 1, await storeValue("large ".repeat(20_000), store.value.blobs));
  await store.value.putResult(result);
  await store.value.appendHistory("main", entryOf(result));
  await store.value.close();
}

const reset = () => {
  shell.stdout.text = shell.stderr.text = "";
};

test("says what was checked, from a workflow, its folder or one in it", async () => {
  await keep();
  shell.write("flow.daggr.ts", "");
  mkdirSync(join(shell.folder, "deeper"));
  for (const path of [[], ["flow.daggr.ts"], ["deeper"], [".daggr"]]) {
    reset();
    expect(await shell.run(["verify", ...path])).toBe(0);
    expect(shell.stdout.text).toMatch(
      /^All is whole: 1 result, 1 file or large value \(120 kB\), \d notes? about sheets in \.daggr\.\n$/,
    );
    expect(shell.stderr.text).toBe("");
  }
});

test("fails where something is damaged, and says what, where and what that means", async () => {
  await keep();
  const blobs = join(shell.folder, ".daggr/blobs");
  const [name = ""] = readdirSync(blobs, { recursive: true })
    .map(String)
    .filter((each) => /[0-9a-f]{64}$/.test(each));
  rmSync(join(blobs, name));
  expect(await shell.run(["verify"])).toBe(1);
  expect(shell.stdout.text).toMatch(
    /^✗ A result of `paint` of .* lacks content that is gone: [0-9a-f]{12}\.\n {2}results\//,
  );
  expect(shell.stdout.text).toContain("One thing is wrong: 1 result, 0 files and large values (0 B)");
  expect(shell.stdout.text).toContain("made again when it is needed");
  reset();
  expect(await shell.run(["verify", "--json"])).toBe(1);
  expect(JSON.parse(shell.stdout.text)).toMatchObject({
    results: 1,
    contents: 0,
    problems: [{}],
  });
});

test("where nothing was kept, or nothing is, it says so", async () => {
  expect(await shell.run(["verify"])).toBe(2);
  expect(shell.stderr.text).toContain("There is no `.daggr` folder for .: nothing has been kept yet.");
  reset();
  expect(await shell.run(["verify", "nowhere"])).toBe(2);
  expect(shell.stderr.text).toContain("nowhere doesn't exist.");
  await keep();
  writeFileSync(join(shell.folder, ".daggr/format.json"), '{"format":2}');
  reset();
  expect(await shell.run(["verify"])).toBe(1);
  expect(shell.stderr.text).toContain("newer version of Daggr");
});
