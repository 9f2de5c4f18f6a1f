import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "words.daggr.ts";

describe("editing a workflow beside its graph", () => {
  const workbench = useWorkbench({
    source: fileURLToPath(new URL("workflows/editing", import.meta.url)),
    // What is typed here is the whole edit.
    settings: {
      "editor.autoClosingBrackets": "never",
      "editor.autoClosingQuotes": "never",
      "editor.autoSurround": "never",
      "editor.autoIndent": "none",
      "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
    },
  });

  test('the types of "daggr" are there with nothing installed', async () => {
    const { openFile, editor, page } = workbench.now;
    await openFile(FILE);
    await editor.placeCursor(FILE, "Textbox({");
    await expect
      .poll(
        async () => {
          await page.keyboard.press("Escape");
          await page.keyboard.press("Control+K");
          await page.keyboard.press("Control+I");
          const hover = page.locator(".monaco-hover:visible", { hasText: /Textbox/ });
          await hover.first().waitFor({ timeout: 5_000 });
          return hover.first().innerText();
        },
        { timeout: PATIENCE },
      )
      .toMatch(/Textbox.*options.*TextboxOptions|Textbox.*Component/s);
    await page.keyboard.press("Escape");
    await expect.poll(() => problems(), { timeout: PATIENCE }).toEqual([]);
  });

  test("a title leads to the declaration, and the cursor marks its card", async () => {
    const { runCommand, editor, canvas, page } = workbench.now;
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await canvas.fit();
    await canvas.card("framed").title.click();
    await expect.poll(() => editor.cursor()).toEqual(await editor.find(FILE, "framed = new"));
    await expect.poll(marked).toEqual(["framed"]);
    await editor.placeCursor(FILE, "inputs: { text: gr.Textbox");
    await expect.poll(marked).toEqual(["upper"]);
    await page.keyboard.press("Control+End");
    await expect.poll(marked).toEqual([]);
  });

  test("text that cannot be read keeps the last graph, marked as such", async () => {
    const { editor, canvas, page } = workbench.now;
    await canvas.runEverything();
    expect(await canvas.card("framed").output("Framed").innerText()).toBe("[ QUIET WORDS ]");
    await editor.replace(FILE, "const framed", "const = framed", { save: false });
    const banner = canvas.banner("this is the last graph that could");
    await banner.waitFor();
    expect((await canvas.ids()).sort()).toEqual(["framed", "upper"]);
    expect(await canvas.card("framed").output("Framed").innerText()).toBe("[ QUIET WORDS ]");
    // Typing may count as several steps.
    await expect
      .poll(
        async () => {
          await page.keyboard.press("Control+Z");
          return banner.count();
        },
        { timeout: PATIENCE },
      )
      .toBe(0);
    await editor.save(FILE);
    await canvas.card("framed").becomes("fresh");
  });

  test("a misspelt port is marked, and the quick fix mends it", async () => {
    const { editor, canvas, page, folder } = workbench.now;
    await editor.replace(FILE, "upper.loud", "upper.lod", { save: false });
    await expect
      .poll(problems, { timeout: PATIENCE })
      .toContainEqual(expect.stringMatching(/lod.*Did you mean.*loud/s));
    await page.keyboard.press("ArrowLeft");
    const fix = page.locator(".action-widget .action-item, .action-widget .monaco-list-row", {
      hasText: "Change to `loud`",
    });
    await expect
      .poll(
        async () => {
          await page.keyboard.press("Escape");
          await page.keyboard.press("Control+.");
          await fix.first().waitFor({ timeout: 4_000 });
          return true;
        },
        { timeout: PATIENCE },
      )
      .toBe(true);
    await fix.first().click();
    await expect.poll(problems, { timeout: PATIENCE }).not.toContainEqual(expect.stringContaining("lod"));
    await editor.save(FILE);
    expect(await readFile(join(folder, FILE), "utf8")).toContain("inputs: { text: upper.loud }");
    await canvas.card("framed").becomes("fresh");
  });

  test("a new node leaves the others where they are", async () => {
    const { editor, canvas } = workbench.now;
    const before = await places(["upper", "framed"]);
    const added =
      "const twice = new FnNode(({ text }: { text: string }) => text + text, {\n" +
      '  inputs: { text: upper.loud },\n  outputs: { text: gr.Textbox({ label: "Twice" }) },\n});\n\n';
    await editor.replace(FILE, "[upper, framed]", "[upper, framed, twice]");
    await editor.replace(FILE, "export default", `${added}export default`);
    await canvas.card("twice").title.waitFor();
    await expect.poll(() => canvas.card("twice").root.getAttribute("class")).not.toContain("unplaced");
    expect(await places(["upper", "framed"])).toEqual(before);
    expect(new Set(Object.values(await places(["upper", "framed", "twice"]))).size).toBe(3);
    await canvas.runEverything();
    expect(await canvas.counts()).toEqual({ upper: 1, framed: 1, twice: 1 });
  });

  test("a node with another name is the same node", async () => {
    const { editor, canvas } = workbench.now;
    const before = await places(["upper", "framed", "twice"]);
    await editor.replace(FILE, "Upper case", "Capitals");
    await expect.poll(() => canvas.card("upper").title.innerText()).toBe("Capitals");
    expect(await places(["upper", "framed", "twice"])).toEqual(before);
    await canvas.card("upper").becomes("fresh");
  });

  test("a renamed variable leaves the others where they are, and finds its result again", async () => {
    const { editor, canvas, page } = workbench.now;
    const before = await places(["upper", "framed"]);
    await editor.placeCursor(FILE, "twice = new");
    const box = page.locator(".rename-box input");
    await expect
      .poll(
        async () => {
          await page.keyboard.press("F2");
          await box.waitFor({ timeout: 4_000 });
          return true;
        },
        { timeout: PATIENCE },
      )
      .toBe(true);
    await box.fill("doubled");
    await box.press("Enter");
    await canvas.card("doubled").title.waitFor();
    await editor.save(FILE);
    expect((await canvas.ids()).sort()).toEqual(["doubled", "framed", "upper"]);
    expect(await places(["upper", "framed"])).toEqual(before);
    await canvas.runEverything();
    await canvas.card("doubled").becomes("fresh");
    expect(await canvas.card("doubled").output("Twice").innerText()).toBe("QUIET WORDSQUIET WORDS");
    expect(await canvas.card("doubled").status.innerText()).toBe("reused");
  });

  test("a node that lacks what feeds it has it made first, and no more", async () => {
    const { editor, canvas } = workbench.now;
    await editor.replace(FILE, "({ loud:", "({ shouted:");
    await editor.replace(FILE, "outputs: { loud:", "outputs: { shouted:");
    for (const _ of [1, 2]) await editor.replace(FILE, "upper.loud", "upper.shouted");
    await canvas.card("upper").becomes("stale");
    await editor.clickLens(
      FILE,
      "const framed",
      "▷ Run node",
      canvas.card("framed").root.locator("[data-status].fresh"),
    );
    await canvas.idle();
    expect(await canvas.counts()).toMatchObject({ upper: 2 });
  });

  /** The messages of the Problems view. */
  async function problems(): Promise<string[]> {
    const { page } = workbench.now;
    const panel = page.locator(".markers-panel");
    if (!(await panel.isVisible())) await page.keyboard.press("Control+Shift+M");
    await panel.waitFor();
    // All at once, for they come and go.
    return panel.locator(".monaco-list-row .marker-message-line").allTextContents();
  }

  /** Ids of the cards that are marked as the cursor's. */
  async function marked(): Promise<string[]> {
    const { canvas } = workbench.now;
    const cards = await canvas.document
      .locator(".svelte-flow__node", { has: canvas.document.locator(".card.here") })
      .all();
    const ids = await Promise.all(cards.map((card) => card.getAttribute("data-id")));
    return ids.flatMap((id) => id ?? []);
  }

  async function places(ids: readonly string[]): Promise<Record<string, string>> {
    const { canvas } = workbench.now;
    return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await canvas.card(id).place()] as const)));
  }
});
