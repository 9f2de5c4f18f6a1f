import type { Json, JsonObject } from "./json.js";
import type { SourceRange } from "./source.js";

/** Gradio's components, by Gradio's own names. */
export const COMPONENT_NAMES = [
  "Audio",
  "Chatbot",
  "Checkbox",
  "CheckboxGroup",
  "Code",
  "ColorPicker",
  "Dataframe",
  "Dialogue",
  "Dropdown",
  "File",
  "Gallery",
  "HTML",
  "HighlightedText",
  "Image",
  "ImageSlider",
  "JSON",
  "Label",
  "Markdown",
  "Model3D",
  "Number",
  "Radio",
  "Slider",
  "Text",
  "TextArea",
  "Textbox",
  "Video",
] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** Components whose values are files (absolute paths in workflow code), alone or in a list. */
export const FILE_COMPONENTS: ReadonlySet<string> = new Set<ComponentName>([
  "Audio",
  "File",
  "Gallery",
  "Image",
  "ImageSlider",
  "Model3D",
  "Video",
]);

/** One `gr.*` component as written: what draws a control or an output. */
export interface ComponentSpec {
  readonly component: ComponentName;
  /** The options that are known, by their camelCase names, without `value`. */
  readonly props: JsonObject;
  /** The default value, when the author gave one and it is known; files still as the author's path text. */
  readonly value?: Json;
  /** Options (or `value`) that were written but cannot be known without running the file. */
  readonly unknown?: readonly string[];
  readonly range?: SourceRange;
}

/** `itemList({ … })`: a list whose items can be edited on the card; one component a field. */
export interface ItemListSpec {
  readonly component: "ItemList";
  readonly fields: Readonly<Record<string, ComponentSpec>>;
  readonly range?: SourceRange;
}

/** A component's label, or else the port's name. */
export function labelOf(spec: { readonly props?: Readonly<Record<string, Json>> } | null, port: string): string {
  const label = spec?.props?.label;
  return typeof label === "string" && label !== "" ? label : port;
}
