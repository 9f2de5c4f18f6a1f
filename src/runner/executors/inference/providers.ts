import { INFERENCE_PROVIDERS } from "@huggingface/inference";
import { closest, distance } from "fastest-levenshtein";
import type { ModelInfo } from "../../../model/modelInfo.js";
import { failed, type Result, success } from "../../../model/outcome.js";
import { namesProvider, PROVIDER_POLICIES } from "../../../model/taskInputs.js";

/** What the client is told of the model: its id, and the provider where one is named. */
export type Addressee = { readonly model: string; readonly provider?: string };

/**
 * Whom to ask, of those that are written behind the model's name.
 *
 * @param written a provider, a policy, or `null`
 */
export function addressee(
  model: string,
  written: string | null,
  info: ModelInfo | null,
  isChat: boolean,
): Result<Addressee> {
  if (written === null || !namesProvider(written)) {
    // Only chats go to the router, which reads the policy off the model's name; elsewhere the account's order counts.
    const policy = isChat && written !== null && PROVIDER_POLICIES.includes(written);
    return success({ model: policy ? `${model}:${written}` : model });
  }
  const served = Object.keys(info?.providers ?? {});
  const known: readonly string[] = INFERENCE_PROVIDERS;
  if (known.includes(written) && (served.length === 0 || served.includes(written))) {
    return success({ model, provider: written });
  }
  const near = closest(written, [...known]);
  const names = served.length === 0 ? known : served;
  return failed({
    reason: "not-found",
    message: known.includes(written)
      ? `${model} is not served by ${written}.`
      : `There is no inference provider called ${written}.`,
    hint:
      !known.includes(written) && distance(written, near) <= Math.max(2, near.length / 3)
        ? `Did you mean ${model}:${near}?`
        : `${served.length === 0 ? "There are" : "It is served by"}: ${names.join(", ")}.`,
  });
}
