/** A workflow whose nodes run once an item, in the states that a person meets. */
import { SOME_ITEMS_FAILED, type ItemView } from "../../src/model/items.js";
import type { Json } from "../../src/model/json.js";
import type { FileRef } from "../../src/model/value.js";
import { IDLE_NODE, type WorkflowState } from "../../src/model/workflowState.js";
import type { FakeHost } from "./fakeHost.js";
import { at, FN, fresh, gr, graph, itemView, node, result, SPACE, wire, workflow } from "./graphs.js";
import { landscape, tone } from "./pictures.js";

const json = (ref: FileRef): Json => ({ ...ref }); // a file reference is JSON

/** split → shout (once a line) → join; from the same lines once an item pictures and sounds. */
export function scattered(host: FakeHost): WorkflowState {
  const words = "the quick brown fox jumps over the lazy dog while the cat sleeps".split(" ");
  const line = (index: number): ItemView =>
    itemView(
      index,
      { word: words[index] ?? "" },
      index === 3 ? new Error("no such word") : { loud: `${words[index] ?? ""}!` },
    );
  const shout = node("shout", FN("shout", 8), { word: "edge" }, { loud: gr("Textbox", { label: "Loud" }) });
  const paint = node(
    "paint",
    SPACE("hf-applications/Z-Image-Turbo"),
    { prompt: "edge" },
    { image: gr("Image", { label: "Picture" }) },
  );
  const say = node("say", FN("say", 20), { text: "edge" }, { clip: gr("Audio", { label: "Clip" }) });
  const script = {
    component: "ItemList",
    fields: { speaker: gr("Dropdown", { label: "Speaker" }), text: gr("Textbox") },
  } as const;
  const split = node(
    "split",
    FN("split"),
    { text: gr("Textbox", { label: "Text", lines: 2 }, words.join(" ")) },
    { lines: script },
  );
  const join = node("join", FN("join"), { all: "edge" }, { text: gr("Textbox", { label: "All of it" }) });
  const pictures = Array.from({ length: 7 }, (_, at) =>
    json(host.takeFile(`p${at}.png`, "image/png", landscape(120 + at, 80, at % 3 === 1))),
  );
  const clips = Array.from({ length: 3 }, (_, at) =>
    json(host.takeFile(`c${at}.wav`, "audio/wav", tone(220 + 110 * at))),
  );
  host.items.set(
    "shout",
    words.map((_, index) => line(index)),
  );
  host.items.set(
    "paint",
    words.map((word, index) => {
      if (index === 4) return itemView(index, { prompt: word }, new Error("`paint` got status 500: out of memory"));
      if (index < 7) return itemView(index, { prompt: word }, { image: pictures[index] ?? null });
      return itemView(index, { prompt: word }, index === 7 ? "running" : "waiting");
    }),
  );
  host.items.set(
    "say",
    clips.map((clip, index) =>
      itemView(index, { text: words[index] ?? "" }, { clip }, { path: [0, index], status: "reused" }),
    ),
  );
  const failure = {
    reason: "items-failed" as const,
    message: "1 of 13 items of `shout` failed: no such word",
    location: at(8),
  };
  const louder = result({ loud: words.filter((_, index) => index !== 3).map((word) => `${word}!`) });
  const turns = words
    .slice(0, 4)
    .map((text, at) => ({ speaker: at % 2 ? "Bob" : "Ada", text: `${text}, said again and again` }));
  return workflow(
    graph(
      [split, shout, paint, say, join],
      [
        wire("split.lines -> shout.word", "scatter", { field: "text" }),
        wire("split.lines -> paint.prompt", "scatter", { field: "text" }),
        wire("split.lines -> say.text", "scatter", { field: "text" }),
        wire("shout.loud -> join.all", "gather"),
      ],
    ),
    {
      split: fresh({ lines: turns }),
      shout: fresh(
        {},
        {
          result: { ...louder, items: { count: 13, failed: 1 } },
          outcome: { kind: "failed", failure, durationMs: louder.durationMs },
          freshness: { kind: "stale", reason: SOME_ITEMS_FAILED },
        },
      ),
      paint: {
        ...IDLE_NODE,
        activity: {
          kind: "running",
          startedAt: Date.now() - 12_400,
          progress: {
            fraction: 7 / 13,
            step: 7,
            steps: 13,
            unit: "items",
            items: { total: 13, succeeded: 6, reused: 0, failed: 1 },
          },
        },
      },
      say: fresh({}, { result: { ...result({ clip: clips }), items: { count: 3, failed: 0 } } }),
      join: {
        ...IDLE_NODE,
        outcome: { kind: "blocked", by: "shout", failure: { reason: "missing-upstream", message: "shout failed" } },
      },
    },
  );
}
