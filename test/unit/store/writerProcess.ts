import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Bundles `writer.ts` into `folder`, so that plain Node can run it. Answers its path. */
export async function bundleWriter(folder: string): Promise<string> {
  const outfile = join(folder, "writer.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("writer.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

export interface Writer {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: unknown[];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Answers when it has said so many things, or has ended. */
  saying(count: number): Promise<void>;
}

export function start(command: string, args: readonly string[]): Writer {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said: unknown[] = [];
  let told = Promise.withResolvers<undefined>();
  let over = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    // A line that the kill cut in two is no message.
    if (line.endsWith('"') || line.endsWith("}")) said.push(JSON.parse(line));
    told.resolve(undefined);
    told = Promise.withResolvers();
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => {
      over = true;
      told.resolve(undefined);
      resolve(code ?? signal ?? "?");
    });
  });
  const saying = async (count: number): Promise<void> => {
    while (!over && said.length < count) await told.promise;
  };
  return { child, said, ended, saying };
}

/** Whether this machine lets a test have a small file system of its own. */
export const hasNamespaces = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status === 0;
