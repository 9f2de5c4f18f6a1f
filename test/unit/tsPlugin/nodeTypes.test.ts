import ts from "typescript";
import { expect, test, vi } from "vitest";

vi.mock("node:fs", async (original) => ({
  ...(await original<object>()),
  // The declarations that the extension brings.
  existsSync: () => true,
}));

const { giveNodeTypes } = await import("../../../src/tsPlugin/nodeTypes.js");

test("the disk is not searched at every key", () => {
  const resolveTypeReferenceDirective = vi.fn(ts.resolveTypeReferenceDirective);
  const languageServiceHost = { getScriptFileNames: () => ["/nowhere/a.daggr.ts"] };
  const project = { projectKind: ts.server.ProjectKind.Inferred };
  giveNodeTypes(
    { ...ts, resolveTypeReferenceDirective },
    { languageServiceHost, project } as unknown as ts.server.PluginCreateInfo, // what it uses of it
  );
  vi.useFakeTimers();
  try {
    for (let key = 0; key < 20; key++) expect(languageServiceHost.getScriptFileNames()).toHaveLength(2);
    expect(resolveTypeReferenceDirective).toHaveBeenCalledTimes(1);
    // Whoever installs them need not start anew.
    vi.advanceTimersByTime(10_000);
    languageServiceHost.getScriptFileNames();
    expect(resolveTypeReferenceDirective).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
