import { describe, expect, test } from "vitest";
import { inPage } from "./inPage.js";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "01-landscape.daggr.ts";

/** What must be read on a card and above it. */
const TEXTS = [
  ".card .name",
  ".card .badge",
  ".card .word",
  ".card .source .clip",
  ".card .reason",
  ".card .reason code",
  ".card .label",
  ".card .from button",
  ".card .measure",
  ".card .button.primary",
  ".card .prose p",
  ".toolbar .button:not(:disabled)",
  ".toolbar .summary",
];

interface Colours {
  readonly contrast: number;
  readonly words: string;
}

describe("how the graph looks", () => {
  const workbench = useWorkbench();

  test("runs from the keyboard alone, with the focus in sight", async () => {
    const { openFile, runCommand, canvas, page } = workbench.now;
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await canvas.fit();
    await canvas.runAll.focus();
    const focused = canvas.document.locator(":focus").first();
    const { run } = canvas.card("greeting");
    for (let presses = 0; (await run.and(canvas.document.locator(":focus")).count()) === 0; presses++) {
      expect(presses, "presses of Tab").toBeLessThan(80);
      await page.keyboard.press("Tab");
      // A ring, or the border of a field, or the outline of a card: never nothing.
      expect(
        await inPage<boolean>(focused, "hasFocusRing"),
        `${await focused.getAttribute("class")} after ${presses} presses`,
      ).toBe(true);
    }
    await page.keyboard.press("Enter");
    await canvas.card("greeting").becomes("fresh");
    await canvas.idle();
    expect(await canvas.counts()).toMatchObject({ greeting: 1, painting: 0 });
  });

  for (const [name, theme] of [
    ["dark", "Dark 2026"],
    ["light", "Light 2026"],
    ["high-contrast", "Dark High Contrast"],
    ["high-contrast-light", "Light High Contrast"],
  ] as const) {
    test(`can be read in the ${name} theme`, async () => {
      const { canvas, pickTheme, screenshot } = workbench.now;
      if (name === "dark") {
        await canvas.runEverything();
        await canvas.card("scene").field("place").fill("Windhover");
        await canvas.card("painting").becomes("stale");
        await canvas.card("greeting").run.click();
        await canvas.card("greeting").becomes("fresh");
      }
      await pickTheme(theme);
      const kind = { dark: "vscode-dark", light: "vscode-light" }[name as string] ?? `vscode-${name}`;
      await expect
        .poll(() => canvas.document.locator("body").getAttribute("class"), { timeout: PATIENCE })
        .toMatch(new RegExp(`(^| )${kind}( |$)`));
      await canvas.fit();
      await screenshot(name);
      const found: Colours[] = [];
      for (const text of TEXTS) {
        const elements = await canvas.document.locator(text).all();
        expect(elements.length, `elements that match ${text}`).toBeGreaterThan(0);
        for (const element of elements) found.push(await inPage<Colours>(element, "colours"));
      }
      expect(found.filter(({ contrast, words }) => words !== "" && contrast < 4.5)).toEqual([]);
    });
  }

  test("fits a narrow panel, with nothing beyond its card", async () => {
    const { canvas, page, screenshot } = workbench.now;
    await page.setViewportSize({ width: 1150, height: 900 });
    await expect.poll(async () => (await canvas.panel.boundingBox())!.width).toBeLessThan(500);
    const toolbar = canvas.document.getByRole("toolbar");
    expect(await inPage<string[]>(toolbar, "overflowing")).toEqual([]);
    for (const card of await canvas.document.locator("article.card").all())
      expect(await inPage<string[]>(card, "overflowing")).toEqual([]);
    await screenshot("narrow");
  });
});
