import type { ComponentName, ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import { filesIn, isFileRef, type Value } from "../../src/model/value.js";
import Choices from "./Choices.svelte";
import FileList from "./FileList.svelte";
import Gallery from "./Gallery.svelte";
import Image from "./Image.svelte";
import ItemList from "./ItemList.svelte";
import Json from "./Json.svelte";
import Label from "./Label.svelte";
import NumberValue from "./Number.svelte";
import { tableOf } from "../../src/model/table.js";
import type { Renderer, RendererEntry } from "./renderer.js";
import {
  audioOf,
  chatOf,
  choicesOf,
  dialogueOf,
  galleryOf,
  highlightsOf,
  labelOf,
  pairOf,
  recordsOf,
  videoOf,
} from "./shapes.js";
import Table from "./Table.svelte";
import Text from "./Text.svelte";
import Video from "./Video.svelte";

/** Height of a line of text, in pixels. */
const LINE = 18;

const isText = (value: Value): boolean => typeof value === "string";
const isScalar = (value: Value): boolean => value === null || typeof value !== "object";

const text: RendererEntry = { load: () => Text, fits: isScalar, height: 32 };
const json: RendererEntry = { load: () => Json, fits: () => true, height: 32 };
const choices: RendererEntry = { load: () => Choices, fits: (value) => choicesOf(value) !== null, height: 32 };
const scalar: RendererEntry = { load: () => NumberValue, fits: isScalar, height: 32 };

const lazily = (load: () => Promise<{ readonly default: Renderer }>) => async (): Promise<Renderer> =>
  (await load()).default;

/** Which renderer draws which component. */
const RENDERERS: Readonly<Record<ComponentName, RendererEntry>> = {
  Audio: { load: lazily(() => import("./Audio.svelte")), fits: (value) => audioOf(value) !== null, height: 72 },
  Chatbot: { load: lazily(() => import("./Chatbot.svelte")), fits: (value) => chatOf(value) !== null, height: 96 },
  Checkbox: scalar,
  CheckboxGroup: choices,
  Code: { load: lazily(() => import("./Code.svelte")), fits: isText, height: 72 },
  ColorPicker: scalar,
  Dataframe: { load: () => Table, fits: (value) => tableOf(value) !== null, height: 96 },
  Dialogue: {
    load: lazily(() => import("./Dialogue.svelte")),
    fits: (value) => dialogueOf(value) !== null,
    height: 72,
  },
  Dropdown: text,
  File: { load: () => FileList, fits: (value) => filesIn(value).length > 0, height: 32 },
  Gallery: { load: () => Gallery, fits: (value) => galleryOf(value) !== null, height: 120 },
  HTML: { load: lazily(() => import("./Html.svelte")), fits: isText, height: 72 },
  HighlightedText: {
    load: lazily(() => import("./HighlightedText.svelte")),
    fits: (value) => highlightsOf(value) !== null,
    height: 48,
  },
  Image: { load: () => Image, fits: isFileRef, height: 136 },
  ImageSlider: {
    load: lazily(() => import("./ImageSlider.svelte")),
    fits: (value) => pairOf(value) !== null,
    height: 136,
  },
  JSON: json,
  Label: { load: () => Label, fits: (value) => labelOf(value) !== null, height: 64 },
  Markdown: { load: lazily(() => import("./Markdown.svelte")), fits: isText, height: 72 },
  Model3D: { load: lazily(() => import("./Model3D.svelte")), fits: isFileRef, height: 200 },
  Number: scalar,
  Radio: text,
  Slider: scalar,
  Text: text,
  TextArea: { ...text, height: 72 },
  Textbox: text,
  Video: { load: () => Video, fits: (value) => videoOf(value) !== null, height: 168 },
};

const itemList: RendererEntry = { load: () => ItemList, fits: (value) => recordsOf(value) !== null, height: 96 };

export function rendererFor(spec: ComponentSpec | ItemListSpec, value: Value): RendererEntry {
  const entry = spec.component === "ItemList" ? itemList : RENDERERS[spec.component];
  if (entry.fits(value)) return entry;
  // One that takes several gives a list.
  if (spec.component === "Dropdown" && choices.fits(value)) return choices;
  return isFileRef(value) ? RENDERERS.File : json;
}

/** Kept free before the first result, in pixels, so that cards below don't jump. */
export function reservedHeight(spec: ComponentSpec | ItemListSpec): number {
  if (spec.component === "ItemList") return itemList.height;
  const entry = RENDERERS[spec.component];
  const { lines } = spec.props;
  return entry.load === text.load && typeof lines === "number"
    ? Math.max(entry.height, lines * LINE + 14)
    : entry.height;
}
