import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { isObject } from "./packLine.js";
import { unseal } from "./sealed.js";

/** The record in a line of a pack; `null` where that isn't, or is no longer, the record of the result with this id. */
export function recordIn(text: string, id: string): ResultRecord | null {
  const content = unseal(text);
  if (!isObject(content) || content.id !== id) return null;
  // How often it was put is the pack's business.
  delete content.again;
  return isResultRecord(content) ? content : null;
}

/** What a result gave, and what it was given. */
export function* valuesIn({ outputs, inputs, items }: ResultRecord): Generator<StoredValue> {
  yield* Object.values(outputs);
  if (items) yield items.outcomes;
  yield* Object.values(inputs);
}

/** The checksum says that the text is as it was written; this, that it was a result record that was written. */
function isResultRecord(content: Record<string, unknown>): content is Record<string, unknown> & ResultRecord {
  return (
    content.format === 1 &&
    typeof content.id === "string" &&
    typeof content.node === "string" &&
    typeof content.fingerprint === "string" &&
    isObject(content.record) &&
    isObject(content.record.inputs) &&
    isObject(content.outputs) &&
    Object.values(content.outputs).every(isObject) &&
    isObject(content.inputs) &&
    isObject(content.upstream)
  );
}
