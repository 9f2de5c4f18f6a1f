import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "telltale.daggr.ts";

describe("a folder that nobody has trusted yet", () => {
  const workbench = useWorkbench({
    source: fileURLToPath(new URL("workflows/untrusted", import.meta.url)),
    trusted: false,
    settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
    prepare: async (folder) => {
      const file = join(folder, FILE);
      await writeFile(file, (await readFile(file, "utf8")).replace("shout.text", "shout.texxt"));
    },
  });

  test("shows the graph and what is wrong in the code", async () => {
    const { openFile, editor, canvas } = workbench.now;
    await openFile(FILE);
    const lenses = await editor.lensesOver(FILE, "new Graph(");
    expect(await lenses.innerText()).toContain("Trust this workspace to run");
    expect(await lenses.innerText()).not.toContain("Run all");
    await editor.clickLens(FILE, "new Graph(", "Open graph", canvas.panel);
    await canvas.shown();
    expect((await canvas.ids()).sort()).toEqual(["echo", "shout"]);
    await canvas.document.getByRole("button", { name: "Findings in the code" }).click();
    const finding = canvas.document.getByRole("menuitem", { name: /texxt/ });
    expect(await finding.innerText()).toMatch(/Did you mean/);
    await finding.press("Escape");
  });

  test("runs nothing, whichever way it is asked", async () => {
    const { canvas, page, runCommand, message, processes, folder } = workbench.now;
    expect(await canvas.runAll.isDisabled()).toBe(true);
    expect(await canvas.card("shout").run.isDisabled()).toBe(true);
    await canvas.card("shout").root.focus();
    await page.keyboard.press("Control+Enter");
    await runCommand("Daggr: Run All");
    await message("have not trusted yet").first().waitFor();
    const { engines, runners } = await processes();
    expect(engines).toHaveLength(1);
    expect(runners).toEqual([]);
    expect(existsSync(join(folder, "loaded.txt"))).toBe(false);
    expect(existsSync(join(folder, ".daggr"))).toBe(false);
  });

  test.each(["Control+Enter", "Control+Shift+Enter", "Shift+Enter"])(
    "%s asks for trust and edits nothing",
    async (key) => {
      const { openFile, editor, page, message, folder } = workbench.now;
      const clearNotices = async () => {
        while ((await message("have not trusted yet").count()) > 0) {
          await message("have not trusted yet").first().hover();
          await page.locator(".notification-toast .codicon-notifications-clear").first().click();
        }
      };
      await openFile(FILE);
      await clearNotices();
      await editor.placeCursor(FILE, "inputs: { text: shout");
      await page.keyboard.press(key);
      await message("have not trusted yet").first().waitFor();
      expect(await page.locator(".tab.dirty").count()).toBe(0);
      expect(existsSync(join(folder, "loaded.txt"))).toBe(false);
      await clearNotices();
    },
  );

  test("runs once it is trusted", async () => {
    const { canvas, page, editor, folder } = workbench.now;
    await canvas.banner("Restricted Mode").getByRole("button", { name: "Trust this workspace" }).click();
    await page.locator(".workspace-trust-editor").getByText("Trust", { exact: true }).first().click();
    await canvas.banner("Restricted Mode").waitFor({ state: "detached" });
    await page.locator(".monaco-modal-editor-block .codicon-close").first().click();
    await page.locator(".workspace-trust-editor").waitFor({ state: "hidden" });
    await editor.replace(FILE, "shout.texxt", "shout.text");
    await expect.poll(() => canvas.runAll.isEnabled(), { timeout: PATIENCE }).toBe(true);
    await canvas.runEverything();
    expect(await canvas.card("echo").output("Echo").innerText()).toBe("trust me! trust me!");
    expect(existsSync(join(folder, "loaded.txt"))).toBe(true);
    expect(existsSync(join(folder, ".daggr", ".gitignore"))).toBe(true);
  });
});
