import { expect, test } from "vitest";
import { workspaceRoot } from "../../../src/engine/workspaceRoot.js";

test.each([
  ["the workspace folder that contains it", "/home/me/flows/a/x.daggr.ts", ["/home/me/flows"], "/home/me/flows"],
  ["the nearest of nested ones", "/home/me/flows/a/x.daggr.ts", ["/home/me", "/home/me/flows/a"], "/home/me/flows/a"],
  ["its own folder outside of all", "/tmp/x.daggr.ts", ["/home/me"], "/tmp"],
  ["not a folder that merely begins alike", "/home/me2/x.daggr.ts", ["/home/me"], "/home/me2"],
  ["folders that begin with two dots are folders like others", "/home/me/..a/x.daggr.ts", ["/home/me"], "/home/me"],
])("a workflow is kept in %s", (_what, file, roots, root) => {
  expect(workspaceRoot(file, roots)).toBe(root);
});
