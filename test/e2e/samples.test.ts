import { readdir } from "node:fs/promises";
import { describe, expect } from "vitest";
import { test } from "./workbench.js";

describe("VS Code with the packaged extension", () => {
  test("opens the samples and knows Daggr's commands", async ({ workbench }) => {
    const [sample] = (await readdir(workbench.folder)).filter((name) => name.endsWith(".daggr.ts")).sort();
    expect(sample).toBeDefined();
    await workbench.openFile(sample!);
    await workbench.page.keyboard.press("F1");
    await workbench.page.keyboard.type("Daggr: ");
    await workbench.page.locator(".quick-input-list-row", { hasText: "Daggr: Open Graph" }).first().waitFor();
  });
});
