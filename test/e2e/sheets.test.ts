import { describe, expect, test } from "vitest";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "01-landscape.daggr.ts";

describe("sheets: several sets of inputs and results of one file", () => {
  const workbench = useWorkbench();
  const menu = () => workbench.now.canvas.document.getByRole("toolbar").getByRole("button", { name: /^Sheet: / });
  const name = () => expect.poll(() => menu().innerText(), { timeout: PATIENCE });
  const place = () =>
    expect.poll(() => workbench.now.canvas.card("scene").field("place").inputValue(), { timeout: PATIENCE });

  const postcard = () =>
    expect.poll(() => workbench.now.canvas.card("postcard").status.innerText(), { timeout: PATIENCE });

  async function choose(role: "menuitem" | "menuitemradio", item: string | RegExp): Promise<void> {
    await menu().click();
    await workbench.now.canvas.document.getByRole(role, { name: item }).click();
  }

  /** Types into the box at the top of the window. */
  async function answer(title: string, text: string): Promise<void> {
    const { page } = workbench.now;
    const box = page.locator(".quick-input-widget", { hasText: title });
    await box.locator("input").first().fill(text);
    await page.keyboard.press("Enter");
    await box.waitFor({ state: "hidden" });
  }

  test("a copy begins as its original, and then goes its own way", async () => {
    const { openFile, editor, canvas } = workbench.now;
    await openFile(FILE);
    await editor.clickLens(FILE, "new Graph(", "Open graph", canvas.panel);
    await canvas.shown();
    await name().toBe("main");
    await canvas.card("scene").field("place").fill("Windhover");
    await canvas.runEverything();
    await choose("menuitem", "Duplicate…");
    await answer("Duplicate “main”", "Night / 夜");
    await name().toBe("Night / 夜");
    await place().toBe("Windhover");
    await canvas.card("postcard").becomes("fresh");
    await canvas.card("scene").field("place").fill("Saltmarsh");
    await canvas.card("postcard").becomes("stale");

    await choose("menuitemradio", "main");
    await name().toBe("main");
    await place().toBe("Windhover");
    await canvas.card("postcard").becomes("fresh");
  });

  test("a reloaded window, and VS Code opened again, show the sheet that was in use", async () => {
    const { canvas, reload, restart } = workbench.now;
    await choose("menuitemradio", "Night / 夜");
    await place().toBe("Saltmarsh");
    await reload();
    await canvas.shown();
    await name().toBe("Night / 夜");
    await place().toBe("Saltmarsh");
    await restart();
    await canvas.shown();
    await name().toBe("Night / 夜");
    await place().toBe("Saltmarsh");
    await canvas.card("postcard").becomes("stale");
  });

  test("a deleted sheet comes back with everything, from its message", async () => {
    const { canvas, message } = workbench.now;
    await choose("menuitem", /^Delete$/);
    await name().toBe("main");
    const told = message("Sheet “Night / 夜” was deleted.");
    await told.getByRole("button", { name: "Undo" }).click();
    await name().toBe("Night / 夜");
    await place().toBe("Saltmarsh");
    await canvas.card("postcard").becomes("stale");
  });

  test("the palette does the same: a name that is taken is refused as it is typed, and a reset sheet is empty", async () => {
    const { canvas, page, runCommand } = workbench.now;
    await runCommand("Daggr: New Sheet…");
    const box = page.locator(".quick-input-widget", { hasText: "New Sheet" });
    await box.locator("input").first().fill("main");
    await box.getByText("There is a sheet “main” already.").waitFor();
    await box.locator("input").first().fill("third");
    await page.keyboard.press("Enter");
    await name().toBe("third");
    await postcard().toBe("not run");
    await runCommand("Daggr: Switch Sheet…");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "main" }).click();
    await name().toBe("main");
    await runCommand("Daggr: Reset Sheet");
    await postcard().toBe("not run");
    await name().toBe("main");
    await workbench.now.message("Sheet “main” was reset.").getByRole("button", { name: "Undo" }).click();
    await place().toBe("Windhover");
    await canvas.card("postcard").becomes("fresh");
  });
});
