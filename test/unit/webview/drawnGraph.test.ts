import { describe, expect, it } from "vitest";
import { drawnNodes } from "../../../webview/flow/drawnGraph.js";
import { flowEdges } from "../../../webview/flow/edges.js";
import { findCards } from "../../../webview/toolbar/findCards.js";
import { FN, graph, gr, node, wire } from "../../webview/graphs.js";

/** script → (quick | fine, which takes from `voices` too) = speech → save */
const spoken = graph(
  [
    node("script", FN("write"), {}, { output: gr("Textbox") }),
    node("voices", FN("cast"), {}, { output: gr("Textbox") }),
    node("quick", FN("say"), { text: "edge" }, { audio: gr("Audio") }, { variantOf: "speech" }),
    node(
      "fine",
      FN("act"),
      { text: "edge", voice: "edge" },
      { audio: gr("Audio"), speaker: gr("Label") },
      { variantOf: "speech" },
    ),
    node("speech", { kind: "choice", variants: ["quick", "fine"] }, {}, { audio: gr("Audio"), speaker: gr("Label") }),
    node("save", FN("save"), { audio: "edge" }, {}),
  ],
  [
    wire("script.output -> quick.text"),
    wire("script.output -> fine.text"),
    wire("voices.output -> fine.voice"),
    wire("speech.audio -> save.audio"),
  ],
);
const select = (variant: string) => new Map([["speech", variant]]);

describe("a choice on the canvas", () => {
  it("is one card with the inputs of its selected variant; variants have none of their own", () => {
    const inputs = (variant: string) =>
      Object.fromEntries(
        drawnNodes(spoken, select(variant)).map((each) => [each.id, each.inputs.map(({ name }) => name)]),
      );
    expect(inputs("quick")).toEqual({ script: [], voices: [], speech: ["text"], save: ["audio"] });
    expect(inputs("fine")).toMatchObject({ speech: ["text", "voice"] });
  });

  it("takes the wires of every variant, and tells those of the others apart", () => {
    const ends = flowEdges(spoken, select("quick")).map(({ source, target, targetHandle, data }) => [
      `${source} ${target} ${targetHandle ?? ""}`,
      data?.idle,
    ]);
    expect(ends).toEqual([
      ["script speech in:text", false],
      ["script speech variant:fine", true],
      ["voices speech variant:fine", true],
      ["speech save in:audio", false],
    ]);
  });

  it("is found by its variants' names, once", () => {
    expect(findCards(spoken, "fine")).toEqual(["speech"]);
    expect(findCards(spoken, "audio")).toEqual(["speech", "save"]);
  });
});
