import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import { edgesInto, findNode, type Graph, type NodeId } from "../../src/model/graph.js";
import { isFileRef, type Value } from "../../src/model/value.js";

type Spec = ComponentSpec | ItemListSpec;

/** The component of what is wired to an input, where it has one that is shown. */
export function wiredSpec(graph: Graph | null, node: NodeId, input: string): Spec | null {
  const edge = graph && edgesInto(graph, node).find(({ to }) => to.port === input);
  if (!edge) return null;
  return findNode(graph, edge.from.node)?.outputs.find(({ name }) => name === edge.from.port)?.spec ?? null;
}

/** What draws a value: its own component, or what suits it. */
export function specFor(value: Value, own: Spec | null): Spec {
  return own ?? { component: plain(value), props: {} };
}

/** What draws one of a list. */
export function optionSpec(value: Value): ComponentSpec {
  return { component: plain(value), props: {} };
}

function plain(value: Value): ComponentSpec["component"] {
  if (typeof value === "string" || typeof value === "number") return "Text";
  if (!isFileRef(value)) return "JSON";
  const [kind] = value.mediaType.split("/");
  return kind === "image" ? "Image" : kind === "audio" ? "Audio" : kind === "video" ? "Video" : "File";
}
