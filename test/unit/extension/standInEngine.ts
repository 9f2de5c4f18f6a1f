/** A process that speaks the engine's protocol, told by file names what to do. For tests of the process's life. */
import { createBirpc } from "birpc";
import type { EngineApi, EngineEvents, EngineOptions } from "../../../src/protocol/engine.js";

let token: string | null = null;
let trusted = false;

const api: Pick<EngineApi, "configure" | "dispose"> & { open(file: string): unknown } = {
  configure: async (options: EngineOptions) => void ({ token, trusted } = options),
  open: (file) => {
    if (file === "crash") process.exit(7);
    if (file === "throw") throw new Error("a bug");
    if (file === "print") console.error("a complaint");
    void events.event.asEvent(file, 2, { type: "trust-changed", trusted });
    return { sequence: 1, state: { file, token } };
  },
  dispose: () => (token === "deaf" ? new Promise(() => {}) : Promise.resolve()),
};

const events = createBirpc<EngineEvents, typeof api>(api, {
  post: (message) => process.send!(message),
  on: (listener) => void process.on("message", listener),
  timeout: -1,
});
process.on("disconnect", () => process.exit(0));
