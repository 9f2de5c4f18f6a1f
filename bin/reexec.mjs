import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a Node program in place of this one: same terminal, same signals, same exit code. Must work on Node 20. The program has
 * a channel to this process, so that "disconnect" tells it when this process was killed.
 *
 * @param {string} program absolute path
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<never>} never settles: this process ends with the program
 */
export function reexec(program, args, env = process.env) {
  const child = spawn(program, args, { stdio: ["inherit", "inherit", "inherit", "ipc"], env });

  /** @type {readonly NodeJS.Signals[]} */
  const signals = process.platform === "win32" ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  for (const signal of signals) {
    process.on(signal, () => {
      // Ctrl+C reaches the whole foreground group by itself; a second copy would read as "now, at once".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // A channel of our own parent is handed on, so that `fork("daggr")` still works.
  if (process.send) {
    process.on("message", (message) => child.send(/** @type {import("node:child_process").Serializable} */ (message)));
    child.on("message", (message) => process.send?.(message));
  }

  return new Promise(() => {
    child.on("error", (error) => {
      console.error(`daggr: cannot start ${program}: ${error.message}`);
      process.exit(1);
    });
    child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
