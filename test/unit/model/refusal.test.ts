import { describe, expect, it } from "vitest";
import { editControl } from "../../../src/model/editedLists.js";
import { pinControl } from "../../../src/model/pins.js";
import type { RunRequest } from "../../../src/model/plan.js";
import { RUN_ALL, RUN_STALE } from "../../../src/model/runRequest.js";
import { refusalOf } from "../../../src/model/refusal.js";
import { UnsentInputs } from "../../../webview/state/unsentInputs.js";
import { inline } from "../../webview/fakeHost.js";
import { dialogue } from "../../webview/dialogue.js";
import { FN, fresh, gr, graph, node, wire, workflow } from "../../webview/graphs.js";

/** `top` (an input node) → `a` → `b` → `c`, and `d` beside them; `b` is stale. */
const state = workflow(
  graph(
    [
      node("top", { kind: "input" }, {}, { text: gr("Number", { label: "Top" }) }),
      ...["a", "b", "c"].map((id) => node(id, FN(id), { from: "edge", n: gr("Number") }, { output: gr("Textbox") })),
      node("d", FN("d"), { n: gr("Number") }, { output: gr("Textbox") }),
    ],
    [wire("top.text -> a.from"), wire("a.output -> b.from"), wire("b.output -> c.from")],
  ),
  { a: fresh({}), b: fresh({}, { freshness: { kind: "stale", reason: "input `n` changed" } }), c: fresh({}) },
);

function refusedWith(control: string, request: RunRequest): boolean {
  const unsent = new UnsentInputs();
  unsent.set(control, { text: "x", problem: "“x” is not a number." });
  return refusalOf(state, request, unsent, null) !== null;
}

describe("a run is refused for a control", () => {
  const request = (scope: RunRequest["scope"], ...targets: string[]): RunRequest => ({
    scope,
    targets,
    reuse: "fresh",
  });
  const controls = ["top.text", "a.n", "b.n", "c.n", "d.n"];
  it.each<[string, RunRequest, readonly string[]]>([
    ["that it reads, of all", RUN_ALL, controls],
    ["of what is stale and what that needs", RUN_STALE, ["top.text", "a.n", "b.n"]],
    ["of the target and what it needs", request("to", "b"), ["top.text", "a.n", "b.n"]],
    ["of the target alone", request("only", "b"), ["b.n"]],
    ["of the target and what it lacks", request("step", "d"), ["d.n"]],
    ["of the target and the input nodes that feed it", request("step", "a"), ["top.text", "a.n"]],
    ["of the target and the input nodes that feed it", request("only", "a"), ["top.text", "a.n"]],
    [
      "of what depends on the target, and what that needs",
      request("downstream", "b"),
      ["top.text", "a.n", "b.n", "c.n"],
    ],
  ])("%s", (_what, asked, reached) => {
    expect(controls.filter((control) => refusedWith(control, asked))).toEqual(reached);
  });

  it("of what is pinned to a node that feeds the target, though that has a result", () => {
    const control = pinControl("a", "output");
    const pinned = { ...state, sheet: { ...state.sheet, values: { [control]: inline("mine") } } };
    const unsent = new UnsentInputs();
    unsent.set(control, { text: "x", problem: "Not JSON." });
    for (const scope of ["step", "only", "to"] as const)
      expect(refusalOf(pinned, request(scope, "b"), unsent, "b")).toMatchObject({ on: "a", control });
    expect(refusalOf(pinned, request("step", "c"), unsent, "c")).toBeNull();
  });

  it("of an edited list that the target takes, whatever its own node has to do", () => {
    const given = dialogue();
    const control = editControl("write", "lines", given.nodes.write?.result?.outputs.lines?.digest ?? "");
    const unsent = new UnsentInputs();
    unsent.set(control, { text: null, problem: "Item 2, pause: The most is 9." });
    expect(refusalOf(given, { ...RUN_ALL, scope: "only", targets: ["speak"] }, unsent, "speak")).toEqual({
      asked: "speak",
      on: "write",
      control,
      text: "`write` · lines: Item 2, pause: The most is 9. Correct it or discard it, then run.",
    });
    expect(refusalOf(given, { ...RUN_ALL, scope: "only", targets: ["write"] }, unsent, "write")).toBeNull();
  });

  it("in words that name it, and its node where that is another one", () => {
    const unsent = new UnsentInputs();
    unsent.set("top.text", { text: "x", problem: "Not JSON: it ends" });
    expect(refusalOf(state, RUN_ALL, unsent, "top")?.text).toBe(
      "Top: Not JSON: it ends. Correct it or discard it, then run.",
    );
    expect(refusalOf(state, RUN_ALL, unsent, "a")).toMatchObject({
      asked: "a",
      on: "top",
      text: "`top` · Top: Not JSON: it ends. Correct it or discard it, then run.",
    });
  });
});

describe("what cannot be sent", () => {
  it("is kept within bounds, the latest first to stay", () => {
    const unsent = new UnsentInputs();
    for (const control of ["a", "b", "c"]) unsent.set(control, { text: "x".repeat(40_000), problem: "Not JSON" });
    unsent.set("photo", { text: null, problem: "notes.txt is not an image." });
    expect(Object.keys(unsent.saved())).toEqual(["b", "c", "photo"]);
  });
});
