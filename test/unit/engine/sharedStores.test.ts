import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

const WORKFLOW = `import { FnNode, Graph } from "daggr";
const one = new FnNode(() => 1);
export default new Graph({ name: "Twins", nodes: [one] });
`;

let w: Workspace;
afterEach(() => w.dispose());

test("a copy that is open beside its original is told of, on both, until one has a name of its own", async () => {
  w = await Workspace.create(WORKFLOW, { "copy.daggr.ts": WORKFLOW });
  await w.open();
  const shared = () => w.state?.notices.find(({ id }) => id === "shared")?.message;
  await w.until(({ graph }) => graph !== null);
  expect(shared()).toBeUndefined();
  const copy = join(w.folder, "copy.daggr.ts");
  const { state } = await w.engine.open(copy);
  expect(state.notices.map(({ message }) => message)).toEqual([
    "flow.daggr.ts is called “Twins”, too, and so shares inputs and results with this file. Give one of them another `name`, or a `persistKey` of its own.",
  ]);
  await expect.poll(shared).toContain("copy.daggr.ts is called “Twins”, too");
  w.engine.setText(copy, WORKFLOW.replace("Twins", "Other"));
  await expect.poll(shared).toBeUndefined();
  w.engine.setText(copy, null);
  await expect.poll(shared).toContain("copy.daggr.ts");
  await w.engine.close(copy);
  await expect.poll(shared).toBeUndefined();
});
