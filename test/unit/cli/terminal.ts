import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliContext, Output } from "../../../src/cli/context.js";
import { cli } from "../../../src/cli/program.js";
import type { FakeEngine } from "./fakeEngine.js";

/** Collects what is written to it. */
export class Screen implements Output {
  text = "";
  readonly columns = 80;
  constructor(readonly isTTY = false) {}

  write(text: string): void {
    this.text += text;
  }
}

/** A folder and a shell in it, with the command line in this process. */
export class Shell {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "cli-test-")));
  readonly interrupt = new AbortController();
  readonly kill = new AbortController();
  stdout = new Screen();
  stderr = new Screen();
  env: Record<string, string> = {};
  /** What somebody types at the terminal, line by line; `null`: there is no terminal. */
  lines: string[] | null = null;
  /** When something is asked at the terminal. */
  onAsk: () => void = () => undefined;

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Answers the exit code. */
  run(args: readonly string[], engine?: FakeEngine): Promise<number> {
    const context: CliContext = {
      stdout: this.stdout,
      stderr: this.stderr,
      ...(this.lines && { ask: async (prompt: string) => this.#ask(prompt) }),
      cwd: this.folder,
      env: this.env,
      version: "1.2.3",
      interrupted: this.interrupt.signal,
      killed: this.kill.signal,
      createEngine: async (events) => {
        if (!engine) throw new Error("This command needs no engine.");
        return engine.connect(events);
      },
    };
    return cli(args, context);
  }

  #ask(prompt: string): string | null {
    this.stderr.write(prompt);
    this.onAsk();
    return this.lines?.shift() ?? null;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
