import { GRAPH, marked, NODE } from "./marks.js";
import type { WorkflowNode } from "./node.js";
import { aText, checkOptions, say } from "./options.js";

export interface GraphOptions {
  readonly name: string;
  /** Nodes that are only needed upstream of these belong to the graph too. */
  readonly nodes: readonly WorkflowNode[];
  /** What identifies the workflow's state on disk, the name if left out; `false` keeps nothing there. */
  readonly persistKey?: string | false;
}

/** What a graph is made of, for the runner. */
export interface GraphInfo {
  readonly name: string;
  readonly nodes: readonly object[];
  readonly persistKey: string | false | null;
}

const rules = {
  name: aText,
  nodes: (value: unknown) => (Array.isArray(value) ? null : "an array of nodes"),
  persistKey: (value: unknown) => (value === false ? null : aText(value) && "false or a text that is not empty"),
};

/** A workflow: the module's default export. Making one runs nothing. */
export class Graph {
  readonly [GRAPH]: GraphInfo;

  /** @throws TypeError naming the option that is wrong */
  constructor(options: GraphOptions) {
    checkOptions("Graph", options, rules);
    const { name, nodes, persistKey = null } = options;
    if (aText(name) !== null) throw new TypeError("Graph: give it a `name`.");
    const where = `Graph(${JSON.stringify(name)})`;
    // Authors may write plain JavaScript, or cast.
    if ((nodes as unknown) === undefined) throw new TypeError(`${where}: list its \`nodes\`.`);
    nodes.forEach((node: unknown, index) => {
      if (!marked(node, NODE)) throw new TypeError(`${where}: nodes[${index}] is not a node but ${say(node)}.`);
    });
    this[GRAPH] = { name, nodes: [...nodes], persistKey };
  }
}
