import { describe, expect, it } from "vitest";
import { staleNodes } from "../../../src/model/chosenGraph.js";
import { IDLE_NODE, type NodeState } from "../../../src/model/workflowState.js";
import { edgeTone, statusOf, toneOf } from "../../../webview/card/status.js";
import { sourceOf } from "../../../webview/card/source.js";
import { wiredFrom } from "../../../webview/card/inputs.js";
import { numberProblem } from "../../../webview/controls/number.js";
import { accepts, takesSeveral } from "../../../src/model/acceptedFiles.js";
import { savedViewOf } from "../../../webview/state/savedView.js";
import { duration, elapsed } from "../../../src/model/duration.js";
import { previewOf } from "../../../webview/text/preview.js";
import { count, size } from "../../../src/model/quantities.js";
import { findCards } from "../../../webview/toolbar/findCards.js";
import { runSummary } from "../../../webview/toolbar/summary.js";
import { FN, fresh, gr, graph, node, SPACE, wire, workflow } from "../../webview/graphs.js";

describe("amounts", () => {
  it.each([
    [40, "40 ms"],
    [400, "0.4 s"],
    [4_200, "4.2 s"],
    [12_400, "12 s"],
    [59_700, "1 min"],
    [125_000, "2 min 5 s"],
    [3_780_000, "1 h 3 min"],
  ])("%d ms is %s", (ms, words) => expect(duration(ms)).toBe(words));

  it("elapsed time counts whole seconds and never backwards", () => {
    expect([-50, 900, 1_900, 12_999].map(elapsed)).toEqual(["0 s", "0 s", "1 s", "12 s"]);
  });

  it.each([
    [812, "812 B"],
    [1_234, "1.2 kB"],
    [999_800, "1.0 MB"],
    [150_000_000, "150 MB"],
  ])("%d bytes are %s", (bytes, words) => expect(size(bytes)).toBe(words));

  it("counts things in the plural where there are several", () => {
    expect([count(1, "item"), count(0, "item"), count(12_000, "item")]).toEqual(["1 item", "0 items", "12,000 items"]);
  });

  it("previews long integers in threes, files by name, texts in one line", () => {
    expect(previewOf(481_220_117)).toBe("481\u2009220\u2009117");
    expect(previewOf({ $file: "a".repeat(64), name: "cat.png", mediaType: "image/png", size: 3 })).toBe("cat.png");
    expect(previewOf("a\n  b", 10)).toBe("a b");
    expect(previewOf("abcdef", 4)).toBe("abc…");
  });
});

describe("a card's status", () => {
  const made = fresh({ output: 1 });
  const states: readonly (readonly [string, NodeState, string])[] = [
    ["never run", IDLE_NODE, "not run"],
    ["whose result was cleared", { ...IDLE_NODE, count: 3 }, "no result"],
    ["fresh", made, "4.2 s"],
    ["reused", { ...made, outcome: { kind: "reused" } }, "reused"],
    ["stale", { ...made, freshness: { kind: "stale", reason: "code changed" } }, "stale"],
    ["waiting", { ...made, activity: { kind: "waiting" } }, "waiting"],
    ["that another run makes", { ...made, activity: { kind: "waiting", elsewhere: true } }, "in another run"],
    ["running", { ...made, activity: { kind: "running", startedAt: 1_000 } }, "11 s"],
    [
      "queued",
      { ...made, activity: { kind: "running", startedAt: 1_000, progress: { queuePosition: 3 } } },
      "queue 3 · 11 s",
    ],
    [
      "failed",
      { ...made, outcome: { kind: "failed", durationMs: 1, failure: { reason: "thrown", message: "x" } } },
      "failed",
    ],
    [
      "blocked",
      { ...made, outcome: { kind: "blocked", by: "a", failure: { reason: "thrown", message: "x" } } },
      "blocked",
    ],
    ["stopped", { ...made, outcome: { kind: "cancelled", durationMs: 1 } }, "stopped"],
  ];
  it.each(states)("%s", (_name, state, word) => expect(statusOf(state, "fn", 12_000)?.word).toBe(word));

  it("isn't there for inputs, which are always good", () => {
    expect(statusOf(IDLE_NODE, "input", 0)).toBeNull();
    expect(toneOf(IDLE_NODE, "input")).toBe("fresh");
  });
});

describe("an edge", () => {
  const states = (nodes: Readonly<Record<string, NodeState>>) => (id: string) => nodes[id] ?? IDLE_NODE;
  const edge = wire("a.output -> b.text");
  it("is grey before any run, green when fresh, amber when stale, and flows while its value is made", () => {
    const made = fresh({});
    expect(edgeTone(edge, states({}))).toEqual({ tone: "quiet", flowing: false });
    expect(edgeTone(edge, states({ b: made })).tone).toBe("fresh");
    expect(edgeTone(edge, states({ b: { ...made, freshness: { kind: "stale", reason: "" } } })).tone).toBe("stale");
    expect(edgeTone(edge, states({ a: { ...made, activity: { kind: "running", startedAt: 0 } } })).flowing).toBe(true);
  });

  it("says where a wired value comes from", () => {
    expect(wiredFrom(edge, "A")).toBe("from A");
    expect(wiredFrom(wire("a.lines -> b.text", "scatter", { field: "text" }), "A")).toBe("each of A · text");
    expect(wiredFrom(wire("a.clips -> b.text", "gather"), "A")).toBe("all of A · clips");
  });
});

describe("the source line", () => {
  it("names what is called and where it can be seen", () => {
    expect(sourceOf(node("a", SPACE("owner/space", "/go"), {}, {}))).toEqual({
      text: "owner/space",
      detail: "/go",
      address: "https://huggingface.co/spaces/owner/space",
    });
    expect(sourceOf(node("a", SPACE("http://localhost:7860/"), {}, {}))).toMatchObject({
      text: "localhost:7860",
      address: "http://localhost:7860/",
    });
    expect(sourceOf(node("a", FN("speak", 9), {}, {}))).toMatchObject({
      text: "speak()",
      range: { start: { line: 9 } },
    });
    expect(sourceOf(node("a", { kind: "inference", model: "o/m", provider: null, task: null }, {}, {}))).toEqual({
      text: "o/m",
      address: "https://huggingface.co/o/m",
    });
  });
});

describe("the toolbar", () => {
  const nodes = [
    node("image", SPACE("owner/turbo"), { prompt: gr("Textbox") }, { picture: gr("Image") }),
    node("speak", FN("tts"), {}, {}, { name: "Speak it" }),
  ];
  const state = workflow(graph(nodes, []), {
    image: fresh({}, { freshness: { kind: "stale", reason: "" } }),
    speak: fresh({}),
  });

  it("finds cards by name, id, target and port, names first", () => {
    const of = graph([...nodes, node("turbo", FN("x"), {}, {})], []);
    expect(findCards(of, "turbo")).toEqual(["turbo", "image"]);
    expect(findCards(of, "SPEAK")).toEqual(["speak"]);
    expect(findCards(of, "picture")).toEqual(["image"]);
    expect(findCards(of, " ")).toEqual([]);
  });

  it("counts what is stale", () => expect(staleNodes(state)).toHaveLength(1));

  it.each([
    [{ status: "succeeded", executed: 0, reused: 5, savedMs: 41_000 }, "Nothing to run: all 5 results are fresh"],
    [{ status: "succeeded", executed: 2, reused: 3, savedMs: 41_000 }, "2 nodes run · 3 reused · saved 41 s"],
    [{ status: "cancelled", executed: 1, reused: 0, savedMs: 0 }, "Stopped"],
    [{ status: "failed", executed: 1, reused: 1, savedMs: 0 }, "Failed · 1 reused"],
  ] as const)("sums a run up: %o", (lastRun, words) => expect(runSummary({ ...state, lastRun })).toBe(words));
});

describe("what is typed", () => {
  it("is a number within its limits, or said not to be", () => {
    expect(numberProblem("", {})).toBeNull();
    expect(numberProblem("1e3", { maximum: 1000 })).toBeNull();
    expect(numberProblem("abc", {})).toMatch(/not a number/);
    expect(numberProblem("0", { minimum: 1 })).toBe("The least is 1.");
    expect(numberProblem("1.5", { whole: true })).toMatch(/whole/);
  });

  it("may be a file only of the kind that the component takes", () => {
    const cat = { name: "cat.PNG", type: "image/png" };
    expect(accepts(gr("Image"), cat)).toBe(true);
    expect(accepts(gr("Audio"), cat)).toBe(false);
    expect(accepts(gr("File", { fileTypes: [".png"] }), cat)).toBe(true);
    expect(accepts(gr("File", { fileTypes: ["text"] }), cat)).toBe(false);
    expect(accepts(gr("File"), cat)).toBe(true);
    expect([
      takesSeveral(gr("Gallery")),
      takesSeveral(gr("File")),
      takesSeveral(gr("File", { fileCount: "multiple" })),
    ]).toEqual([true, false, true]);
  });
});

describe("the saved view", () => {
  const view = {
    file: "/a",
    viewport: { x: 1, y: 2, zoom: 0.5 },
    cards: { a: { x: 1, y: 2, moved: true } },
    collapsed: ["a"],
    unsent: {
      "a.text": { text: "[1, ", problem: "Not JSON" },
      "a.photo": { text: null, problem: "notes.txt is not an image." },
    },
    answers: { 'r1 ["a",null]': { why: "too short", chosen: null }, 'r1 ["b",2]': { why: "", chosen: 1 } },
  };
  it("comes back for its own file only", () => {
    expect(savedViewOf(view, "/a")).toEqual(view);
    const empty = { file: "/b", viewport: null, cards: {}, collapsed: [], unsent: {}, answers: {} };
    expect(savedViewOf(view, "/b")).toEqual(empty);
  });
  it("drops what is damaged", () => {
    expect(
      savedViewOf(
        {
          ...view,
          viewport: { x: "1" },
          cards: { a: 1, b: { x: 0, y: 0, moved: false } },
          collapsed: 3,
          unsent: { a: { text: 1 } },
          answers: { a: { why: 1, chosen: null }, b: { why: "" }, c: { why: "", chosen: 0.5 } },
        },
        "/a",
      ),
    ).toEqual({
      file: "/a",
      viewport: null,
      cards: { b: { x: 0, y: 0, moved: false } },
      collapsed: [],
      unsent: {},
      answers: {},
    });
    expect(savedViewOf(undefined, "/a").cards).toEqual({});
  });
});
