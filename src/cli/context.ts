import type { Result } from "../model/outcome.js";
import { failed } from "../model/outcome.js";
import type { EngineApi, EngineEvents } from "../protocol/engine.js";

/** Where text goes: a terminal, a pipe, a file. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Characters a line, of a terminal. */
  readonly columns?: number;
}

/** All that the command line touches outside itself. */
export interface CliContext {
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Asks a line of whoever sits at the terminal; absent where there is none. `null`: they have closed it, or the signal was
   * aborted.
   */
  ask?(prompt: string, signal: AbortSignal): Promise<string | null>;
  /** Absolute path that relative ones are relative to. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Aborts when the user asks to stop. */
  readonly interrupted: AbortSignal;
  /** Aborts when the user asks again: nothing is waited for any more. */
  readonly killed: AbortSignal;
  /** Loaded on first need, for it brings the store and the compiler along. */
  createEngine(events: EngineEvents): Promise<EngineApi>;
}

export const EXIT = { succeeded: 0, failed: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a command cannot be carried out, in a line for the terminal. */
export interface Refusal {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** The command was written wrongly, or names something that isn't there. */
export function misuse(message: string): Result<never, Refusal> {
  return failed({ message, exitCode: EXIT.usage });
}
