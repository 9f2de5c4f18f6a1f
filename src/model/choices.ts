import type { ComponentSpec } from "./component.js";
import type { Json } from "./json.js";

/** What can be chosen in a control: shown under its name, and given to the node as its value. */
export interface Choice {
  readonly name: string;
  readonly value: Json;
}

/** `choices` as Gradio has them: values, or pairs of a name and a value. */
export function choicesOf(spec: ComponentSpec): readonly Choice[] {
  const choices = spec.props.choices;
  if (!Array.isArray(choices)) return [];
  return (choices as readonly Json[]).map((choice) => {
    if (Array.isArray(choice) && choice.length === 2) {
      const [name = null, value = null] = choice as readonly Json[]; // `isArray` forgets what the array holds
      return { name: nameOf(name), value };
    }
    return { name: nameOf(choice), value: choice };
  });
}

function nameOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
