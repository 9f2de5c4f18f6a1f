import { endpointOf } from "../huggingface/access.js";
import { modelInfo } from "../huggingface/hub.js";
import { keptModels, MODEL_LASTS_MS, modelKey } from "../huggingface/keptModels.js";
import type { ModelInfo } from "../model/modelInfo.js";
import type { Subject } from "./remoteKnowledge.js";

/** What the Hub has said of models: to the runners, too. */
export function knownModels(env: NodeJS.ProcessEnv): Subject<ModelInfo> {
  const endpoint = endpointOf(env.HF_ENDPOINT);
  return {
    kept: keptModels(env),
    keyOf: (model) => modelKey(model, endpoint),
    lastsMs: MODEL_LASTS_MS,
    ask: async (model, _known, access, signal) => {
      if (!/^[\w.-]+(\/[\w.-]+)?$/.test(model)) return null;
      const info = await modelInfo(model, access, signal);
      return info.ok ? info.value : null;
    },
  };
}
