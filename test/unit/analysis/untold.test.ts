import { describe, expect, it } from "vitest";
import { Sources } from "./sources.js";

function read(node: string) {
  const text = `import { FnNode, GradioNode, Graph, InferenceNode, gr } from "daggr";
const node = ${node};
export default new Graph({ name: "Untold", nodes: [node] });
`;
  return new Sources({ "main.daggr.ts": text }).analysis.analyse().graph?.nodes[0];
}

describe("what a node calls", () => {
  it.each([
    `new InferenceNode(process.env.MODEL ?? "a/b", { inputs: {}, outputs: { out: gr.Image() } })`,
    `new GradioNode(process.env.SPACE!, { inputs: {}, outputs: { out: gr.Image() } })`,
    `new GradioNode("a/b", { apiName: process.env.ENDPOINT, inputs: {}, outputs: { out: gr.Image() } })`,
    `new GradioNode("a/b", { runLocally: process.env.LOCAL === "1", inputs: {}, outputs: { out: gr.Image() } })`,
    `new InferenceNode("a/b", { task: process.env.TASK, inputs: {}, outputs: { out: gr.Image() } })`,
    `new FnNode(() => 1, { ...JSON.parse("{}") })`,
    `new FnNode(() => 1, { inputs: JSON.parse("{}") })`,
    `new FnNode(() => 1, { outputs: { [Math.random()]: gr.Image() } })`,
    `new FnNode(() => 1, { outputs: { out: Math.random() > 0.5 ? gr.Image() : null } })`,
  ])("is marked as not told: %s", (node) => {
    expect(read(node)?.untold).toBe(true);
  });

  it.each([
    `new InferenceNode("a/b", { inputs: {}, outputs: { out: gr.Image() } })`,
    `new GradioNode("a/b", { inputs: { key: process.env.KEY }, outputs: { out: gr.Image() } })`,
    `new FnNode(() => 1, { name: process.env.NAME, timeout: Number(process.env.TIMEOUT) })`,
  ])("is told: %s", (node) => {
    expect(read(node)).not.toHaveProperty("untold");
  });
});
