import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Process ids. */
export interface DaggrProcesses {
  readonly engines: readonly number[];
  readonly runners: readonly number[];
}

/** The extension's processes among the descendants of another, as the system lists them. */
export async function daggrProcesses(root: number | undefined): Promise<DaggrProcesses> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="], { maxBuffer: 16_000_000 });
  const all = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const family = new Set([root]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const running = (module: string): number[] =>
    all.filter(({ pid, command }) => family.has(pid) && command.includes(`/dist/${module}`)).map(({ pid }) => pid);
  return { engines: running("engine.mjs"), runners: running("runner.mjs") };
}
