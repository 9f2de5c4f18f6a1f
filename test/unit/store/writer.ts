/**
 * A process of its own that works on a store, for the tests in which processes are killed, compete, or find the disk
 * full. `node writer.mjs <task> <root> <name> <count>`; answers on stdout.
 */
import { readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { storeValue } from "../../../src/store/storedValue.js";
import { StoreError } from "../../../src/store/blobs.js";
import { entryOf, inline, resultOf } from "./records.js";

const [task = "", root = "", name = "", count = "0"] = process.argv.slice(2);

/** Reaches the parent before the next thing is done, so that it knows what was done when this process was killed. */
function say(message: unknown): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

async function opened(): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  return store.value;
}

/** One node's execution, written in the order that the store asks for. Every third has a large value. */
async function execute(store: WorkflowStore, i: number) {
  const output = i % 3 === 0 ? `${name} ${i} `.repeat(2000) : `${name} ${i}`;
  const result = resultOf(`${name}${i}`, i, await storeValue(output, store.blobs));
  const put = await store.putResult(result);
  const log = [{ level: "log" as const, text: "x".repeat(200), at: i }];
  const added = await store.appendHistory("main", entryOf(result, { log }));
  return { result, put, added };
}

/** Writes entries; says each when it is done. */
async function write(): Promise<void> {
  const store = await opened();
  for (let i = 0; i < Number(count); i++) {
    const { result, put, added } = await execute(store, i);
    if (!put.ok || !added.ok) throw new Error("could not write");
    if (i % 10 === 0) await store.setInput("main", `${name} ${i}`, inline(i));
    say(result.id);
  }
  await store.close();
}

/** Fills a disk that is nearly full, and goes on when there is room again. */
async function fill(): Promise<void> {
  const ballast = join(root, "ballast");
  writeFileSync(ballast, Buffer.alloc(500_000));
  const store = await opened();
  const kept = [];
  let refused;
  for (let i = 0; i < 100_000 && !refused; i++) {
    const done = await execute(store, i).catch((error: unknown) => {
      if (error instanceof StoreError) return { put: { ok: false as const, failure: error.failure }, result: null };
      throw error;
    });
    if (done.put.ok) kept.push(done.result);
    else refused = done;
  }
  const before = await store.setInput("main", "prompt", inline("x".repeat(4000)));
  const big = await store.blobs.putBytes(Buffer.alloc(5_000_000, 1), "big.bin").then(
    () => null,
    (error: unknown) => (error instanceof StoreError ? error.failure : String(error)),
  );
  const session = (await store.sheet("main")).values.prompt;
  const leftovers = [...readdirSync(join(root, ".daggr/tmp")), ...readdirSync(join(root, ".daggr/blobs/tmp"))];
  rmSync(ballast);
  const after = await execute(store, 1_000_000);
  await store.close();
  const again = await opened();
  const found = [];
  for (const result of kept) if (await again.findFresh(result?.fingerprint ?? "")) found.push(result?.id);
  const history = await again.history("main");
  say({
    refused: refused?.put,
    before,
    big,
    session: session?.digest === inline("x".repeat(4000)).digest,
    leftovers,
    after: [after.put, after.added],
    kept: kept.length,
    found: found.length,
    history: history.length,
    last: history.at(-1)?.node,
    readOnly: again.readOnly,
  });
}

/** Fills a disk to the last byte, so that not even an entry of the history fits, and clears then. */
async function clearFull(): Promise<void> {
  const store = await opened();
  const large = await store.blobs.putBytes(Buffer.alloc(1_000_000, 1), "large.bin");
  const big = resultOf("big", 0, { ...large });
  await store.putResult(big);
  await store.appendHistory("main", entryOf(big));
  const full = (i: number) =>
    execute(store, i).then(
      ({ added }) => !added.ok,
      () => false,
    );
  const ballast = join(root, "ballast");
  try {
    for (let i = 0; i < 10_000; i++) writeFileSync(ballast, Buffer.alloc(10_000), { flag: "a" });
  } catch {
    // That was the last of it; what is left is one page of the history.
  }
  for (let i = 0; i < 10_000; i++) if (await full(3 * i + 1)) break;
  const cleared = await store.clear();
  const result = await store.getResult(big.id);
  const selected = (await store.nodeStates("main")).big?.selected;
  await store.close();
  const again = (await (await opened()).nodeStates("main")).big?.selected;
  say({ cleared, result, selected, again });
}

/** Works for a session where nothing can be written. */
async function readOnly(): Promise<void> {
  if (name === "as nobody" && process.getuid?.() === 0) process.setuid?.(65534);
  const store = await opened();
  const { result, put, added } = await execute(store, 3);
  const input = await store.setInput("main", "prompt", inline("typed"));
  say({
    readOnly: store.readOnly,
    notices: store.notices(),
    kept: (await store.history("main")).map(({ node }) => node),
    whole: (await store.findFresh(resultOf("before0", 0, 0).fingerprint)) !== null,
    put,
    added,
    input,
    found: (await store.findFresh(result.fingerprint))?.id === result.id,
    values: (await store.sheet("main")).values,
  });
  await store.close();
}

/** Claims the same again and again; says whenever it was not alone. */
async function claim(): Promise<void> {
  const lease = (await opened()).leaseRun();
  const held = join(root, "held");
  for (let i = 0; i < Number(count); i++) {
    const granted = await lease.claim("c".repeat(64), new AbortController().signal, () => undefined);
    try {
      writeFileSync(held, name, { flag: "wx" });
      rmSync(held);
    } catch {
      say(`${name} was not alone at ${i}`);
    }
    granted?.giveBack();
  }
  lease.end();
}

/** Claims what it is named after, until it is killed. */
async function hold(): Promise<void> {
  const lease = (await opened()).leaseRun();
  say({ holds: lease.tryClaim(name) !== null });
  setInterval(() => undefined, 1000);
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { write, fill, clearFull, readOnly, claim, hold };
await tasks[task]?.();
