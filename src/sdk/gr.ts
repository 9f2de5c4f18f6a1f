/** Gradio's components by Gradio's own names, its options in camelCase: `gr.Textbox({ label: "Prompt", lines: 3 })`. */
import type { ComponentName } from "../model/component.js";
import { makeComponent, type Component } from "./component.js";
import type * as choice from "./components/choice.js";
import type * as data from "./components/data.js";
import type * as media from "./components/media.js";
import type * as text from "./components/text.js";
import type { FilePath } from "./filePath.js";

type ChoiceItem = choice.ChoiceItem;

/**
 * One function a component. The first type of each `Component` is what it gives as an input, a value of the
 * function's own to do with as it likes; the second is what it can show.
 */
export interface Components {
  /** A text, on one line or several. */
  readonly Textbox: (options?: text.TextboxOptions) => Component<string>;
  /** {@link Components.Textbox} by its other name. */
  readonly Text: (options?: text.TextboxOptions) => Component<string>;
  /** A text of several lines. */
  readonly TextArea: (options?: text.TextboxOptions) => Component<string>;
  readonly Code: (options?: text.CodeOptions) => Component<string>;
  readonly Markdown: (options?: text.MarkdownOptions) => Component<string>;
  /** Shown sanitised: no scripts. */
  readonly HTML: (options?: text.HtmlOptions) => Component<string>;
  readonly HighlightedText: (
    options?: text.HighlightedTextOptions,
  ) => Component<text.HighlightedSpans, text.HighlightedInput>;
  /** Lines of a conversation, each with its speaker. */
  readonly Dialogue: (
    options?: text.DialogueOptions,
  ) => Component<text.DialogueLine[], readonly text.DialogueLine[] | string>;
  readonly Chatbot: (options?: text.ChatbotOptions) => Component<text.ChatMessage[], text.ChatInput>;

  readonly Checkbox: (options?: choice.CheckboxOptions) => Component<boolean>;
  readonly CheckboxGroup: <const C extends readonly ChoiceItem[] = []>(
    options?: choice.CheckboxGroupOptions<C>,
  ) => Component<choice.ChoiceValue<C>[], readonly unknown[]>;
  readonly Radio: <const C extends readonly ChoiceItem[] = []>(
    options?: choice.RadioOptions<C>,
  ) => Component<choice.ChoiceValue<C>, string | number | boolean>;
  readonly Dropdown: <
    const C extends readonly ChoiceItem[] = [],
    const Multi extends boolean = false,
    const Custom extends boolean = false,
  >(
    options?: choice.DropdownOptions<C, Multi, Custom>,
  ) => Component<
    choice.DropdownValue<C, Multi, Custom>,
    Multi extends true ? readonly unknown[] : string | number | boolean
  >;
  /** A colour as CSS writes it: `#27496d`. */
  readonly ColorPicker: (options?: choice.ColorPickerOptions) => Component<string>;
  readonly Number: (options?: choice.NumberOptions) => Component<number>;
  readonly Slider: (options?: choice.SliderOptions) => Component<number>;

  readonly Image: (options?: media.ImageOptions) => Component<FilePath>;
  /** Two pictures to compare. */
  readonly ImageSlider: (options?: media.ImageSliderOptions) => Component<media.ImagePair, readonly FilePath[]>;
  readonly Audio: (options?: media.AudioOptions) => Component<FilePath>;
  readonly Video: (options?: media.VideoOptions) => Component<FilePath>;
  readonly Model3D: (options?: media.Model3DOptions) => Component<FilePath>;
  readonly File: <const Count extends media.FileCount = "single">(
    options?: media.FileOptions<Count>,
  ) => Component<media.FilesOf<Count>, FilePath | readonly FilePath[]>;
  readonly Gallery: (options?: media.GalleryOptions) => Component<FilePath[], media.GalleryInput>;

  /** Any JSON; `gr.JSON<Line[]>()` says what it holds. */
  readonly JSON: <T = data.AnyJson>(options?: data.JsonOptions<T>) => Component<T, unknown>;
  readonly Label: (options?: data.LabelOptions) => Component<data.LabelValue, data.LabelInput>;
  readonly Dataframe: (options?: data.DataframeOptions) => Component<data.DataframeValue, data.DataframeInput>;
}

const make = (component: ComponentName) => (options?: object) => makeComponent(component, options);

// Held against the model's list of names here; each function's type is the promise of `Components`.
const table = {
  Audio: make("Audio"),
  Chatbot: make("Chatbot"),
  Checkbox: make("Checkbox"),
  CheckboxGroup: make("CheckboxGroup"),
  Code: make("Code"),
  ColorPicker: make("ColorPicker"),
  Dataframe: make("Dataframe"),
  Dialogue: make("Dialogue"),
  Dropdown: make("Dropdown"),
  File: make("File"),
  Gallery: make("Gallery"),
  HTML: make("HTML"),
  HighlightedText: make("HighlightedText"),
  Image: make("Image"),
  ImageSlider: make("ImageSlider"),
  JSON: make("JSON"),
  Label: make("Label"),
  Markdown: make("Markdown"),
  Model3D: make("Model3D"),
  Number: make("Number"),
  Radio: make("Radio"),
  Slider: make("Slider"),
  Text: make("Text"),
  TextArea: make("TextArea"),
  Textbox: make("Textbox"),
  Video: make("Video"),
} satisfies Record<ComponentName, unknown> & Record<keyof Components, unknown>;

// A component's phantom properties exist in types only.
export const gr = table as unknown as Components;
