import { choicesOf } from "./choices.js";
import { FILE_COMPONENTS, type ComponentSpec } from "./component.js";
import { escaped, type Value } from "./value.js";

/** What a control without a default gives when nobody has touched it, as Gradio has it; `null`: nothing. */
export function untouchedValue(spec: ComponentSpec): Value {
  const { component, props } = spec;
  switch (component) {
    case "Textbox":
    case "TextArea":
    case "Text":
    case "Code":
      return "";
    case "Checkbox":
      return false;
    case "CheckboxGroup":
      return [];
    case "Slider":
      return typeof props.minimum === "number" ? props.minimum : 0;
    case "Dropdown":
      return props.multiselect === true ? [] : (choicesOf(spec)[0]?.value ?? null);
    default:
      return null;
  }
}

/** A new item of a list: each field as its control has it before anybody has touched it. */
export function untouchedItem(fields: Readonly<Record<string, ComponentSpec>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => {
      // A default file is the path that the author wrote, which is a file only where the program runs.
      const given = FILE_COMPONENTS.has(spec.component) ? null : (spec.value ?? null);
      return [name, given === null ? untouchedValue(spec) : escaped(given)];
    }),
  );
}
