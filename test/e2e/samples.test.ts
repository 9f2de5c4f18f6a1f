import { readdir } from "node:fs/promises";
import { describe, expect } from "vitest";
import { test } from "./workbench.js";

describe("VS Code with the packaged extension", () => {
  test("opens a sample and its graph", async ({ workbench }) => {
    const [sample] = (await readdir(workbench.folder)).filter((name) => name.endsWith(".daggr.ts")).sort();
    expect(sample).toBeDefined();
    await workbench.openFile(sample!);
    await workbench.runCommand("Daggr: Open Graph");
    await workbench.webview().locator("body").waitFor();
    await expect.poll(() => workbench.webview().locator("body").innerText(), { timeout: 30_000 }).not.toBe("");
  });
});
