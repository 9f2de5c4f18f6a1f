import { expect, test } from "vitest";
import { editControl } from "../../../src/model/editedLists.js";
import type { RunRequest } from "../../../src/model/plan.js";
import { doesSameWork } from "../../../src/scheduler/sameWork.js";
import { graphOf, node, stored } from "./plannerWorkflow.js";

const list = { component: "ItemList", fields: { text: { component: "Textbox", props: {} } } } as const;
const graph = graphOf(
  node("write", {}, { outputs: [{ name: "lines", spec: list }] }),
  node("speak", { text: { edge: "write.lines", mode: "scatter" } }),
  node("apart"),
);
const to = (...targets: string[]): RunRequest => ({ scope: "to", targets, reuse: "fresh" });

test("work on a list that was edited meanwhile is other work, but not for what doesn't take the list", () => {
  const control = editControl("write", "lines", "0".repeat(64));
  const before = { graph, values: {} };
  const edited = { graph, values: { [control]: stored([{ text: "wasps" }]) } };
  const again = { graph, values: { [control]: stored([{ text: "bees" }]) } };
  expect(doesSameWork(before, edited, to("speak"))).toBe(false);
  expect(doesSameWork(edited, again, to("speak"))).toBe(false);
  expect(doesSameWork(edited, before, to("speak"))).toBe(false);
  expect(doesSameWork(edited, { ...edited, values: { ...edited.values } }, to("speak"))).toBe(true);
  expect(doesSameWork(before, edited, to("write", "apart"))).toBe(true);
});
