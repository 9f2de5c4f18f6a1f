import { accepted, accepts, takesSeveral } from "../model/acceptedFiles.js";
import { choicesOf } from "../model/choices.js";
import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import type { EditedList } from "../model/editedLists.js";
import type { Failure } from "../model/failure.js";
import type { NodeId, OutputPort } from "../model/graph.js";
import { pinSpec } from "../model/pins.js";
import type { JsonObject } from "../model/json.js";
import { filesIn, isFileRef, type FileRef, type Value } from "../model/value.js";

/**
 * Why a control cannot hold this value; `null`: it can. `null` as a value stands for the control's default and fits always.
 * An option that only the running file knows (choices from a list made there) rules nothing out.
 */
export function unfit(control: string, spec: ComponentSpec, value: Value): Failure | null {
  const problem = problemWith(known(spec), value);
  return problem === null ? null : { reason: "invalid-input", message: `\`${control}\` ${problem}` };
}

/**
 * The same for an edited list: items with a value for each field, and no other.
 *
 * @param given - items as they were, whose values a field may keep whatever it takes otherwise.
 */
export function unfitList(
  { node, port, spec }: EditedList,
  value: Value,
  given: readonly Value[] = [],
): Failure | null {
  const list = `\`${node}.${port}\``;
  const refuse = (message: string): Failure => ({ reason: "invalid-input", message });
  const known = new Map<string, ReadonlySet<string>>();
  const isGiven = (field: string, own: Value): boolean => {
    if (!known.has(field)) known.set(field, valuesOf(field, given));
    return known.get(field)?.has(JSON.stringify(own)) ?? false;
  };
  if (!Array.isArray(value)) return refuse(`${list} takes a list, not ${described(value)}.`);
  for (const [index, item] of (value as readonly Value[]).entries()) {
    // `isArray` does not narrow readonly arrays
    const name = `item ${index + 1}`;
    if (typeof item !== "object" || item === null || Array.isArray(item) || isFileRef(item))
      return refuse(
        `${list}: ${name} must have fields (${Object.keys(spec.fields).join(", ")}), but is ${described(item)}.`,
      );
    for (const [field, own] of Object.entries(item)) {
      const control = Object.hasOwn(spec.fields, field) ? spec.fields[field] : undefined;
      // What the node itself gave beyond the fields that it declares stays.
      const problem = control && unfit(`${node}.${port}, ${name}, ${field}`, control, own);
      if (problem && !isGiven(field, own)) return problem;
    }
  }
  return null;
}

/** Why a value cannot be pinned to an output; `null`: it can. */
export function unfitPin(node: NodeId, output: OutputPort, value: Value): Failure | null {
  const { name: port, spec } = output;
  return spec?.component === "ItemList"
    ? unfitList({ node, port, spec }, value)
    : unfit(`${node}.${port}`, pinSpec(output), value);
}

/** Every value that a field has in some item, as JSON text. */
function valuesOf(field: string, items: readonly Value[]): ReadonlySet<string> {
  return new Set(
    items.flatMap((item) =>
      typeof item === "object" && item !== null && Object.hasOwn(item, field)
        ? // Whatever has a field of that name is as good as an object.
          JSON.stringify((item as JsonObject)[field])
        : [],
    ),
  );
}

/** The options that are certain: where any may be unknown, none is. */
function known(spec: ComponentSpec): ComponentSpec & { readonly untold: (option: string) => boolean } {
  const unknown = new Set(spec.unknown);
  const untold = (option: string) => unknown.has(option) || unknown.has("…");
  const props = Object.fromEntries(Object.entries(spec.props).filter(([option]) => !untold(option)));
  return { ...spec, props, untold };
}

type Known = ReturnType<typeof known>;

function problemWith(spec: Known, value: Value): string | null {
  if (value === null) return null;
  switch (spec.component) {
    case "Number":
    case "Slider":
      return typeof value === "number" && Number.isFinite(value)
        ? outOfBounds(spec, value)
        : `takes a number${boundsText(spec)}, not ${described(value)}.`;
    case "Checkbox":
      return typeof value === "boolean" ? null : `takes true or false, not ${described(value)}.`;
    case "Textbox":
    case "TextArea":
    case "Text":
      return typeof value === "string" ? tooLong(spec, value) : `takes a text, not ${described(value)}.`;
    case "Code":
    case "ColorPicker":
    case "Markdown":
    case "HTML":
      return typeof value === "string" ? null : `takes a text, not ${described(value)}.`;
    case "Radio":
      return notAChoice(spec, value);
    case "Dropdown":
      if (spec.untold("multiselect")) return null;
      return spec.props.multiselect === true ? notChoices(spec, value) : notAChoice(spec, value);
    case "CheckboxGroup":
      return notChoices(spec, value);
    case "Dataframe":
      return typeof value === "object" ? null : `takes a table (a list of rows, as JSON), not ${described(value)}.`;
    case "Chatbot":
    case "HighlightedText":
      return typeof value === "object" ? null : `takes a list, as JSON, not ${described(value)}.`;
    default:
      return FILE_COMPONENTS.has(spec.component) ? notFiles(spec, value) : null;
  }
}

/** Gradio's sliders go from 0 to 100 where nothing else is said. */
function boundsOf({ component, props, untold }: Known): readonly [least: number | null, most: number | null] {
  const bound = (option: "minimum" | "maximum", otherwise: number): number | null => {
    const given = props[option];
    if (typeof given === "number") return given;
    return component === "Slider" && !untold(option) ? otherwise : null;
  };
  return [bound("minimum", 0), bound("maximum", 100)];
}

function boundsText(spec: Known): string {
  const [least, most] = boundsOf(spec);
  if (least !== null && most !== null) return ` from ${least} to ${most}`;
  if (least !== null) return ` of at least ${least}`;
  return most === null ? "" : ` of at most ${most}`;
}

function outOfBounds(spec: Known, value: number): string | null {
  const [least, most] = boundsOf(spec);
  if (least !== null && value < least) return `must be at least ${least}; ${value} is less.`;
  if (most !== null && value > most) return `must be at most ${most}; ${value} is more.`;
  if (spec.props.precision === 0 && !Number.isInteger(value)) return `takes a whole number, not ${value}.`;
  return null;
}

function tooLong({ props: { maxLength } }: Known, value: string): string | null {
  if (typeof maxLength !== "number" || value.length <= maxLength) return null;
  return `takes at most ${maxLength} characters; these are ${value.length}.`;
}

function notAChoice(spec: Known, value: Value): string | null {
  if (Array.isArray(value)) return `takes one choice, not ${described(value)}.`;
  const choices = choicesOf(spec);
  // Without choices there is nothing to hold it against.
  if (choices.length === 0 || isCustom(spec, value)) return null;
  const text = JSON.stringify(value);
  if (choices.some((choice) => JSON.stringify(choice.value) === text)) return null;
  return `takes ${choicesText(choices.map((choice) => choice.value))}, not ${described(value)}.`;
}

function notChoices(spec: Known, value: Value): string | null {
  if (!Array.isArray(value)) return `takes a list of choices, not ${described(value)}.`;
  const { maxChoices } = spec.props;
  if (typeof maxChoices === "number" && value.length > maxChoices)
    return `takes at most ${maxChoices} choice${maxChoices === 1 ? "" : "s"}; these are ${value.length}.`;
  // `isArray` does not narrow readonly arrays.
  for (const item of value as readonly Value[]) {
    const problem = notAChoice(spec, item);
    if (problem !== null) return problem;
  }
  return null;
}

function isCustom({ props, untold }: Known, value: Value): boolean {
  return typeof value !== "object" && (props.allowCustomValue === true || untold("allowCustomValue"));
}

function choicesText(values: readonly Value[]): string {
  const shown = values.slice(0, 12).map((value) => JSON.stringify(value));
  const more = values.length - shown.length;
  if (more > 0) return `one of ${shown.join(", ")} and ${more} more`;
  return shown.length === 1 ? `only ${shown[0] ?? ""}` : `one of ${shown.join(", ")}`;
}

function notFiles(spec: Known, value: Value): string | null {
  const { words } = accepted(spec);
  const files = filesIn(value);
  const isNone = Array.isArray(value) && value.length === 0;
  if (files.length === 0 && !isNone) return `takes ${words}, not ${described(value)}.`;
  if (!spec.untold("fileCount") && !takesSeveral(spec) && !isFileRef(value)) return `takes ${words}, not a list.`;
  const wrong = files.find((file) => !isOfKind(spec, file));
  return wrong ? `takes ${words}${endingsText(spec)}; ${wrong.name} is ${wrong.mediaType}.` : null;
}

function isOfKind(spec: Known, { name, mediaType }: FileRef): boolean {
  // A kind that nobody knows may be a kind of text; a picture is told by its first bytes.
  if (spec.component === "File" && mediaType === "application/octet-stream" && accepted(spec).types.includes("/*"))
    return true;
  return accepts(spec, { name, type: mediaType });
}

function endingsText(spec: Known): string {
  const { types } = accepted(spec);
  return spec.component === "File" || spec.component === "Model3D" ? ` (${types.replaceAll(",", ", ")})` : "";
}

function described(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
