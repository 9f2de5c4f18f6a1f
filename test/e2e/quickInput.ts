import type { Locator, Page } from "playwright-core";
import { vi } from "vitest";
import { PATIENCE } from "./patience.js";

/** How long something may take to show that a key or a click arrived, before it is pressed again. Milliseconds. */
const EFFECT = 3_000;

/**
 * VS Code's field over the window: for files, commands and lines. While it closes, or before its rows are there, it loses what
 * is pressed; a person would press again, and so does this.
 */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get field(): Locator {
    return this.#page.locator(".quick-input-widget:visible input");
  }

  /** Rows that contain this, from the top. */
  rows(text: string): Locator {
    return this.#page.locator(".quick-input-widget:visible .quick-input-list-row", { hasText: text });
  }

  /** Opens it by a key, types, and clicks the first row that contains `row`; it is closed then, or asks for more. */
  async choose(key: string, text: string, row: string): Promise<void> {
    await this.#again(async () => {
      await this.#type(key, text);
      await this.rows(row).first().click({ timeout: EFFECT });
      await this.#answered(text);
    });
  }

  /** Opens it by a key, types, and presses Enter. */
  async enter(key: string, text: string): Promise<void> {
    await this.#again(async () => {
      await this.#type(key, text);
      await this.field.press("Enter", { timeout: EFFECT });
      await this.#answered(text);
    });
  }

  async #type(key: string, text: string): Promise<void> {
    // It lists what was known when it opened, which just after a start lacks most.
    if (await this.field.isVisible()) await this.#page.keyboard.press("Escape");
    await this.#page.keyboard.press(key);
    await this.field.fill(text, { timeout: EFFECT });
  }

  async #answered(text: string): Promise<void> {
    await vi.waitFor(
      async () => {
        if ((await this.field.isVisible()) && (await this.field.inputValue({ timeout: EFFECT })) === text)
          throw new Error(`Nothing came of "${text}" in the quick input.`);
      },
      { timeout: EFFECT },
    );
  }

  #again(step: () => Promise<void>): Promise<void> {
    return vi.waitFor(step, { timeout: PATIENCE, interval: 200 });
  }
}
