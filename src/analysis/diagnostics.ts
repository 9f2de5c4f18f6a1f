import type { Message } from "./finding.js";

/**
 * Everything analysis can find, by stable code. Sentences name the author's own symbol, in backticks, and say what to do.
 * Errors keep the workflow (or a node of it) from running; warnings may; infos only explain.
 */
export const DIAGNOSTICS = {
  "syntax-error": (parser: string) => error(`${parser.replace(/\.$/, "")}.`),
  "too-deep": (name: string | null, mild = false) =>
    (mild ? warning : error)(
      `${name === null ? "This" : `\`${name}\``} is nested too deeply to be analysed. Break it up into several declarations.`,
    ),
  /** About no place in a text, for there is none. */
  "missing-file": (name: string) => error(`There is no file \`${name}\`, or it cannot be read.`),
  "no-graph": (found: { readonly graph: string | null } | "nothing" | "other-default") =>
    error(
      found === "nothing"
        ? "This file has no graph. Add `export default new Graph({ name: …, nodes: […] })`."
        : found === "other-default"
          ? "The default export isn't known to be a graph. Write `export default new Graph({ … })`."
          : found.graph === null
            ? "The graph isn't exported. Write `export default` before `new Graph(…)`."
            : `The graph \`${found.graph}\` isn't the default export. Add \`export default ${found.graph};\`.`,
    ),
  "several-graphs": (problem: "graphs" | "defaults") =>
    problem === "graphs"
      ? warning("A file shows one graph, its default export; this one is not shown. Move it to a file of its own.")
      : error("A module has one default export. Remove this one or the other."),
  "duplicate-id": (id: string, other: string) =>
    error(`Two nodes of this graph are called \`${id}\`: here and in ${other}. Rename one of the variables.`),
  "anonymous-node": (id: string) =>
    info(`This node has no variable of its own, so it is called \`${id}\`. Give it a \`const\` to name it yourself.`),
  "unknown-node": (name: string, meant: string | null) =>
    error(`Nothing called \`${name}\` is declared here.${didYouMean(meant)}`),
  "not-a-node": (text: string, what: string) =>
    error(`\`${text}\` is ${what}, not a node. List nodes, as \`nodes: [image, cutout]\`.`),
  "node-without-port": (node: string, ports: readonly string[]) =>
    error(
      ports.length === 0
        ? `\`${node}\` is a node; an input takes one of a node's ports, and this one has none.`
        : `\`${node}\` is a node; an input takes one of its ports: ${list(ports.map((port) => `\`${node}.${port}\``))}.`,
    ),
  "nested-choice": (text: string) => error(`\`${text}\` is itself a choice. List its variants here instead.`),
  "nested-port": (text: string) =>
    error(`\`${text}\` is a port inside a fixed value, which wires nothing. Give it an input of its own.`),
  "unknown-port": (node: string, port: string, ports: readonly string[], meant: string | null) =>
    error(
      `\`${node}\` has no port \`${port}\`.` +
        (meant === null
          ? ports.length === 0
            ? " It has no outputs."
            : ` It has ${list(ports.map((name) => `\`${name}\``))}.`
          : didYouMean(meant)),
    ),
  "unknown-field": (port: string, field: string, fields: readonly string[] | null, meant: string | null) =>
    error(
      fields === null
        ? `\`${port}\` isn't an item list. To run once an item and take \`${field}\` of each, write \`${port}.each.${field}\`.`
        : `The items of \`${port}\` have no field \`${field}\`.` +
            (meant === null ? ` They have ${list(fields.map((name) => `\`${name}\``))}.` : didYouMean(meant)),
    ),
  cycle: (path: readonly string[]) =>
    error(
      path.length === 2
        ? `\`${path[0] ?? ""}\` takes its own output as input. Take it from another node.`
        : `These nodes wait for each other: ${path.map((id) => `\`${id}\``).join(" → ")}. Remove one of the edges.`,
    ),
  "unknown-input": (fn: string, input: string, meant: string | null) =>
    error(`${fn} takes no input \`${input}\`.${didYouMean(meant)}`),
  "missing-input": (node: string, fn: string, input: string) =>
    error(`\`${node}\` lacks the input \`${input}\`, which ${fn} requires. Add it to \`inputs\`.`),
  // What is known of an app may be old by now: no reason not to run.
  "unknown-endpoint": (app: string, endpoint: string, endpoints: readonly string[], meant: string | null) =>
    warning(
      `${app} has no endpoint \`${endpoint}\`.` +
        (meant === null ? ` It has ${list(endpoints.map((name) => `\`${name}\``))}.` : didYouMean(meant)),
    ),
  // In the words in which a run refuses it, before anything is asked for.
  "unknown-output": (task: string, output: string, main: string, names: readonly string[], meant: string | null) =>
    error(
      `The task \`${task}\` gives nothing that \`${output}\` could take: \`${main}\` takes the answer.` +
        (meant !== null
          ? didYouMean(meant)
          : names.length === 0
            ? " Leave it out, or make it in `postprocess`."
            : ` Call it ${list(
                names.map((name) => `\`${name}\``),
                "or",
              )}, or make it in \`postprocess\`.`),
    ),
  "missing-argument": (construct: string, what: string) => error(`\`${construct}\` needs ${what}.`),
  // In the words of the class itself, which refuses such a graph when the file is run.
  "missing-name": () => error("Graph: give it a `name`."),
  "duplicate-key": (name: string) => error(`\`${name}\` is given twice; only the last one counts. Remove one of them.`),
  "unknown-component": (name: string, meant: string | null) =>
    error(`There is no component \`gr.${name}\`.${didYouMean(meant && `gr.${meant}`)}`),
  "port-name-collision": (port: string, readAs: string | null) =>
    readAs === null
      ? warning(`\`${port}\` is also a member of every node, so this port is only reached as \`.port("${port}")\`.`)
      : error(`\`${readAs}.${port}\` is a member of the node, not its port. Write \`${readAs}.port("${port}")\`.`),
  "early-use": (name: string) =>
    error(`\`${name}\` is used before its declaration, where it has no value yet. Move the declaration up.`),
  "unresolved-import": (specifier: string) =>
    error(`There is no local file \`${specifier}\`. Check the path, which is relative to this file.`),
  "unknown-export": (name: string, specifier: string, meant: string | null) =>
    error(`\`${specifier}\` doesn't export \`${name}\`.${didYouMean(meant)}`),
  "unused-node": (id: string) =>
    info(`\`${id}\` isn't part of the graph. Add it to \`nodes\`, or wire it to a node that is.`),
  "gather-of-single": (node: string, port: string) =>
    warning(
      `\`${node}\` runs once, so \`${node}.${port}.all()\` has nothing to gather. Write \`${node}.${port}\`, or let \`${node}\` run once an item with \`.each\`.`,
    ),
  "unseen-file": (what: string) =>
    info(
      `Which file this reads (\`${what}\`) can't be known without running it, so a change of the file isn't seen. Name it in place, as \`new URL("./data.csv", import.meta.url)\`, or make it an input (\`gr.File\`).`,
    ),
  "not-static": (what: string, remedy: string, mild = false) =>
    (mild ? info : warning)(`${what} can't be known without running the file. ${remedy}`),
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

type Told = Omit<Message, "code">;

function error(message: string): Told {
  return { severity: "error", message };
}

function warning(message: string): Told {
  return { severity: "warning", message };
}

function info(message: string): Told {
  return { severity: "info", message };
}

/** The catalogue's words for a case. */
export function message<C extends DiagnosticCode>(code: C, ...about: Parameters<(typeof DIAGNOSTICS)[C]>): Message {
  // Each entry takes exactly the arguments that `about` was checked against.
  const tell = DIAGNOSTICS[code] as (...about: unknown[]) => Told;
  return { code, ...tell(...about) };
}

function didYouMean(name: string | null): string {
  return name === null ? "" : ` Did you mean \`${name}\`?`;
}

/** "a", "a and b", "a, b and c"; at most eight are named. */
function list(names: readonly string[], last = "and"): string {
  const shown = names.length > 8 ? [...names.slice(0, 7), `${names.length - 7} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} ${last} ${shown.at(-1) ?? ""}`;
}
