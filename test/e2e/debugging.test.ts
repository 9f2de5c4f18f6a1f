import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { useWorkbench } from "./workbench.js";

const FILE = "words.daggr.ts";

describe("debugging a node", () => {
  const workbench = useWorkbench({ source: fileURLToPath(new URL("workflows/editing", import.meta.url)) });

  test("stops at a breakpoint in the workflow's own file, and goes on to a kept result", async () => {
    const { openFile, runCommand, editor, canvas, page } = workbench.now;
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await editor.placeCursor(FILE, "({ loud: text");
    await page.keyboard.press("Shift+F9");
    await page.locator(".codicon-debug-breakpoint-unverified, .codicon-debug-breakpoint").first().waitFor();
    await runCommand("Daggr: Debug Node");
    // The node at the cursor comes first.
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Upper case" }).click();
    const stack = page.locator(".debug-call-stack");
    const top = stack.locator(".monaco-list-row", { hasText: FILE }).first();
    await top.waitFor();
    await canvas.card("upper").becomes("running");
    await page.locator(".debug-variables .monaco-list-row", { hasText: "Local" }).click();
    await page.locator(".debug-variables", { hasText: /text.*quiet.words/s }).waitFor();
    await page.keyboard.press("F5");
    await canvas.card("upper").becomes("fresh");
    await stack.waitFor({ state: "hidden" });
    expect(await canvas.card("upper").output("Loud").innerText()).toBe("QUIET WORDS");
    expect(await canvas.counts()).toEqual({ upper: 1, framed: 0 });
  });

  test("a run after that needs no debugger", async () => {
    const { canvas } = workbench.now;
    await canvas.runEverything();
    await canvas.card("framed").becomes("fresh");
    expect(await canvas.counts()).toEqual({ upper: 1, framed: 1 });
  });
});
