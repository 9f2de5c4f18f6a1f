import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { vi } from "vitest";
import { PATIENCE } from "./patience.js";
import type { QuickInput } from "./quickInput.js";

/** The code, as a person reads and edits it. */
export class Editor {
  readonly page: Page;
  readonly #folder: string;
  readonly #quickInput: QuickInput;

  constructor(page: Page, folder: string, quickInput: QuickInput) {
    this.page = page;
    this.#folder = folder;
    this.#quickInput = quickInput;
  }

  /** CodeLenses with exactly this text, from top to bottom. */
  codeLens(text: string): Locator {
    return this.page.locator(".codelens-decoration a").getByText(text, { exact: true });
  }

  /** The CodeLenses over a line of the file that was opened last; the cursor goes there. Waits until there are some. */
  async lensesOver(file: string, code: string): Promise<Locator> {
    await this.placeCursor(file, code);
    const lenses = this.page.locator(".codelens-decoration");
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await this.page.waitForTimeout(100)) {
      const cursor = await this.page.locator(".monaco-editor.focused .cursors-layer .cursor").first().boundingBox();
      for (const lens of await lenses.all()) {
        const box = await lens.boundingBox();
        if (!box || !cursor) continue;
        const above = cursor.y - box.y;
        if (above > 2 && above < 1.8 * cursor.height) {
          const id = await lens.getAttribute("widgetid");
          return this.page.locator(`.codelens-decoration[widgetid="${id ?? ""}"]`);
        }
      }
    }
    throw new Error(`There are no lenses over ${code}.`);
  }

  /**
   * Clicks a CodeLens over a line of the file that was opened last, until something shows. VS Code draws lenses anew whenever one
   * of their providers has other ones, and a click that falls into that moment goes nowhere.
   */
  async clickLens(file: string, code: string, text: string, effect: Locator): Promise<void> {
    await vi.waitFor(
      async () => {
        const lenses = await this.lensesOver(file, code);
        await lenses.getByText(text).click({ timeout: 3_000 });
        await effect.waitFor({ timeout: 10_000 });
      },
      { timeout: PATIENCE, interval: 200 },
    );
  }

  /** `Ln 3, Col 7` of the status bar. */
  async cursor(): Promise<{ line: number; column: number }> {
    const text = (await this.page.locator('[id="status.editor.selection"]').innerText()).trim();
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(text) ?? [];
    return { line: Number(line), column: Number(column) };
  }

  /** Where a text stands in a file as it is saved. */
  async find(file: string, text: string): Promise<{ line: number; column: number }> {
    const before = (await readFile(join(this.#folder, file), "utf8")).split(text)[0] ?? "";
    const lines = before.split("\n");
    return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
  }

  /** Puts the cursor of the file that was opened last before a text that it holds on disk. */
  async placeCursor(file: string, before: string): Promise<void> {
    const { line, column } = await this.find(file, before);
    const tab = this.page.locator(".tab", { hasText: file }).first();
    await tab.click();
    await this.#quickInput.enter("Control+G", `:${line}:${column}`);
  }

  /** Replaces a text by typing over it, and saves unless told not to. */
  async replace(file: string, text: string, by: string, { save = true } = {}): Promise<void> {
    await this.placeCursor(file, text);
    for (const _ of text) await this.page.keyboard.press("Shift+ArrowRight");
    if (by === "") await this.page.keyboard.press("Delete");
    else await this.page.keyboard.insertText(by);
    await this.page.locator(".tab.dirty", { hasText: file }).first().waitFor();
    if (save) await this.save(file);
  }

  async save(file: string): Promise<void> {
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab:not(.dirty)", { hasText: file }).first().waitFor();
  }
}
