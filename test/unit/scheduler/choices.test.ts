import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/model/graph.js";
import { chosenGraph, chosenRequest } from "../../../src/model/chosenGraph.js";
import { control, graphOf, node, other, stored, Workflow } from "./plannerWorkflow.js";

/** script → (quick | fine, which also takes from `voices`) = speech → save */
const spoken = (): Graph =>
  graphOf(
    node("script", { topic: control("topic") }),
    node("quick", { text: "script.output" }, { variantOf: "speech" }),
    node("voices"),
    node(
      "fine",
      { text: "script.output", voice: "voices.output" },
      {
        variantOf: "speech",
        outputs: [
          { name: "output", spec: null },
          { name: "speaker", spec: null },
        ],
      },
    ),
    other("speech", "choice", { kind: "choice", variants: ["quick", "fine"] }),
    node("save", { audio: "speech.output", who: "speech.speaker" }),
  );

/** As the engine does: what is planned is the graph with its choices made. */
class Chosen extends Workflow {
  readonly #written: Graph;

  constructor(written: Graph) {
    super(chosenGraph(written, {}));
    this.#written = { ...written, roots: ["save"] };
    this.graph = chosenGraph(this.#written, this.values);
  }

  select(variant: string): void {
    this.type("speech.variant", variant);
    this.graph = chosenGraph(this.#written, this.values);
  }
}

describe("a choice", () => {
  it("is its first variant unless the sheet selects another, and runs that one alone with what it needs", async () => {
    const flow = new Chosen(spoken());
    expect(await flow.run()).toEqual(["script", "quick", "save"]);
    flow.select("fine");
    expect(await flow.planned("all")).toEqual([
      "script: reuse (nothing changed)",
      "voices: run (no result yet)",
      "fine: run (no result yet)",
      "save: run-if-changed (`fine` runs first)",
    ]);
    flow.gives.fine = () => "deep";
    flow.gives.quick = () => "high";
    await flow.run();
    expect(flow.selected.get("save")?.upstream.audio).toBe(flow.selected.get("fine")?.id);
  });

  it("costs nothing to go back to", async () => {
    const flow = new Chosen(spoken());
    await flow.run();
    flow.select("fine");
    await flow.run();
    flow.select("quick");
    expect(await flow.run()).toEqual([]);
  });

  it("makes what follows stale when another variant is selected, and says why", async () => {
    const flow = new Chosen(spoken());
    flow.gives.quick = () => "high";
    flow.gives.fine = () => "deep";
    await flow.run();
    expect(flow.freshness()).toMatchObject({ quick: "fresh", save: "fresh", fine: "none" });
    flow.select("fine");
    expect(flow.freshness()).toMatchObject({ quick: "fresh", save: "`speech` (`fine`) has no result" });
    await flow.run("to", ["fine"]);
    expect(flow.freshness()).toMatchObject({ save: "`speech` (`fine`) gave another value" });
    await flow.run();
    flow.select("quick");
    expect(flow.freshness()).toMatchObject({ save: "`speech` (`quick`) gave another value" });
  });

  it("leaves an input out that the selected variant gives nothing for", async () => {
    const flow = new Chosen(spoken());
    await flow.run();
    expect(Object.keys(flow.selected.get("save")!.inputs)).toEqual(["audio"]);
  });

  it("runs a variant that is not selected when it is asked for by name", async () => {
    const flow = new Chosen(spoken());
    expect(await flow.run("to", ["fine"])).toEqual(["script", "voices", "fine"]);
  });

  it("does not run stale what is not selected", async () => {
    const flow = new Chosen(spoken());
    flow.select("fine");
    await flow.run();
    flow.select("quick");
    await flow.run();
    flow.type("topic", "other");
    expect((await flow.planned("stale")).map((step) => step.split(":")[0])).toEqual(["script", "quick", "save"]);
  });
});

describe("making choices", () => {
  it("gives the same graph for the same selection, and the graph itself without choices", () => {
    const written = spoken();
    const fine = { "speech.variant": stored("fine") };
    expect(chosenGraph(written, fine)).toBe(chosenGraph(written, { ...fine, topic: stored("x") }));
    expect(chosenGraph(written, {})).not.toBe(chosenGraph(written, fine));
    const plain = graphOf(node("a"));
    expect(chosenGraph(plain, fine)).toBe(plain);
  });

  it("takes a variant that is no longer there for the first", () => {
    const { edges } = chosenGraph(spoken(), { "speech.variant": stored("gone") });
    expect(edges.find(({ to }) => to.port === "audio")).toMatchObject({ from: { node: "quick" }, choice: "speech" });
  });

  it("takes who asks for a choice to ask for its variant", () => {
    const request = { scope: "to", targets: ["speech", "quick", "save"], reuse: "fresh" } as const;
    expect(chosenRequest(chosenGraph(spoken(), {}), request).targets).toEqual(["quick", "save"]);
    const fine = chosenGraph(spoken(), { "speech.variant": stored("fine") });
    expect(chosenRequest(fine, request).targets).toEqual(["fine", "quick", "save"]);
  });
});
