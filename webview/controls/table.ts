import type { ComponentName, ComponentSpec } from "../../src/model/component.js";
import "./toolkit.js";
import CheckboxGroup from "./CheckboxGroup.svelte";
import Checkbox from "./Checkbox.svelte";
import CodeField from "./CodeField.svelte";
import ColorPicker from "./ColorPicker.svelte";
import type { ControlEntry } from "./control.js";
import Dropdown from "./Dropdown.svelte";
import FileDrop from "./FileDrop.svelte";
import JsonField from "./JsonField.svelte";
import MultiSelect from "./MultiSelect.svelte";
import NumberField from "./NumberField.svelte";
import Radio from "./Radio.svelte";
import Slider from "./Slider.svelte";
import TableField from "./TableField.svelte";
import TextField from "./TextField.svelte";

const text: ControlEntry = { component: TextField };
const json: ControlEntry = { component: JsonField, wide: true };
const files: ControlEntry = { component: FileDrop, wide: true };
const code: ControlEntry = { component: CodeField, wide: true };

/** Which control edits which component. Those that Gradio only shows are edited as the JSON that they are. */
const CONTROLS: Readonly<Record<ComponentName, ControlEntry>> = {
  Audio: files,
  Chatbot: json,
  Checkbox: { component: Checkbox },
  CheckboxGroup: { component: CheckboxGroup },
  Code: code,
  ColorPicker: { component: ColorPicker },
  Dataframe: { component: TableField, wide: true },
  Dialogue: json,
  Dropdown: { component: Dropdown },
  File: files,
  Gallery: files,
  HTML: code,
  HighlightedText: json,
  Image: files,
  ImageSlider: files,
  JSON: json,
  Label: json,
  Markdown: code,
  Model3D: files,
  Number: { component: NumberField },
  Radio: { component: Radio },
  Slider: { component: Slider },
  Text: text,
  TextArea: text,
  Textbox: text,
  Video: files,
};

const multiselect: ControlEntry = { component: MultiSelect };

export function controlFor({ component, props }: ComponentSpec): ControlEntry {
  return component === "Dropdown" && props.multiselect === true ? multiselect : CONTROLS[component];
}
