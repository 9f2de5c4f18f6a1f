import { expect, test } from "vitest";
import { userFrames } from "../../../src/runner/stack.js";

const PLACE = "/flow/a.daggr.ts:3:7";

test.each([
  ["at deep (PLACE)", "at deep (PLACE)"],
  ["at PLACE", "at PLACE"],
  ["at <anonymous> (PLACE)", "at PLACE"],
  ["at async arrow (PLACE)", "at arrow (PLACE)"],
  ["at Painter.paint (PLACE)", "at Painter.paint (PLACE)"],
  ["at new Painter (PLACE)", "at new Painter (PLACE)"],
  ["at Object.boom (PLACE)", "at boom (PLACE)"],
  ["at Object.shout [as fn] (PLACE)", "at shout (PLACE)"],
  ["at Object.fn (PLACE)", "at PLACE"],
  ["at Object.<anonymous> (PLACE)", "at PLACE"],
  ["at FnNode.inputs.how (PLACE)", "at PLACE"],
  ["at async FnNode.inputs.how.then (PLACE)", "at PLACE"],
  ["at GradioNode.preprocess [as call] (PLACE)", "at PLACE"],
  ["at FnNodes.make (PLACE)", "at FnNodes.make (PLACE)"],
])("the frame `%s` reads `%s`", (frame, text) => {
  const [found] = userFrames(`Error: x\n    ${frame.replace("PLACE", PLACE)}\n    at node:internal/process:1:1`);
  expect(found).toMatchObject({ text: text.replace("PLACE", PLACE), file: "/flow/a.daggr.ts", line: 3, column: 7 });
});
