/** Workflows in the states that a person meets, for screenshots and tests. */
import type { Json } from "../../src/model/json.js";
import type { FileRef } from "../../src/model/value.js";
import { IDLE_NODE, type WorkflowState } from "../../src/model/workflowState.js";
import type { FakeHost } from "./fakeHost.js";
import {
  at,
  FILE,
  FN,
  fresh,
  gr,
  graph,
  itemView,
  node,
  result,
  SPACE,
  wideWorkflow,
  wire,
  workflow,
} from "./graphs.js";
import { editedDialogue } from "./dialogue.js";
import { landscape, tone } from "./pictures.js";
import { scattered } from "./scattered.js";

const json = (ref: FileRef): Json => ({ ...ref }); // a file reference is JSON

/** A text-to-picture flow with a node in most states. */
export function studio(host: FakeHost): WorkflowState {
  const picture = json(host.takeFile("image.png", "image/png", landscape(512, 300)));
  const cut = json(host.takeFile("cutout.png", "image/png", landscape(512, 300, true)));
  const small = json(host.takeFile("small.png", "image/png", landscape(128, 128)));
  host.items.set(
    "variations",
    Array.from({ length: 120 }, (_, index) => {
      if (index > 74) return itemView(index, {}, index < 77 ? "running" : "waiting");
      return itemView(index, { image: small }, index % 50 === 4 ? new Error("it moved") : { frame: small });
    }),
  );
  const parameters = node(
    "parameters",
    { kind: "input" },
    {},
    {
      prompt: gr("Textbox", { label: "Prompt", lines: 3 }, "A cheetah in the grassy savanna."),
      steps: gr("Slider", { label: "Steps", minimum: 1, maximum: 50 }, 20),
    },
    { name: "Parameters" },
  );
  const image = node(
    "image",
    SPACE("hf-applications/Z-Image-Turbo", "/generate_image"),
    {
      prompt: "edge",
      negative: gr("Textbox", { label: "Negative" }, "blurry, low quality"),
      seed: "callable",
      height: { fixed: 1024 },
      width: { fixed: 1024 },
    },
    { image: gr("Image", { label: "Image" }) },
  );
  const cutout = node(
    "cutout",
    SPACE("hf-applications/background-removal", "/image"),
    { image: "edge" },
    { image: gr("Image", { label: "Final image" }) },
  );
  const variations = node(
    "variations",
    FN("variation"),
    { image: "edge" },
    { frame: gr("Image", { label: "Variation" }) },
  );
  const caption = node(
    "caption",
    { kind: "inference", model: "Qwen/Qwen3-VL-8B", provider: "together", task: "image-to-text" },
    { image: "edge", words: gr("Number", { label: "Words", minimum: 1 }, 30) },
    { caption: gr("Markdown", { label: "Caption" }) },
  );
  const report = node(
    "report",
    FN("report", 58),
    { frames: "edge", caption: "edge" },
    { data: gr("JSON", { label: "Data" }) },
  );
  const edges = [
    wire("parameters.prompt -> image.prompt"),
    wire("image.image -> cutout.image"),
    wire("image.image -> variations.image", "scatter"),
    wire("image.image -> caption.image"),
    wire("variations.frame -> report.frames", "gather"),
    wire("caption.caption -> report.caption"),
  ];
  const made = result({ image: picture }, 4200, { seed: 481_220_117 });
  return workflow(
    graph([parameters, image, cutout, variations, caption, report], edges),
    {
      image: fresh({}, { count: 3, result: made }),
      cutout: fresh({ image: cut }, { count: 2, freshness: { kind: "stale", reason: "input `image` changed" } }),
      variations: {
        ...IDLE_NODE,
        count: 1,
        activity: {
          kind: "running",
          startedAt: Date.now() - 12_400,
          progress: {
            fraction: 74 / 120,
            step: 74,
            steps: 120,
            unit: "items",
            items: { total: 120, succeeded: 72, reused: 0, failed: 2 },
          },
        },
      },
      caption: fresh(
        { caption: "**A hill** under a warm sky, seen from far away.\n\n- no animals\n- evening light" },
        {
          count: 4,
          outcome: {
            kind: "failed",
            durationMs: 2100,
            failure: {
              reason: "thrown",
              message: "`caption` got status 500 from Qwen/Qwen3-VL-8B: the image is too large for this provider.",
              hint: "Make the image smaller before it gets there, or choose another provider.",
              stack: "Error: 500\n    at caption (sample.daggr.ts:33:9)\n    at run (sample.daggr.ts:12:3)",
              location: at(33),
            },
          },
          log: [
            { level: "log", text: "asking together", at: 0 },
            { level: "warn", text: "retrying in 2 s", at: 1 },
            { level: "error", text: "500 Internal Server Error", at: 2 },
          ],
        },
      ),
      report: {
        ...IDLE_NODE,
        outcome: { kind: "blocked", by: "caption", failure: { reason: "missing-upstream", message: "caption failed" } },
      },
    },
    {
      run: { runId: "r", startedAt: 0, total: 5, done: 2 },
      diagnostics: [
        {
          code: "unknown-input",
          severity: "warning",
          message: "`variations` has no input `imge`; did you mean `image`?",
          range: at(22),
        },
      ],
    },
  );
}

/** A node for every control, and one for every renderer. */
export function gallery(host: FakeHost): WorkflowState {
  const picture = json(host.takeFile("hills.png", "image/png", landscape(360, 240)));
  const cut = json(host.takeFile("hill.png", "image/png", landscape(360, 240, true)));
  const audio = json(host.takeFile("tone.wav", "audio/wav", tone(330)));
  const model = json(host.takeFile("corner.obj", "model/obj", new TextEncoder().encode(CORNER)));
  const text = node(
    "text",
    FN("text"),
    {
      textbox: gr("Textbox", { label: "Textbox", placeholder: "one line" }),
      textarea: gr("TextArea", { label: "TextArea" }, "two\nlines"),
      number: gr("Number", { label: "Number" }, 3.5),
      slider: gr("Slider", { label: "Slider", minimum: 0, maximum: 1 }, 0.25),
      checkbox: gr("Checkbox", { label: "Checkbox" }, true),
      group: gr("CheckboxGroup", { label: "Group", choices: ["red", "green", "blue"] }, ["green"]),
      dropdown: gr("Dropdown", { label: "Dropdown", choices: ["small", "medium", "large"] }, "medium"),
      several: gr("Dropdown", { label: "Several", choices: ["one", "two", "three"], multiselect: true }, [
        "one",
        "two",
      ]),
      radio: gr("Radio", { label: "Radio", choices: ["yes", "no"] }, "no"),
      colour: gr("ColorPicker", { label: "Colour" }, "#3794ff"),
    },
    { output: gr("Textbox", { label: "Text" }) },
  );
  const rich = node(
    "rich",
    FN("rich"),
    {
      code: gr("Code", { label: "Code", language: "python" }, "def f(x):\n    return x + 1"),
      json: gr("JSON", { label: "JSON" }, { steps: [1, 2], deep: { yes: true } }),
      table: gr(
        "Dataframe",
        { label: "Table", headers: ["name", "size"] },
        {
          headers: ["name", "size"],
          data: [
            ["hill", 3],
            ["tree", 4],
          ],
        },
      ),
      picture: gr("Image", { label: "Picture" }),
      files: gr("File", { label: "Files", fileCount: "multiple" }),
    },
    { number: gr("Number", { label: "Number" }) },
  );
  const shows = (id: string, outputs: Parameters<typeof node>[3]): ReturnType<typeof node> =>
    node(id, FN(id), {}, outputs);
  const nodes = [
    text,
    rich,
    shows("words", {
      markdown: gr("Markdown", { label: "Markdown" }),
      html: gr("HTML", { label: "HTML" }),
      code: gr("Code", { label: "Code", language: "python" }),
      json: gr("JSON", { label: "JSON" }),
    }),
    shows("media", {
      image: gr("Image", { label: "Image" }),
      audio: gr("Audio", { label: "Audio" }),
      files: gr("File", { label: "Files" }),
      gallery: gr("Gallery", { label: "Gallery" }),
    }),
    shows("scores", {
      label: gr("Label", { label: "Label" }),
      marks: gr("HighlightedText", { label: "Marks" }),
      table: gr("Dataframe", { label: "Table" }),
      chat: gr("Chatbot", { label: "Chat" }),
    }),
    shows("depth", {
      model: gr("Model3D", { label: "Model" }),
      compare: gr("ImageSlider", { label: "Compare" }),
      dialogue: gr("Dialogue", { label: "Dialogue" }),
      odd: gr("Image", { label: "Not an image" }),
    }),
  ];
  return workflow(graph(nodes, [wire("text.output -> rich.code")]), {
    text: fresh({ output: "All of it, in a few words." }),
    rich: fresh({ number: 48_151.623 }),
    words: fresh({
      markdown:
        "# Title\nSome **bold** words, `code` and a [link](https://example.org).\n\n| a | b |\n|---|---|\n| 1 | 2 |",
      html: '<p onclick="document.title=\'hacked\'">Safe <b>bold</b><img src="x" onerror="document.title=\'hacked\'"><style>body{display:none}</style></p>',
      code: 'def greet(name: str) -> str:\n    # says hello\n    return f"Hello {name}" * 3',
      json: { model: "tiny", steps: [1, 2, 3], nested: { deep: { deeper: [true, null, "text"] } } },
    }),
    media: fresh({
      image: cut,
      audio,
      files: [picture, audio],
      gallery: [[picture, "Hills"], [cut, "A hill"], picture, cut, picture],
    }),
    scores: fresh({
      label: {
        label: "hill",
        confidences: [
          { label: "hill", confidence: 0.82 },
          { label: "sea", confidence: 0.13 },
          { label: "city", confidence: 0.05 },
        ],
      },
      marks: [
        ["The ", null],
        ["hill", "PLACE"],
        [" was green in ", null],
        ["May", "TIME"],
        [".", null],
      ],
      table: {
        headers: ["name", "score", "note"],
        data: [
          ["alpha", 0.92, "best"],
          ["beta", 0.71, ""],
          ["gamma", 0.33, "a longer note than fits"],
        ],
      },
      chat: [
        { role: "user", content: "What is it?" },
        { role: "assistant", content: "A **hill**." },
      ],
    }),
    depth: fresh({
      model,
      compare: [picture, cut],
      dialogue: [
        { speaker: "Ada", text: "Hello." },
        { speaker: "Bob", text: "Hi!" },
      ],
      odd: { not: "an image" },
    }),
  });
}

/** Three sides of a cube. */
const CORNER = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 1\nv 1 0 1\nv 0 1 1\nf 1 2 3 4\nf 1 2 6 5\nf 1 4 7 5\n";

/** Two functions that have never run. */
/** script → (quick | fine) = speech → save, with everything but `fine` run. */
export function spoken(): WorkflowState {
  const audio = gr("Textbox", { label: "Audio" });
  const speaker = gr("Textbox", { label: "Speaker" });
  const nodes = [
    node("script", FN("write"), { topic: gr("Textbox", { label: "Topic" }, "bees") }, { text: gr("Textbox") }),
    node("quick", FN("say"), { text: "edge" }, { audio }, { name: "Quick", variantOf: "speech" }),
    node(
      "fine",
      FN("act"),
      { text: "edge", tone: gr("Textbox", { label: "Tone" }, "deep") },
      { audio, speaker },
      { name: "Fine", variantOf: "speech" },
    ),
    node("speech", { kind: "choice", variants: ["quick", "fine"] }, {}, { audio, speaker }, { name: "Speech" }),
    node("save", FN("save"), { audio: "edge", who: "edge" }, {}),
  ];
  const wires = [
    "script.text -> quick.text",
    "script.text -> fine.text",
    "speech.audio -> save.audio",
    "speech.speaker -> save.who",
  ];
  return workflow(
    graph(
      nodes,
      wires.map((each) => wire(each)),
    ),
    {
      script: fresh({ text: "about bees" }),
      quick: fresh({ audio: "said aloud" }),
      save: fresh({}),
    },
  );
}

export function pair(): WorkflowState {
  const greet = node(
    "greet",
    FN("greet", 5),
    { name: gr("Textbox", { label: "Name" }, "World"), count: gr("Number", { label: "Count" }, 1) },
    { output: gr("Textbox", { label: "Greeting" }) },
    { nameRange: at(7) },
  );
  const shout = node("shout", FN("shout", 9), { text: "edge" }, { output: gr("Textbox", { label: "Loud" }) });
  return workflow(graph([greet, shout], [wire("greet.output -> shout.text")]));
}

export const SCENES = {
  studio: (host: FakeHost) => studio(host),
  gallery: (host: FakeHost) => gallery(host),
  untrusted: () => ({ ...pair(), trusted: false }),
  never: () => pair(),
  scattered: (host: FakeHost) => scattered(host),
  dialogue: () => editedDialogue(),
  hundred: () => wideWorkflow(100),
  empty: () => workflow(null),
  broken: () =>
    workflow(
      null,
      {},
      {
        diagnostics: [
          {
            code: "no-graph",
            severity: "error",
            message: "This file has no default export; say `export default new Graph(…)`.",
            range: at(3),
          },
        ],
      },
    ),
  "last-good": () => ({
    ...pair(),
    graphStatus: "last-good" as const,
    diagnostics: [
      {
        code: "syntax",
        severity: "error" as const,
        message: "'}' expected.",
        range: { file: FILE, start: { line: 12, column: 1 }, end: { line: 12, column: 2 } },
      },
    ],
  }),
} satisfies Record<string, (host: FakeHost) => WorkflowState>;
