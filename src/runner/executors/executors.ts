import type { NodeKind } from "../../model/graph.js";
import type { Executor } from "./executor.js";
import { runFunction } from "./fn.js";

/** By kind of node; a kind that isn't here has no call of its own. Clients are loaded when they are first needed. */
export const executors: Readonly<Partial<Record<NodeKind, () => Promise<Executor>>>> = {
  fn: () => Promise.resolve(runFunction),
  gradio: async () => (await import("./gradio/gradio.js")).runGradio,
  inference: async () => (await import("./inference/inference.js")).runInference,
};
