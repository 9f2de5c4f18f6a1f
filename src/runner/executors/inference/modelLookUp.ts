import { isOffline } from "../../../huggingface/access.js";
import { modelInfo } from "../../../huggingface/hub.js";
import type { KeptAnswers } from "../../../huggingface/keptAnswers.js";
import { MODEL_LASTS_MS, modelKey } from "../../../huggingface/keptModels.js";
import type { ModelInfo } from "../../../model/modelInfo.js";
import { failed, type Result, success } from "../../../model/outcome.js";
import type { RuntimeTarget } from "../../../sdk/runtime.js";
import type { Call } from "../executor.js";

export type InferenceTarget = Extract<RuntimeTarget, { kind: "inference" }>;

export interface FoundModel {
  /** `null`: it could not be had, and can be done without. */
  readonly info: ModelInfo | null;
  /** It was said some time ago, and may be otherwise by now: the Hub can be asked again. */
  readonly mayBeOld: boolean;
}

/**
 * What the Hub says of the model, or has said lately to any of this user's processes. Offline, what it has ever said.
 *
 * @param anew ask, whatever it has said
 */
export async function lookUpModel(
  { model, task }: InferenceTarget,
  { id, huggingFace, execution }: Call,
  kept: KeptAnswers<ModelInfo>,
  anew: boolean,
): Promise<Result<FoundModel>> {
  const offline = isOffline(process.env);
  const key = modelKey(model, huggingFace.endpoint);
  const before = anew ? undefined : kept.find(key);
  if (before && (offline || before.ageMs < MODEL_LASTS_MS)) return success({ info: before.answer, mayBeOld: !offline });
  // Whoever named the task can do without the Hub.
  const without = task === null ? null : success({ info: null, mayBeOld: false });
  if (offline) {
    return (
      without ??
      failed({
        reason: "unreachable",
        message: `What ${model} is for isn't known, and HF_HUB_OFFLINE says not to ask the Hub.`,
        hint: `Give \`${id}\` a \`task\`, or unset HF_HUB_OFFLINE.`,
      })
    );
  }
  const info = await modelInfo(model, huggingFace, execution.signal);
  if (!info.ok) return without ?? info;
  kept.keep(key, info.value);
  return success({ info: info.value, mayBeOld: false });
}
