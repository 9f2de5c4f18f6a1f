import { describe, expect, it } from "vitest";
import { followRenames } from "../../../src/engine/renames.js";
import type { Edge, Graph, GraphNode } from "../../../src/model/graph.js";
import { NO_NAMES, type KeptNames } from "../../../src/model/keptNames.js";

/** A function node: `code` is what it does, and it has one text control, or takes what another gives. */
function fn(id: string, code: string | undefined, more: Partial<GraphNode> & { from?: string } = {}): GraphNode {
  const { from, ...rest } = more;
  const control = { kind: "component", spec: { component: "Textbox", props: {} }, control: `${id}.t` } as const;
  return {
    id,
    kind: "fn",
    name: id,
    inputs: [{ name: "t", source: from === undefined ? control : { kind: "edge" } }],
    outputs: [{ name: "output", spec: null }],
    target: { kind: "fn", functionName: null },
    limits: {},
    ...(code !== undefined && { code }),
    ...rest,
  };
}

function graph(nodes: readonly GraphNode[], wires: Readonly<Record<string, string>> = {}): Graph {
  const edges = Object.entries(wires).map(([to, from]): Edge => ({
    from: { node: from, port: "output" },
    to: { node: to, port: "t" },
    mode: "single",
  }));
  return { file: "/f", name: "g", persistKey: null, roots: [], nodes, edges, complete: true, files: ["/f"] };
}

/** What each node of the last of these graphs is kept under. */
function kept(...graphs: readonly (readonly GraphNode[] | Graph)[]): Record<string, string> {
  const names = follow(...graphs);
  return Object.fromEntries(names.nodes.flatMap(({ id, kept, gone }) => (gone === undefined ? [[id, kept]] : [])));
}

function follow(...graphs: readonly (readonly GraphNode[] | Graph)[]): KeptNames {
  return graphs.reduce<KeptNames>(
    (names, next) => followRenames(names, "nodes" in next ? next : graph(next)).names,
    NO_NAMES,
  );
}

describe("one node gone and one alike come", () => {
  it("is a rename, whatever else has changed", () => {
    expect(kept([fn("a", "1"), fn("b", "2")], [fn("x", "1"), fn("b", "3"), fn("c", "4")])).toEqual({
      x: "a",
      b: "b",
      c: "c",
    });
  });

  it("is none where it does something else, or that is not known", () => {
    expect(kept([fn("a", "1")], [fn("x", "2")])).toEqual({ x: "x" });
    expect(kept([fn("a", undefined)], [fn("x", undefined)])).toEqual({ x: "x" });
    const app = (id: string, space: string) =>
      fn(id, "0", {
        kind: "gradio",
        target: { kind: "gradio", space, apiName: "/p", runLocally: false, validate: true },
      });
    expect(kept([app("a", "o/one")], [app("x", "o/two")])).toEqual({ x: "x" });
    expect(kept([app("a", "o/one")], [app("x", "o/one")])).toEqual({ x: "a" });
  });

  it("is one though the node's code wasn't known for a while", () => {
    expect(kept([fn("a", "1")], [fn("a", undefined)], [fn("x", "1")])).toEqual({ x: "a" });
  });

  it("is none where the old name is still there", () => {
    expect(kept([fn("a", "1")], [fn("a", "2"), fn("x", "1")])).toEqual({ a: "a", x: "x" });
  });
});

describe("several at once", () => {
  it("are told apart by what they do", () => {
    expect(kept([fn("a", "1"), fn("b", "2")], [fn("y", "2"), fn("x", "1")])).toEqual({ x: "a", y: "b" });
  });

  it("that do the same are told apart by where their inputs come from, though that is renamed as well", () => {
    const before = graph([fn("p", "1"), fn("q", "2"), fn("a", "3", { from: "p" }), fn("b", "3", { from: "q" })], {
      a: "p",
      b: "q",
    });
    const now = graph([fn("r", "1"), fn("s", "2"), fn("x", "3", { from: "s" }), fn("y", "3", { from: "r" })], {
      x: "s",
      y: "r",
    });
    expect(kept(before, now)).toEqual({ r: "p", s: "q", x: "b", y: "a" });
  });

  it("that are the same in all are told apart by the names that their author shows, and else not at all", () => {
    const shown = (id: string, name: string) => fn(id, "1", { name });
    expect(kept([shown("a", "One"), shown("b", "Two")], [shown("x", "Two"), shown("y", "One")])).toEqual({
      x: "b",
      y: "a",
    });
    const names = follow([fn("a", "1"), fn("b", "1")]);
    const { names: after, unclear } = followRenames(names, graph([fn("x", "1"), fn("y", "1")]));
    expect(after.nodes.filter(({ gone }) => gone === undefined).map(({ kept }) => kept)).toEqual(["x", "y"]);
    expect(unclear).toEqual([{ gone: ["a", "b"], come: ["x", "y"] }]);
  });

  it("one that goes and two copies that come: neither is it", () => {
    expect(kept([fn("a", "1")], [fn("x", "1"), fn("y", "1")])).toEqual({ x: "x", y: "y" });
  });
});

describe("names that are still there", () => {
  it("stand for what does the same as before when they are exchanged or passed on", () => {
    expect(kept([fn("a", "1"), fn("b", "2")], [fn("a", "2"), fn("b", "1")])).toEqual({ a: "b", b: "a" });
    expect(kept([fn("a", "1"), fn("b", "2"), fn("c", "3")], [fn("b", "1"), fn("c", "2"), fn("d", "3")])).toEqual({
      b: "a",
      c: "b",
      d: "c",
    });
  });

  it("stay what they are where the row has no end, or no beginning", () => {
    // `a` now does what `b` did, and `b` is gone: replaced, for all that one can see.
    expect(kept([fn("a", "1"), fn("b", "2")], [fn("a", "2")])).toEqual({ a: "a" });
    expect(kept([fn("a", "1"), fn("b", "2")], [fn("a", "3"), fn("b", "1")])).toEqual({ a: "a", b: "b" });
  });
});

describe("names that come back", () => {
  it("stand for what they stood for, though it has changed meanwhile", () => {
    expect(kept([fn("a", "1")], [fn("x", "1")], [fn("x", "2")], [fn("a", "1")])).toEqual({ a: "a" });
    expect(kept([fn("a", "1")], [], [fn("a", "2")])).toEqual({ a: "a" });
  });

  it("leave no trace, however many letters were typed in between", () => {
    const letters = ["a", "al", "alp", "al", "a"].map((id) => [fn(id, "1")]);
    expect(follow(...letters)).toEqual(follow([fn("a", "1")]));
  });

  it("are another's where the node has gone on under a new name", () => {
    expect(kept([fn("a", "1")], [fn("x", "1")], [fn("x", "1"), fn("a", "2")])).toEqual({ x: "a", a: "a~1" });
  });
});

it("a node that went is known again under another name, the latest first, and not after another has taken its place", () => {
  expect(kept([fn("a", "1")], [], [fn("x", "1")])).toEqual({ x: "a" });
  expect(kept([fn("a", "1"), fn("b", "1")], [fn("b", "1")], [], [fn("x", "1")])).toEqual({ x: "b" });
  expect(kept([fn("a", "1")], [], [fn("x", "1")], [fn("x", "1"), fn("y", "1")])).toEqual({ x: "a", y: "y" });
});

it("renamed nodes that all go at once, for a moment, stand for the same when they are there again", () => {
  const many = (prefix: string) => Array.from({ length: 500 }, (_, i) => fn(`${prefix}${i}`, `code ${i}`));
  const back = kept(many("a"), many("x"), [], many("x"));
  expect(Object.entries(back).filter(([id, kept]) => kept !== id.replace("x", "a"))).toEqual([]);
});

it("answers the same names where nothing has changed", () => {
  const names = follow([fn("a", "1"), fn("b", "2")]);
  expect(followRenames(names, graph([fn("a", "1"), fn("b", "2")])).names).toBe(names);
});

describe("controls", () => {
  const text = (control: string) =>
    ({ kind: "component", spec: { component: "Textbox", props: {} }, control }) as const;
  const using = (id: string, code: string, ports: Readonly<Record<string, string>>) =>
    fn(id, code, { inputs: Object.entries(ports).map(([name, control]) => ({ name, source: text(control) })) });

  it("go along with their variable, and with their port", () => {
    expect(follow([using("a", "1", { t: "prompt" })], [using("a", "1", { t: "topic" })]).controls).toEqual({
      topic: "prompt",
    });
    expect(follow([using("a", "1", { t: "a.t" })], [using("a", "2", { u: "a.u" })]).controls).toEqual({ "a.u": "a.t" });
    expect(follow([using("a", "1", { t: "a.t" })], [using("x", "1", { t: "topic" })]).controls).toEqual({
      topic: "a.t",
    });
  });

  it("come back with their names", () => {
    const [prompt, topic] = ["prompt", "topic"].map((name) => [using("a", "1", { t: name })] as const);
    expect(follow(prompt!, topic!, prompt!).controls).toEqual({});
  });

  it("stay where several could be meant, and where the old one is still used", () => {
    const one = [using("a", "1", { t: "prompt" }), using("b", "2", { t: "prompt" })];
    expect(follow(one, [using("a", "1", { t: "a.t" }), using("b", "2", { t: "b.t" })]).controls).toEqual({});
    expect(follow(one, [using("a", "1", { t: "a.t" }), using("b", "2", { t: "prompt" })]).controls).toEqual({});
    expect(
      follow([using("a", "1", { t: "a.t", u: "a.u" })], [using("a", "2", { v: "a.v", w: "a.w" })]).controls,
    ).toEqual({});
  });

  it("of an old name that is used anew are others", () => {
    const later = [using("a", "1", { t: "topic" }), using("b", "2", { t: "prompt" })];
    expect(follow([using("a", "1", { t: "prompt" })], [using("a", "1", { t: "topic" })], later).controls).toEqual({
      topic: "prompt",
      prompt: "prompt~1",
    });
  });
});

it("a thousand nodes take no time that anybody would notice", () => {
  const nodes = (first: string) => Array.from({ length: 1000 }, (_, i) => fn(i === 0 ? first : `n${i}`, `code ${i}`));
  const names = follow(nodes("a"));
  const started = performance.now();
  expect(followRenames(names, graph(nodes("x"))).names.nodes[0]).toMatchObject({ id: "x", kept: "a" });
  expect(performance.now() - started).toBeLessThan(250);
});
