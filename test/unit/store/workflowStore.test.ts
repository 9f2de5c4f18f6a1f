import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { newResultId, openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { entryOf, inline, resultOf, sha } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

/** Opens a store as another window would: with nothing in memory. */
async function opened(root: string, key: string | false = "Workflow"): Promise<WorkflowStore> {
  const store = await openStore(root, key);
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

describe("the folder", () => {
  it("comes into being with its format and a .gitignore that keeps it out of commits", async () => {
    const root = temporaryFolder();
    await opened(root);
    expect(JSON.parse(readFileSync(join(root, ".daggr/format.json"), "utf8"))).toEqual({ format: 1 });
    expect(readFileSync(join(root, ".daggr/.gitignore"), "utf8")).toBe("*\n");
    expect(readdirSync(join(root, ".daggr/tmp"))).toEqual([]);
  });

  it("leaves a .gitignore that somebody changed as it is", async () => {
    const root = temporaryFolder();
    await opened(root);
    writeFileSync(join(root, ".daggr/.gitignore"), "blobs\n");
    await opened(root);
    expect(readFileSync(join(root, ".daggr/.gitignore"), "utf8")).toBe("blobs\n");
  });

  it("may be deleted while it is in use; work goes on", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const result = resultOf("a", 1, "one");
    await store.putResult(result);
    await store.appendHistory("main", entryOf(result));
    rmSync(join(root, ".daggr"), { recursive: true });

    const again = resultOf("a", 2, "two");
    expect((await store.putResult(again)).ok).toBe(true);
    expect((await store.appendHistory("main", entryOf(again))).ok).toBe(true);
    expect((await store.setInput("main", "prompt", inline("x"))).ok).toBe(true);
    expect(await store.blobs.readText(await store.blobs.putText("y"))).toEqual({ ok: true, value: "y" });
    const other = await opened(root);
    expect((await other.nodeStates("main")).a).toMatchObject({ selected: again.id });
  });
});

describe("results", () => {
  it("are found by id and by fingerprint after the window was closed, whichever workflow made them", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const result = resultOf("summary", "text", "short text");
    expect(await store.putResult(result)).toEqual({ ok: true, value: undefined });
    await store.close();

    const later = await opened(root, "Another workflow");
    expect(await later.getResult(result.id)).toEqual(result);
    expect(await later.findFresh(result.fingerprint)).toEqual(result);
    expect(await later.findFresh(sha("something else"))).toBeNull();
  });

  it("with the same fingerprint: the newest is found", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const [first, second] = [resultOf("dice", 1, "⚂"), resultOf("dice", 1, "⚅")];
    await store.putResult(first);
    await store.putResult(second);
    expect((await store.findFresh(first.fingerprint))?.id).toBe(second.id);
    expect((await (await opened(root)).findFresh(first.fingerprint))?.id).toBe(second.id);
  });

  it("made by another window are found at once", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const result = resultOf("a", 1, "one");
    expect(await here.findFresh(result.fingerprint)).toBeNull();
    await there.putResult(result);
    await there.appendHistory("main", entryOf(result));
    expect((await here.findFresh(result.fingerprint))?.id).toBe(result.id);
    expect((await here.nodeStates("main")).a?.selected).toBe(result.id);
  });

  it("have ids that sort by time and lead to their record only", async () => {
    const store = await opened(temporaryFolder());
    const ids = Array.from({ length: 5000 }, (_, i) => newResultId(sha(String(i))));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ["../../../etc/passwd", "", "a/b", `${ids[0]!}/..`, ids[0]!.toUpperCase()]) {
      expect(await store.getResult(id)).toBeNull();
      expect(await store.putResult(resultOf("a", 1, 1, { id }))).toMatchObject({ ok: false });
    }
  });
});

describe("sheets", () => {
  it("keep every edit, of two windows at once too", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? here : there).setInput("main", `control ${i}`, inline(i))),
    );
    await here.setInput("main", "control 0", inline("changed"));
    await there.setInput("main", "control 1", null);

    for (const store of [here, there, await opened(root)]) {
      const { values } = await store.sheet("main");
      expect(Object.keys(values)).toHaveLength(49);
      expect(values["control 0"]).toEqual(inline("changed"));
      expect(values["control 1"]).toBeUndefined();
      expect(values["control 7"]).toEqual(inline(7));
    }
  });

  it("take any text for a name and stay in their folder", async () => {
    const root = temporaryFolder();
    const store = await opened(root, "../../a graph: 🦫");
    const names = ["main", "Main", "../../../outside", "a/b", "ä", "a\u0308", "", "con", "x".repeat(500), "\u0000"];
    for (const [i, name] of names.entries()) {
      expect(await store.setInput(name, `${name}/../control`, inline(i))).toEqual({ ok: true, value: undefined });
    }
    for (const [i, name] of names.entries()) {
      expect((await store.sheet(name)).values).toEqual({ [`${name}/../control`]: inline(i) });
    }
    expect(await store.sheetIds()).toEqual([...names].sort());
    expect(readdirSync(root)).toEqual([".daggr"]);
    expect(readdirSync(join(root, ".daggr/workflows"))).toHaveLength(1);
  });
});

describe("history", () => {
  it("makes a sheet known, though nothing was typed on it", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    expect(await store.sheetIds()).toEqual([]);
    await store.appendHistory("Night", entryOf(resultOf("image", 1, "one")));
    expect(await store.sheetIds()).toEqual(["Night"]);
  });

  it("tells each node's last execution, count and selected result", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const [first, second] = [resultOf("image", 1, "one"), resultOf("image", 2, "two")];
    const failure = { reason: "thrown", message: "No model" } as const;
    await store.appendHistory("main", entryOf(first));
    await store.appendHistory("main", entryOf(second, { count: 2 }));
    const broken = { runId: "r", node: "image", status: "failed", failure, count: 3, at: 9, durationMs: 1 } as const;
    await store.appendHistory("main", broken);
    await store.appendHistory("other", entryOf(first));

    for (const each of [store, await opened(root)]) {
      expect(await each.nodeStates("main")).toEqual({ image: { last: broken, count: 3, selected: second.id } });
      expect(await each.history("main", "image")).toHaveLength(3);
      expect(await each.history("main", "nobody")).toEqual([]);
      expect(await each.history("other")).toEqual([entryOf(first)]);
    }
  });

  it("keeps an explicit selection until something newer is made", async () => {
    const store = await opened(temporaryFolder());
    const [first, second, third] = [resultOf("a", 1, 1), resultOf("a", 2, 2), resultOf("a", 3, 3)];
    await store.appendHistory("main", entryOf(first));
    await store.appendHistory("main", entryOf(second));
    await store.select("main", "a", first.id);
    expect((await store.nodeStates("main")).a?.selected).toBe(first.id);
    await store.appendHistory("main", entryOf(third));
    expect((await store.nodeStates("main")).a?.selected).toBe(third.id);
    await store.select("main", "a", null);
    expect((await store.nodeStates("main")).a?.selected).toBeNull();
  });

  it("keeps the end of a very long log and says so", async () => {
    const store = await opened(temporaryFolder());
    const log = Array.from({ length: 2000 }, (_, i) => ({
      level: i === 3 ? ("warn" as const) : ("log" as const),
      text: `line ${i} ${"x".repeat(60)}`,
      at: i,
    }));
    const logCut = { lines: 50, warnings: 1, errors: 2 };
    await store.appendHistory("main", entryOf(resultOf("a", 1, 1), { log, logCut }));
    const last = (await store.nodeStates("main")).a?.last;
    const kept = last?.log ?? [];
    expect(kept.at(-1)).toEqual(log.at(-1));
    expect(kept.length).toBeLessThan(1000);
    expect(last?.logCut).toEqual({ lines: 2050 - kept.length, warnings: 2, errors: 2 });
    expect(JSON.stringify(kept).length).toBeLessThan(60_000);
  });
});

describe("clearing", () => {
  it("forgets a node's results on all sheets and says how many; the rest stays", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const made = [resultOf("a", 1, 1), resultOf("a", 2, 2), resultOf("b", 1, 1)];
    for (const result of made) await store.putResult(result);
    await store.appendHistory("main", entryOf(made[0]!));
    await store.appendHistory("second sheet", entryOf(made[1]!));
    await store.appendHistory("main", entryOf(made[2]!));
    await store.setInput("main", "prompt", inline("kept"));

    const other = await opened(root); // has not read the second sheet yet
    expect(await other.clear("a")).toEqual({ ok: true, value: 2 });

    for (const each of [store, other, await opened(root)]) {
      expect(await each.findFresh(made[0]!.fingerprint)).toBeNull();
      expect(await each.getResult(made[1]!.id)).toBeNull();
      expect((await each.nodeStates("main")).a).toEqual({ last: null, count: 1, selected: null });
      expect((await each.nodeStates("main")).b?.selected).toBe(made[2]!.id);
      expect((await each.sheet("main")).values).toEqual({ prompt: inline("kept") });
    }
    expect(await store.clear()).toEqual({ ok: true, value: 1 });
    expect(await store.findFresh(made[2]!.fingerprint)).toBeNull();
  });
});

describe("several results with one fingerprint", () => {
  it("are told apart by the preferred id, as long as that one is whole", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const ref = await store.blobs.putBytes(Buffer.from("drawn first"), "a.txt");
    const first = resultOf("a", 1, inline(ref as never));
    const second = resultOf("a", 1, "drawn second");
    const other = resultOf("a", 2, "something else");
    for (const result of [first, second, other]) await store.putResult(result);
    const found = async (preferred?: string) => (await store.findFresh(first.fingerprint, preferred))?.id;
    expect(await found()).toBe(second.id);
    expect(await found(first.id)).toBe(first.id);
    expect(await found(other.id)).toBe(second.id);
    expect(await found("../../format")).toBe(second.id);
    rmSync(store.blobs.path(ref.$file));
    expect(await found(first.id)).toBe(second.id);
  });
});

describe("views", () => {
  it("give a file under its own name without a second copy", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const ref = await store.blobs.putBytes(Buffer.from("GIF89a…"), "cat.gif");
    const first = await store.viewPath(ref);
    const again = await store.viewPath(ref);
    const renamed = await store.viewPath({ ...ref, name: "../dog.gif" });
    expect(first).toEqual({ ok: true, value: join(root, ".daggr/views", ref.$file.slice(0, 12), "cat.gif") });
    expect(again).toEqual(first);
    expect(renamed).toEqual({ ok: true, value: join(root, ".daggr/views", ref.$file.slice(0, 12), "dog.gif") });
    expect(statSync(first.ok ? first.value : "").ino).toBe(statSync(store.blobs.path(ref.$file)).ino);
    expect(readdirSync(join(root, ".daggr/views", ref.$file.slice(0, 12)))).toEqual(["cat.gif", "dog.gif"]);
  });
});

describe("a workflow that keeps nothing", () => {
  it("works for the session and leaves nothing behind", async () => {
    const root = temporaryFolder();
    const store = await opened(root, false);
    const ref = await store.blobs.putBytes(Buffer.from("secret"), "a.txt");
    const result = resultOf("a", 1, inline(ref as never));
    expect((await store.putResult(result)).ok).toBe(true);
    await store.appendHistory("main", entryOf(result));
    await store.setInput("main", "prompt", inline("x"));
    expect(await store.findFresh(result.fingerprint)).toEqual(result);
    expect((await store.nodeStates("main")).a?.selected).toBe(result.id);
    expect(store.readOnly).toBe(false);

    const { folder } = store.blobs;
    expect(existsSync(folder)).toBe(true);
    await store.close();
    expect(existsSync(join(folder, ".."))).toBe(false);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("symbolic links", () => {
  it("inside the folder are not followed", async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    mkdirSync(join(root, ".daggr"));
    symlinkSync(outside, join(root, ".daggr/results"));
    const store = await opened(root);
    expect(store.readOnlyReason).toMatchObject({
      reason: "store",
      message: expect.stringMatching(/symbolic link/) as string,
    });
    await store.putResult(resultOf("a", 1, 1));
    await store.appendHistory("main", entryOf(resultOf("a", 1, 1)));
    expect(readdirSync(outside)).toEqual([]);
  });

  it("are not followed to sweep away what a crash left: what they lead to is somebody else's", async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    const old = join(outside, "thesis.txt");
    writeFileSync(old, "years of work");
    utimesSync(old, 0, 0);
    mkdirSync(join(root, ".daggr/blobs"), { recursive: true });
    symlinkSync(outside, join(root, ".daggr/blobs/tmp"));
    const store = await opened(root);
    expect(readdirSync(outside)).toEqual(["thesis.txt"]);
    expect(store.readOnlyReason?.message).toMatch(/`\.daggr\/blobs\/tmp` is a symbolic link/);
  });

  it("in the place of one of many folders make the store read-only, too", async () => {
    for (const name of ["blobs/ab", "results", "workflows/x"]) {
      const root = temporaryFolder();
      mkdirSync(join(root, ".daggr", name, ".."), { recursive: true });
      symlinkSync(temporaryFolder(), join(root, ".daggr", name));
      const store = await opened(root);
      expect(store.readOnlyReason?.message).toContain(`\`.daggr/${name}\` is a symbolic link`);
    }
  });

  it("never lead a view out of the folder, where it could replace a file", async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    writeFileSync(join(outside, "authorized_keys"), "mine");
    const store = await opened(root);
    const ref = await store.blobs.putBytes(Buffer.from("somebody else's"), "authorized_keys");
    mkdirSync(join(root, ".daggr/views"));
    symlinkSync(outside, join(root, ".daggr/views", ref.$file.slice(0, 12)));
    expect(await store.viewPath(ref)).toMatchObject({ ok: false, failure: { reason: "store" } });
    expect(readFileSync(join(outside, "authorized_keys"), "utf8")).toBe("mine");
  });
});
