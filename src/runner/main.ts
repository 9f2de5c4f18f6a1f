/** The runner process: loads one workflow file and executes its nodes, as its parent asks over the fork channel. */
import inspector from "node:inspector";
import { createBirpc } from "birpc";
// Now, not when an app or a model is first called: by then user code may have replaced what it uses.
import "../huggingface/tokenFetch.js";
import { type RunnerApi, type RunnerEvents, WAIT_FOR_DEBUGGER } from "../protocol/runner.js";
import { endGroup } from "./processGroup.js";
import { Runner } from "./runner.js";
import { userFrames } from "./stack.js";
import { endWithParent } from "./watchdog.js";

const send = process.send?.bind(process);
if (!send) throw new Error("The runner is started by the engine, as a child process with a channel.");

// The channel is the engine's. User code that looks for one must not find it, nor write into it or close it by mistake; Node itself
// calls `disconnect` when the other end has closed.
const disconnect = process.disconnect.bind(process);
Object.assign(process, {
  send: undefined,
  disconnect: () => {
    if (userFrames(new Error().stack ?? "").length === 0) disconnect();
  },
});

// Stacks show the lines and columns of the TypeScript files. A stack of a deep chain is longer than Node's ten frames.
process.setSourceMapsEnabled(true);
Error.stackTraceLimit = 50;
// A parent that dies leaves no message: its end of the channel closes.
process.on("disconnect", () => {
  // Added now, so that it comes after whatever user code wants to do at exit.
  process.once("exit", endGroup);
  process.exit(0);
});
endWithParent(process.ppid);
// Not with Node's own flag, which waits before any code runs: should the engine be killed meanwhile, nobody would end this process.
if (process.argv.at(-1) === WAIT_FOR_DEBUGGER) {
  process.argv.pop();
  inspector.open(0, "127.0.0.1");
  inspector.waitForDebugger();
}

const api: RunnerApi = {
  load: (request) => runner.load(request),
  execute: (request) => runner.execute(request),
  utilization: () => runner.utilization(),
  settle: () => runner.settle(),
  cancel: (executionId) => runner.cancel(executionId),
};
const parent = createBirpc<RunnerEvents, RunnerApi>(api, {
  // A parent that has gone away makes sending fail; "disconnect" is about to say so.
  post: (message: object) => {
    if (process.connected) send(message, undefined, undefined, () => undefined);
  },
  on: (listen: (message: unknown) => void) => process.on("message", listen),
  eventNames: ["progress", "partial", "returned", "log"],
  timeout: -1,
});
const runner = new Runner(
  {
    progress: (id, progress) => void parent.progress(id, progress),
    partial: (id, outputs) => void parent.partial(id, outputs),
    returned: (id, returned) => void parent.returned(id, returned),
    log: (id, lines) => void parent.log(id, lines),
  },
  new URL("./sdk/index.mjs", import.meta.url).href,
);
process.on("exit", () => runner.flush());
