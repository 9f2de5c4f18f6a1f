/**
 * What authors' code infers, and which slips are compile errors. Checked by the type checker alone (this file is never
 * run): a `@ts-expect-error` that has nothing to expect is itself an error.
 */
import {
  ApproveNode,
  choice,
  ChooseOneNode,
  FnNode,
  GradioNode,
  Graph,
  InferenceNode,
  InputNode,
  gr,
  itemList,
  type FilePath,
  type FnContext,
  type Port,
  type Untyped,
  type Wire,
} from "daggr";
import { expectTypeOf } from "vitest";

/* Expressions stand alone here, and have no type where they are wrong: that is what is tested. */
/* eslint-disable @typescript-eslint/dot-notation, @typescript-eslint/no-unused-expressions, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return */

// ── Right code, with no annotations ──────────────────────────────────────────────────────────────────────────────────

const prompt = gr.Textbox({ label: "Prompt", value: "A cheetah in the grassy savanna.", lines: 3 });

const image = new GradioNode("hf-applications/Z-Image-Turbo", {
  apiName: "/generate_image",
  inputs: { prompt, height: 1024, width: 1024, seed: () => Math.floor(Math.random() * 1e9) },
  outputs: { image: gr.Image({ label: "Image" }), status: null },
});
expectTypeOf(image.image).toEqualTypeOf<Port<FilePath>>();
expectTypeOf(image.port("image")).toEqualTypeOf<Port<FilePath>>();
expectTypeOf(image.status).toEqualTypeOf<Port<Untyped>>();

const cutout = new GradioNode("hf-applications/background-removal", {
  apiName: "/image",
  inputs: { image: image.image },
  preprocess: (inputs) => {
    expectTypeOf(inputs.image).toEqualTypeOf<FilePath>();
    return { image: inputs.image };
  },
  postprocess: (_original, final) => final,
  outputs: { image: gr.Image({ label: "Final image" }) },
  retries: 2,
  timeout: 60,
});
new GradioNode("http://127.0.0.1:7860", {
  apiName: 3,
  outputs: { text: gr.Text() },
  postprocess: (text: string, score: number) => `${text} ${score}`,
});

interface Line {
  speaker: string;
  text: string;
}
async function writeLines({ topic, count = 3 }: { topic: string; count?: number }): Promise<Line[]> {
  return Array.from({ length: count }, () => ({ speaker: "A", text: topic }));
}
async function speak(
  { text, voice }: { text: string; voice: string },
  { signal, progress, log, outputFile }: FnContext,
): Promise<string> {
  signal.throwIfAborted();
  progress(0.5, "half way");
  log(text, voice);
  return outputFile("speech.wav");
}
function join({ clips }: { clips: string[] }): { file: string; seconds: number } {
  return { file: clips.join(), seconds: 3 };
}

const scene = new InputNode({ ports: { topic: gr.Textbox(), hour: gr.Radio({ choices: ["dawn", "dusk"] }) } });
expectTypeOf(scene.topic).toEqualTypeOf<Port<string>>();
expectTypeOf(scene.hour).toEqualTypeOf<Port<"dawn" | "dusk">>();

const script = new FnNode(writeLines, {
  inputs: { topic: scene.topic },
  outputs: {
    lines: itemList({ speaker: gr.Dropdown({ choices: ["A", "B"], allowCustomValue: true }), text: gr.Textbox() }),
  },
});
expectTypeOf(script.lines.text).toEqualTypeOf<Wire<string>>();
expectTypeOf(script.lines.each.text).toEqualTypeOf<Wire<string>>();
expectTypeOf(script.lines.each["text"]).toEqualTypeOf<Wire<string>>();
// A list of several fields, as any other list.
expectTypeOf(script.lines.all).returns.toExtend<Wire<unknown[]>>();

const speech = new FnNode(speak, {
  inputs: { text: script.lines.text, voice: gr.Dropdown({ choices: ["low", ["High", "high"]] }) },
  outputs: { audio: gr.Audio() },
  maxConcurrent: 2,
  concurrencyGroup: "gpu",
});
expectTypeOf(speech.audio).toEqualTypeOf<Port<FilePath>>();

const film = new FnNode(join, {
  inputs: { clips: speech.audio.all({ skipFailed: true }) },
  outputs: { file: gr.Video(), seconds: null },
});
expectTypeOf(film.file).toEqualTypeOf<Port<FilePath>>();
expectTypeOf(film.seconds).toEqualTypeOf<Port<number>>();

// Inline functions get their parameter from what is wired to them.
const louder = new FnNode(({ text, times }) => text.toUpperCase().repeat(times), {
  inputs: { text: scene.topic, times: 2 },
});
expectTypeOf(louder.output).toEqualTypeOf<Port<string>>();
const lengths = new FnNode(({ lines }) => lines.map((line) => line.text.length), {
  inputs: { lines: script.lines },
  outputs: { lengths: gr.JSON() },
});
expectTypeOf(lengths.lengths).toEqualTypeOf<Port<number[]>>();
const perItem = new FnNode(({ length }) => length + 1, { inputs: { length: lengths.lengths.each } });
expectTypeOf(perItem.output).toEqualTypeOf<Port<number>>();

// A function without inputs, a generator that streams, tuples in the declared order.
expectTypeOf(new FnNode(() => 42).output).toEqualTypeOf<Port<number>>();
const streamed = new FnNode(
  async function* ({ text }: { text: string }) {
    for (const word of text.split(" ")) yield word;
  },
  { inputs: { text: prompt }, outputs: { text: gr.Markdown() } },
);
expectTypeOf(streamed.text).toEqualTypeOf<Port<string>>();
const pair = new FnNode(() => ["a", 1] as const, { outputs: { name: gr.Textbox(), size: gr.Number() } });
expectTypeOf(pair.size).toEqualTypeOf<Port<number>>();

// What cannot be known is allowed everywhere; what an author says of it counts.
new FnNode(speak, { inputs: { text: image.status, voice: "low" }, outputs: { audio: gr.Audio() } });
new FnNode(writeLines, { inputs: { topic: "x", count: gr.JSON() } });
new FnNode(({ data }: { data: Line[] }) => data.length, { inputs: { data: gr.JSON<Line[]>({ label: "Lines" }) } });

// Pre- and postprocess stand between the wires and the function.
const processed = new FnNode(speak, {
  inputs: { words: scene.topic },
  preprocess: ({ words }: { words: string }) => ({ text: words, voice: "low" }),
  postprocess: (file) => {
    expectTypeOf(file).toEqualTypeOf<string>();
    return { file, size: file.length };
  },
  outputs: { file: gr.Audio(), size: gr.Number() },
});
expectTypeOf(processed.size).toEqualTypeOf<Port<number>>();

const painter = new InferenceNode("black-forest-labs/FLUX.1-schnell:fal-ai", {
  task: "text-to-image",
  inputs: { prompt: louder.output },
  outputs: { image: gr.Image() },
});
const either = choice([image, painter], { name: "Painter" });
expectTypeOf(either.image).toEqualTypeOf<Port<FilePath>>();
expectTypeOf(either.status).toEqualTypeOf<Port<Untyped>>();

const approved = new ApproveNode({ inputs: { draft: louder.output } });
expectTypeOf(approved.draft).toEqualTypeOf<Port<string>>();
const chosen = new ChooseOneNode({ inputs: { options: script.lines } });
expectTypeOf(chosen.chosen).toEqualTypeOf<Port<Line>>();

const oddNames = new GradioNode("a/b", { outputs: { port: gr.Image(), "two words": gr.Number() } });
expectTypeOf(oddNames.port("port")).toEqualTypeOf<Port<FilePath>>();
expectTypeOf(oddNames.port("two words")).toEqualTypeOf<Port<number>>();

export default new Graph({
  name: "Everything",
  persistKey: false,
  nodes: [image, cutout, film, either, approved, chosen],
});

const files = gr.File({ fileCount: "multiple", fileTypes: [".csv"] });
new FnNode(({ tables }: { tables: readonly FilePath[] }) => tables.length, { inputs: { tables: files } });
new FnNode(({ file }: { file: string }) => file, { inputs: { file: gr.File() } });
new FnNode(({ tags }: { tags: readonly ("a" | "b")[] }) => tags.length, {
  inputs: { tags: gr.Dropdown({ choices: ["a", "b"], multiselect: true, value: ["a"] }) },
});

// Literals, which TypeScript widens to arrays of arrays, are shown as spans, pairs and messages.
new FnNode(() => [["a", null], ["b", "X"], ["c", 0.5]], { outputs: { text: gr.HighlightedText() } }); // prettier-ignore
new FnNode(() => ({ text: [["a", "X"]], size: 1 }), { outputs: { text: gr.HighlightedText(), size: gr.Number() } });
new FnNode(() => [{ role: "user", content: "hello" }], { outputs: { chat: gr.Chatbot() } });
new FnNode(() => [["hello", "hi"], ["well?", null]], { outputs: { chat: gr.Chatbot() } }); // prettier-ignore
new FnNode(() => ["before.png", "after.png"], { outputs: { both: gr.ImageSlider() } });
new FnNode(() => [["a.png", "A"], ["b.png", null]], { outputs: { all: gr.Gallery() } }); // prettier-ignore

// ── Slips ────────────────────────────────────────────────────────────────────────────────────────────────────────────

// @ts-expect-error A misspelt port.
new GradioNode("a/b", { inputs: { image: image.imgae }, outputs: {} });
// @ts-expect-error The same through `.port`.
image.port("imgae");
// @ts-expect-error A field that the list's items don't have.
script.lines.each.txt;
// @ts-expect-error A port that holds no list cannot be scattered by field.
louder.output.each.text;

new FnNode(speak, {
  // @ts-expect-error The function takes `voice`, not `voic`.
  inputs: { text: "hello", voic: "low" },
});
new FnNode(speak, {
  // @ts-expect-error A port of the wrong type: a number where the function takes a text.
  inputs: { text: perItem.output, voice: "low" },
});
new FnNode(speak, {
  // @ts-expect-error A control of the wrong type.
  inputs: { text: gr.Number(), voice: "low" },
});
new FnNode(speak, {
  // @ts-expect-error A fixed value of the wrong type.
  inputs: { text: 5, voice: "low" },
});
new FnNode(speak, {
  // @ts-expect-error A callable of the wrong type.
  inputs: { text: () => 5, voice: "low" },
});
new FnNode(speak, {
  // @ts-expect-error A list where the function takes one; `.each` is missing.
  inputs: { text: lengths.lengths, voice: "low" },
});
new FnNode(join, {
  // @ts-expect-error One file where the function takes all; `.all()` is missing.
  inputs: { clips: speech.audio },
});
new FnNode(speak, {
  // @ts-expect-error `voice` is required and missing.
  inputs: { text: "hello" },
});
new FnNode(({ hour }: { hour: "dawn" | "dusk" }) => hour, {
  // @ts-expect-error Choices that the function does not know.
  inputs: { hour: gr.Radio({ choices: ["dawn", "noon"] }) },
});
// @ts-expect-error A whole node where one of its ports belongs.
new FnNode(speak, { inputs: { text: louder, voice: "low" } });

new FnNode(speak, {
  inputs: { text: "hello", voice: "low" },
  // @ts-expect-error The function returns a text; a number control cannot show it.
  outputs: { audio: gr.Number() },
});
new FnNode(join, {
  inputs: { clips: [] },
  // @ts-expect-error The function returns `file` and `seconds`, not `length`.
  outputs: { file: gr.Video(), length: gr.Number() },
});
new FnNode(join, {
  inputs: { clips: [] },
  // @ts-expect-error `seconds` is a number, which an image cannot show.
  outputs: { file: gr.Video(), seconds: gr.Image() },
});
new FnNode(writeLines, {
  inputs: { topic: "x" },
  // @ts-expect-error The items have no field `mood`.
  outputs: { lines: itemList({ mood: gr.Textbox() }) },
});

// @ts-expect-error Numbers are no pictures.
new FnNode(() => [5, 6], { outputs: { both: gr.ImageSlider() } });
// @ts-expect-error A message has a content.
new FnNode(() => [{ role: "user" }], { outputs: { chat: gr.Chatbot() } });
// @ts-expect-error Records are no spans.
new FnNode(() => [{ word: "a" }], { outputs: { text: gr.HighlightedText() } });

// @ts-expect-error A misspelt option of a component.
gr.Textbox({ lable: "Prompt" });
// @ts-expect-error An option that this component doesn't have.
gr.Slider({ choices: [1, 2] });
// @ts-expect-error A default value of the wrong type.
gr.Number({ value: "3" });
// @ts-expect-error A default that is not among the choices.
gr.Dropdown({ choices: ["a", "b"], value: "c" });
// @ts-expect-error A misspelt option of a node.
new GradioNode("a/b", { api: "/predict", outputs: {} });
// @ts-expect-error A misspelt option of a function node.
new FnNode(speak, { inputs: { text: "a", voice: "b" }, retry: 3 });
// @ts-expect-error A task that does not exist.
new InferenceNode("a/b", { task: "text-to-picture", outputs: {} });
// @ts-expect-error Ports of an InputNode are controls.
new InputNode({ ports: { text: "hello" } });
// @ts-expect-error Alternatives are nodes.
choice([image, image.image]);
// @ts-expect-error A port that no alternative has.
either.video;
// @ts-expect-error A graph lists nodes, not ports.
new Graph({ name: "x", nodes: [image.image] });
// @ts-expect-error A graph has a name.
new Graph({ nodes: [image] });
// @ts-expect-error The context has no such member.
new FnNode((_inputs: object, { progres }: FnContext) => progres);

// ── What controls give is the function's own: ordinary arrays fit ────────────────────────────────────────────────────

new FnNode(
  ({ tags, words, files, shots }: { tags: string[]; words: string[]; files: string[]; shots: string[] }) => [
    ...tags,
    ...words,
    ...files,
    ...shots,
  ],
  {
    inputs: {
      tags: gr.CheckboxGroup({ choices: ["x", "y"] }),
      words: gr.Dropdown({ choices: ["x", "y"], multiselect: true }),
      files: gr.File({ fileCount: "multiple" }),
      shots: gr.Gallery(),
    },
    outputs: { tags: gr.JSON() },
  },
);
new FnNode(({ table }: { table: { headers: string[]; data: (string | number | boolean | null)[][] } }) => table.data, {
  inputs: { table: gr.Dataframe() },
  outputs: { rows: gr.Dataframe() },
});
new FnNode(() => [{ tags: ["x"], pick: "y" }], {
  outputs: {
    items: itemList({
      tags: gr.CheckboxGroup({ choices: ["x", "y"] }),
      pick: gr.Radio({ choices: ["x", "y"] }),
    }),
  },
});
const frozen: readonly string[] = ["x"];
new FnNode(() => frozen, { outputs: { tags: gr.CheckboxGroup({ choices: ["x"] }) } });
gr.CheckboxGroup({ choices: ["x", "y"], value: frozen as readonly ("x" | "y")[] });
