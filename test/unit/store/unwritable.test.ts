import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { storeFailure } from "../../../src/store/storeFailure.js";
import { openStore } from "../../../src/store/workflowStore.js";
import { inline } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";
import { bundleWriter, hasNamespaces, start } from "./writerProcess.js";

let writer = "";
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "daggr-writer-"));
  chmodSync(folder, 0o755);
  writer = await bundleWriter(folder);
  return () => rmSync(folder, { recursive: true });
});

/** Runs a shell script in which a small file system may be mounted, and answers what the writer said last. */
async function inOwnNamespace(script: string, root: string): Promise<unknown> {
  const child = start("unshare", ["-rm", "sh", "-ec", script, "sh", process.execPath, writer, root]);
  expect(await child.ended).toBe(0);
  return child.said.at(-1);
}

const text = (pattern: RegExp) => expect.stringMatching(pattern) as string;

describe.skipIf(!hasNamespaces)("a full disk", () => {
  it("is told in words, harms nothing that was kept, and is fine again once there is room", async () => {
    const root = temporaryFolder();
    const said = await inOwnNamespace('mount -t tmpfs -o size=3m tmpfs "$3"; "$1" "$2" fill "$3" node 0', root);
    const full = {
      reason: "store",
      message: text(/^The disk is full: .* could not be kept\.$/),
      hint: text(/Free some/),
    };
    expect(said).toMatchObject({
      refused: { ok: false, failure: full },
      before: { ok: false, failure: { ...full, message: text(/what you entered in `prompt`/) } },
      big: { ...full, message: text(/the file big\.bin/) },
      session: true,
      leftovers: [],
      after: [{ ok: true }, { ok: true }],
      last: "node1000000",
      readOnly: false,
    });
    const { kept, found } = said as { kept: number; found: number };
    expect(kept).toBeGreaterThan(50);
    expect(found).toBe(kept);
  });

  it("is what clearing helps against, though at first not even that can be written down", async () => {
    const root = temporaryFolder();
    const said = await inOwnNamespace('mount -t tmpfs -o size=3m tmpfs "$3"; "$1" "$2" clearFull "$3" node 0', root);
    expect(said).toMatchObject({ cleared: { ok: true }, result: null, selected: null, again: null });
  });
});

const forTheSession = {
  readOnly: true,
  added: { ok: true },
  input: { ok: true },
  found: true,
  values: { prompt: inline("typed") },
};

describe("a workspace that can't be written", () => {
  it.skipIf(!hasNamespaces)(
    "because its file system is read-only: shows what is there and works for the session",
    async () => {
      const root = temporaryFolder();
      const said = await inOwnNamespace(
        'mount -t tmpfs tmpfs "$3"; "$1" "$2" write "$3" before 2; mount -o remount,ro "$3"; "$1" "$2" readOnly "$3" now 0',
        root,
      );
      expect(said).toMatchObject({
        ...forTheSession,
        kept: ["before0", "before1", "now3"],
        whole: true,
        put: { ok: false, failure: { reason: "store", message: text(/read-only file system/) } },
        notices: [{ id: "read-only", message: text(/Results are shown, but not kept/) }],
      });
    },
  );

  it.skipIf(!hasNamespaces)("and has no store yet: works for the session", async () => {
    const said = await inOwnNamespace(
      'mount -t tmpfs -o ro tmpfs "$3"; "$1" "$2" readOnly "$3" now 0',
      temporaryFolder(),
    );
    expect(said).toMatchObject({ ...forTheSession, kept: ["now3"], whole: false });
  });

  it.skipIf(process.platform === "win32")("because permission is missing: the same", async () => {
    const root = temporaryFolder();
    chmodSync(root, 0o555);
    const child = start(process.execPath, [writer, "readOnly", root, "as nobody", "0"]);
    expect(await child.ended).toBe(0);
    expect(child.said.at(-1)).toMatchObject({
      ...forTheSession,
      put: { ok: false, failure: { reason: "store", message: text(/may not be written/) } },
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it("because something else has its name: says so", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, ".daggr"), "a file of somebody's");
    const store = await openStore(root, "Workflow");
    expect(store).toMatchObject({ ok: true, value: { readOnlyReason: { message: text(/is a file/) } } });
    if (!store.ok) return;
    await store.value.setInput("main", "prompt", inline("typed"));
    expect((await store.value.sheet("main")).values).toEqual({ prompt: inline("typed") });
    expect(await store.value.history("main")).toEqual([]);
    await store.value.close();
  });
});

it.each([
  ["ENOSPC", /disk is full/],
  ["EDQUOT", /quota is used up/],
  ["EROFS", /read-only file system/],
  ["EACCES", /may not be written/],
  ["EMFILE", /Too many files/],
  ["EIO", /The result of `a` could not be kept: broken/],
])("%s is told in words", (code, message) => {
  const failure = storeFailure(Object.assign(new Error("broken"), { code }), "the result of `a`");
  expect(failure).toMatchObject({ reason: "store", message: text(message) });
  expect(failure.message).toContain("esult of `a`");
});
