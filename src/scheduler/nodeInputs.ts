import type { Failure } from "../model/failure.js";
import type { Edge, Graph, GraphNode, NodeId } from "../model/graph.js";
import { itemName, type ItemsRecord } from "../model/items.js";
import type { JsonObject } from "../model/json.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { FingerprintRecord, ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { fingerprintOf, fingerprintRecord, isKnown } from "./fingerprint.js";
import { changedFiles } from "./freshness.js";
import { indexOf } from "./graphIndex.js";
import { resolveInputs, type ControlValues } from "./inputValues.js";
import { isRejection } from "./questions.js";

/** All that an execution of a node is given, and what its result will be filed under. */
export interface GatheredInputs {
  readonly values: Readonly<Record<string, StoredValue>>;
  readonly record: FingerprintRecord;
  readonly fingerprint: string;
  /** As in {@link ResultRecord.upstream}. */
  readonly upstream: Readonly<Record<string, string>>;
}

/**
 * A node's inputs from what was typed and from the results there are, or what is missing.
 *
 * @param problems why a control has no value, where it should have one by default.
 */
export function gatherInputs(
  graph: Graph,
  node: GraphNode,
  typed: ControlValues,
  results: ReadonlyMap<NodeId, ResultRecord>,
  problems: Readonly<Record<string, Failure>> = {},
): Result<GatheredInputs> {
  const resolved = resolveInputs(graph, node, typed, (id) => results.get(id));
  const { values, parts, upstream, missing, incomplete, unknown } = resolved;
  const [edge] = missing;
  if (edge) return failed(missingUpstream(node, edge, results.get(edge.from.node)));
  const [gather] = incomplete;
  if (gather) return failed(itemsWithout(node, gather, results.get(gather.from.node)?.items));
  const [port] = unknown;
  if (port !== undefined) {
    const control = controlBehind(graph, node, port);
    const problem = control === undefined ? undefined : problems[control];
    if (problem) return failed(problem);
    return failed({
      reason: "missing-input",
      message: `The value of \`${port}\` of \`${node.id}\` is not known.`,
      hint: "If its default is a file, check that the file exists; or give it a value on the card.",
    });
  }
  if (!isKnown(node)) {
    return failed({
      reason: "internal",
      message: `The code of \`${node.id}\` is not known, though the file was loaded.`,
    });
  }
  const record = fingerprintRecord(graph, node, parts);
  return success({ values, record, fingerprint: fingerprintOf(record), upstream });
}

/** What a result is filed under. */
export type Filing = Pick<GatheredInputs, "record" | "fingerprint">;

/**
 * For a result that is stale from the start, and never found again.
 *
 * @param why - `CHANGED_MEANWHILE`: something that its fingerprint counts changed while it was made, so that what was read is not
 *   what the fingerprint says, and nobody knows what it was. `FAILED_ITEMS`, `LEFT_ITEMS`: some of its items failed, or were not run.
 */
export function unrepeatable({ record }: Pick<Filing, "record">, why: string, runId: string): Filing {
  // `fingerprintRecord` made it an object.
  const options = { ...(record.options as JsonObject), [why]: runId };
  const unknown = { ...record, options };
  return { record: unknown, fingerprint: fingerprintOf(unknown) };
}

/**
 * For a result whose code has written files that it reads, too (a cache of its own): filed under what it left of them, for a rerun would find
 * just that. `null`: nothing of them has changed, or something else has, and who has changed that can't be told.
 *
 * @param node - as it was when the result began to be made.
 * @param now - as it is.
 */
export function asLeft(node: GraphNode, now: GraphNode | undefined, { record }: Pick<Filing, "record">): Filing | null {
  const [before, after] = [node.codeParts, now?.codeParts];
  if (!before || before.own !== after?.own) return null;
  const code = now?.code;
  if (code === undefined || code === node.code) return null;
  const mine = new Set([...(node.writes ?? []), ...(now?.writes ?? [])]);
  const changed = changedFiles(before, after);
  if (changed.length === 0 || !changed.every((name) => mine.has(name))) return null;
  const left = { ...record, code, ...(record.codeParts && { codeParts: after }) };
  return { record: left, fingerprint: fingerprintOf(left) };
}

function itemsWithout({ id }: GraphNode, { from, to }: Edge, items: ItemsRecord | undefined): Failure {
  const { failed: indexes = [], left = 0 } = items ?? {};
  const shown = indexes.slice(0, 10).map((index) => itemName(index));
  const rest = indexes.length - shown.length;
  const these =
    shown.length === 1 ? `item ${shown.join()}` : `items ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  const what = left < indexes.length ? "failed" : indexes.length > 1 ? "have not been run" : "has not been run";
  return {
    reason: "missing-upstream",
    message: `\`${id}\` takes all items of \`${from.node}.${from.port}\` for \`${to.port}\`, but ${these} ${what}.`,
    hint: `Run \`${from.node}\` again, which tries just those, or leave them out: \`${from.node}.${from.port}.all({ skipFailed: true })\`.`,
  };
}

/** The control that an input's value comes from: its own, or that of the InputNode's port that is wired to it. */
function controlBehind(graph: Graph, node: GraphNode, port: string): string | undefined {
  const source = node.inputs.find(({ name }) => name === port)?.source;
  if (source?.kind === "component") return source.control;
  const { into, nodes } = indexOf(graph);
  const from = into.get(node.id)?.find(({ to }) => to.port === port)?.from;
  return from && nodes.get(from.node)?.outputs.find(({ name }) => name === from.port)?.control;
}

function missingUpstream({ id }: GraphNode, { from, to }: Edge, result: ResultRecord | undefined): Failure {
  const takes = (source: string) => `\`${id}\` takes \`${to.port}\` from \`${source}\``;
  if (!result) {
    const hint = `Run \`${from.node}\` first, or run to \`${id}\`.`;
    return { reason: "missing-upstream", message: `${takes(from.node)}, which has no result yet.`, hint };
  }
  const hint = `Run \`${from.node}\` again.`;
  const message = isRejection(result)
    ? `${takes(from.node)}, which was rejected.`
    : `${takes(`${from.node}.${from.port}`)}, but the result of \`${from.node}\` has no \`${from.port}\`.`;
  return { reason: "missing-upstream", message, hint };
}
