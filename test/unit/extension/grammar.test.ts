import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMPONENT_NAMES } from "../../../src/model/component.js";

interface Rule {
  readonly match: string;
  readonly captures: Readonly<Record<string, { readonly name: string }>>;
}

const file = new URL("../../../syntaxes/daggr.tmLanguage.json", import.meta.url);
const { repository } = JSON.parse(readFileSync(file, "utf8")) as { repository: Readonly<Record<string, Rule>> };

/** Text by scope, as the one rule that matches first gives it. */
function scopes(code: string): Record<string, string> | null {
  for (const { match, captures } of Object.values(repository)) {
    const found = new RegExp(match).exec(code);
    if (found)
      return Object.fromEntries(Object.entries(captures).map(([group, { name }]) => [name, found[Number(group)]!]));
  }
  return null;
}

describe("the injection grammar", () => {
  it.each(["GradioNode", "FnNode", "InferenceNode", "InputNode", "ApproveNode", "ChooseOneNode"])(
    "knows %s",
    (kind) => {
      expect(scopes(`new ${kind}(`)).toMatchObject({ "entity.name.type.class.node.daggr": kind });
    },
  );

  it.each(COMPONENT_NAMES.map((name) => [name]))("knows gr.%s", (name) => {
    expect(scopes(`x: gr.${name}({`)).toMatchObject({ "support.function.component.daggr": name });
  });

  it("knows the graph and the factories", () => {
    expect(scopes("export default new Graph({")).toMatchObject({ "entity.name.type.class.graph.daggr": "Graph" });
    expect(scopes("= choice([")).toEqual({ "support.function.daggr": "choice" });
  });

  it.each(["new Graphics(", "program.Text(", "this.choice(", "gr.Unknown("])("leaves %s alone", (code) => {
    expect(scopes(code)).toBeNull();
  });
});
