import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openStore, type RunLease } from "../../../src/store/workflowStore.js";
import { eventually } from "../../eventually.js";
import { temporaryFolder } from "./temporaryFolder.js";
import { bundleWriter, start } from "./writerProcess.js";

let writer = "";
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "daggr-writer-"));
  writer = await bundleWriter(folder);
  return () => rmSync(folder, { recursive: true });
});

const [a, b] = ["a".repeat(64), "b".repeat(64)];
const never = new AbortController().signal;

async function leaseIn(root: string): Promise<RunLease> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  const lease = store.value.leaseRun();
  onTestFinished(async () => {
    lease.end();
    await store.value.close();
  });
  return lease;
}

/** A claim as it comes along. */
function claiming(lease: RunLease, fingerprint: string, signal = never) {
  const claim = { waits: 0, holds: false, ended: false, giveBack: (): void => undefined };
  void lease
    .claim(fingerprint, signal, () => claim.waits++)
    .then((granted) => {
      claim.ended = true;
      claim.holds = granted !== null;
      if (granted) claim.giveBack = granted.giveBack;
    });
  return claim;
}

test("what one run makes, another waits for, is told so once, and goes on when it is through", async () => {
  const root = temporaryFolder();
  const [left, right] = [await leaseIn(root), await leaseIn(root)];
  const first = claiming(left, a);
  await eventually(() => expect(first.holds).toBe(true));
  const [second, other] = [claiming(right, a), claiming(right, b)];
  await eventually(() => expect(other.holds).toBe(true));
  await new Promise((then) => setTimeout(then, 350));
  expect(second).toMatchObject({ waits: 1, ended: false });
  expect([right.tryClaim(a), left.tryClaim(b)]).toEqual([null, null]);
  first.giveBack();
  await eventually(() => expect(second.holds).toBe(true));
  expect(first.waits).toBe(0);
  expect(left.tryClaim(a)).toBeNull();
  second.giveBack();
  expect(left.tryClaim(a)).not.toBeNull();
});

test("whether something may have been made meanwhile is known: by another run, though it came and went, or by this one", async () => {
  const root = temporaryFolder();
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  const lease = await leaseIn(root);
  const first = lease.tryClaim(a);
  expect(first?.mayBeMade).toBe(false);
  first?.giveBack();
  expect(lease.tryClaim(a)?.mayBeMade).toBe(true);
  await new Promise((then) => setTimeout(then, 50));
  expect(lease.tryClaim(b)?.mayBeMade).toBe(false);
  store.value.leaseRun().end();
  expect(lease.tryClaim("c".repeat(64))?.mayBeMade).toBe(true);
  await store.value.close();
});

test("within one run the same is made once at a time, and nobody is told of another run", async () => {
  const lease = await leaseIn(temporaryFolder());
  const first = claiming(lease, a);
  await eventually(() => expect(first.holds).toBe(true));
  const second = claiming(lease, a);
  await new Promise((then) => setTimeout(then, 250));
  expect(second.ended).toBe(false);
  first.giveBack();
  await eventually(() => expect(second.holds).toBe(true));
  expect(second.waits).toBe(0);
});

test("who no longer wants to wait leaves nothing behind", async () => {
  const root = temporaryFolder();
  const leases = [await leaseIn(root), await leaseIn(root), await leaseIn(root)] as const;
  const holder = claiming(leases[1], a);
  await eventually(() => expect(holder.holds).toBe(true));
  const stop = new AbortController();
  const waiting = [leases[0], leases[2]].map((lease) => claiming(lease, a, stop.signal));
  await eventually(() => expect(waiting.map(({ waits }) => waits)).toEqual([1, 1]));
  stop.abort();
  await eventually(() =>
    expect(waiting.map(({ ended, holds }) => [ended, holds])).toEqual(Array(2).fill([true, false])),
  );
  holder.giveBack();
  for (const lease of leases) lease.tryClaim(a)?.giveBack();
  const last = leases[2].tryClaim(a);
  expect(last).not.toBeNull();
});

test("the file of a run stays as small as what it makes at a time, and goes with it", async () => {
  const root = temporaryFolder();
  const lease = await leaseIn(root);
  for (let i = 0; i < 1000; i++) lease.tryClaim(i.toString(16).padStart(64, "0"))?.giveBack();
  const runs = join(root, ".daggr/runs");
  const [name = ""] = readdirSync(runs);
  expect(readFileSync(join(runs, name), "utf8")).toBe(`${".".repeat(16)}\n`);
  lease.end();
  expect(readdirSync(runs)).toEqual([]);
});

test("a run counts while its file is touched, whatever process its name names now", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const root = temporaryFolder();
  const lease = await leaseIn(root);
  const foreign = join(root, ".daggr/runs/ffffff-1-0123456789ab");
  writeFileSync(foreign, `${a.slice(0, 16)}\n`);
  expect(lease.tryClaim(a)).toBeNull();
  utimesSync(foreign, new Date(), new Date(Date.now() - 120_000));
  // The machine may have slept: whoever lives touches it again before long.
  expect(lease.tryClaim(a)).toBeNull();
  vi.advanceTimersByTime(29_000);
  expect(lease.tryClaim(a)).toBeNull();
  vi.advanceTimersByTime(2000);
  expect(lease.tryClaim(a)).not.toBeNull();
  expect(existsSync(foreign)).toBe(true);
});

test("what lies among the leases and can't be removed stops nobody", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, ".daggr/runs/old"), { recursive: true });
  utimesSync(join(root, ".daggr/runs/old"), 0, 0);
  const lease = await leaseIn(root);
  expect(lease.tryClaim(a)).not.toBeNull();
});

test("of many processes that want the same at the same time, one has it at a time", async () => {
  const root = temporaryFolder();
  const writers = Array.from({ length: 4 }, (_, i) => start(process.execPath, [writer, "claim", root, `${i}`, "60"]));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
  expect(writers.flatMap(({ said }) => said)).toEqual([]);
}, 120_000);

test("what a killed process was making is free at once", async () => {
  const root = temporaryFolder();
  const lease = await leaseIn(root);
  const other = start(process.execPath, [writer, "hold", root, a, "0"]);
  await other.saying(1);
  expect(lease.tryClaim(a)).toBeNull();
  const mine = claiming(lease, a);
  await eventually(() => expect(mine.waits).toBe(1));
  other.child.kill("SIGKILL");
  await other.ended;
  await eventually(() => expect(mine.holds).toBe(true));
});
