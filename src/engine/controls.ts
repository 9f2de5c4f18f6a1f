import type { ComponentSpec } from "../model/component.js";
import { FILE_COMPONENTS } from "../model/component.js";
import type { Failure } from "../model/failure.js";
import { filesIn, type Value } from "../model/value.js";

/** Why a control cannot take this value; `null`: it can. Checks what would break a run, and leaves taste to the node. */
export function unfit(control: string, spec: ComponentSpec, value: Value): Failure | null {
  const problem = problemWith(spec, value);
  return problem === null ? null : { reason: "invalid-input", message: `\`${control}\` ${problem}` };
}

function problemWith(spec: ComponentSpec, value: Value): string | null {
  if (value === null) return null;
  switch (spec.component) {
    case "Number":
    case "Slider":
      return typeof value === "number" && Number.isFinite(value)
        ? outOfBounds(spec, value)
        : `takes a number, not ${described(value)}.`;
    case "Checkbox":
      return typeof value === "boolean" ? null : `is on or off, not ${described(value)}.`;
    case "Textbox":
    case "TextArea":
    case "Text":
    case "Code":
    case "ColorPicker":
    case "Markdown":
    case "HTML":
      return typeof value === "string" ? null : `takes a text, not ${described(value)}.`;
    case "CheckboxGroup":
      return Array.isArray(value) ? null : `takes a list of choices, not ${described(value)}.`;
    default:
      if (!FILE_COMPONENTS.has(spec.component)) return null;
      return filesIn(value).length > 0 || isEmptyList(value) ? null : `takes a file, not ${described(value)}.`;
  }
}

function outOfBounds({ props }: ComponentSpec, value: number): string | null {
  const { minimum, maximum } = props;
  if (typeof minimum === "number" && value < minimum) return `must be at least ${minimum}; ${value} is less.`;
  if (typeof maximum === "number" && value > maximum) return `must be at most ${maximum}; ${value} is more.`;
  return null;
}

function isEmptyList(value: Value): boolean {
  return Array.isArray(value) && value.length === 0;
}

function described(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
