import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "sweep-test-"));
  vi.stubEnv("TMPDIR", place);
  vi.stubEnv("TEMP", place);
  vi.resetModules();
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true, force: true });
  });
});

const fresh = () => import("../../../src/store/temporaryFolder.js");

it("sweeps away what a killed process left, and nothing of one that lives or of another machine", async () => {
  const { temporaryFolder, discard } = await fresh();
  const own = temporaryFolder();
  expect(existsSync(own)).toBe(true);
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const named = (pid: number) => basename(own).replace(String(process.pid), String(pid));
  const otherHost = named(dead).replace(/^daggr-[0-9a-f]{6}/, "daggr-zzzzzz");
  for (const name of [named(dead), named(process.ppid), otherHost, "daggr-abc123"]) {
    mkdirSync(join(place, name));
    writeFileSync(join(place, name, "kept"), "");
  }
  vi.resetModules();
  const another = (await fresh()).temporaryFolder();
  expect(readdirSync(place).sort()).toEqual(
    [basename(own), basename(another), named(process.ppid), otherHost, "daggr-abc123"].sort(),
  );
  discard(own);
  expect(existsSync(own)).toBe(false);
});
