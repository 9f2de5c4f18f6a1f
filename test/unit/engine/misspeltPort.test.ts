import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

let workspace: Workspace;
afterEach(() => workspace.dispose());

async function opened(text: string): Promise<Workspace> {
  workspace = await Workspace.create(text);
  await workspace.open();
  return workspace;
}

/** `upper` is read by nobody but by the wrong name, unless `others` say so. */
const withPort = (written: string, outputs = "{ loud: gr.Textbox() }", others = "") => `
import { FnNode, Graph, gr } from "daggr";
const ports = { loud: gr.Textbox() };
const upper = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  inputs: { text: gr.Textbox({ value: "hello" }) },
  outputs: ${outputs},
});
const framed = new FnNode(({ text }: { text: string }) => \`[\${text}]\`, {
  inputs: { text: ${written} },
  outputs: { output: gr.Textbox() },
});
const after = new FnNode(({ text }: { text: string }) => text + "!", {
  inputs: { text: framed.output },
  outputs: { output: gr.Textbox() },
});
${others}
export default new Graph({ name: "misspelt", nodes: [after${others && ", fine"}] });
`;

const FINE = `const fine = new FnNode(({ text }: { text: string }) => text + "?", {
  inputs: { text: upper.loud },
  outputs: { output: gr.Textbox() },
});`;

test.each([
  ["as a property", withPort("upper.lod")],
  ["by its name", withPort('upper.port("lod")')],
  ["which others read rightly", withPort("upper.lod", undefined, FINE)],
  ["of a node whose ports the text doesn't tell", withPort("upper.lod", "Object.fromEntries(Object.entries(ports))")],
  ["of a node whose ports the text tells in part", withPort("upper.lod", "{ ...Object.fromEntries([]), ...ports }")],
])("a misspelt port fails the node that reads it, and no other: %s", async (_how, text) => {
  const w = await opened(text);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  expect(w.output("upper", "loud")).toBe("HELLO");
  if (text.includes("fine")) expect(w.output("fine")).toBe("HELLO?");
  expect(w.node("framed").outcome).toEqual({
    kind: "blocked",
    by: "framed",
    failure: {
      reason: "missing-input",
      message: "`framed` reads `upper.lod`, which `upper` does not have. Did you mean `loud`?",
    },
  });
  expect(w.node("after").outcome).toMatchObject({ kind: "blocked", by: "framed" });
  expect(w.nodesWith("node-failed")).toEqual([]);

  expect(await w.run({ scope: "to", targets: ["framed"] })).toMatchObject({
    ok: false,
    failure: { message: "`framed` reads `upper.lod`, which `upper` does not have. Did you mean `loud`?" },
  });
  expect(await w.run({ scope: "to", targets: ["upper"] })).toMatchObject({ ok: true, value: { status: "succeeded" } });
});
