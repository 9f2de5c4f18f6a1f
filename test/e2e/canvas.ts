import type { FrameLocator, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { Card } from "./card.js";
import { inPage } from "./inPage.js";
import { PATIENCE } from "./patience.js";

/** What a card showed at some moment. */
export interface Glimpse {
  readonly node: string;
  /** Of its status mark: `running`, `fresh` and so on. */
  readonly tone: string;
  readonly status: string;
  /** Characters in its outputs. */
  readonly length: number;
  /** Percent of the progress bar, where the share is known. */
  readonly progress: number | null;
}

/** The graph's panel, as a person sees it. */
export class Canvas {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The panel's frame in the workbench. */
  get panel(): Locator {
    return this.page.locator("iframe.webview.ready");
  }

  /** The panel's document, which sits two frames deep. */
  get document(): FrameLocator {
    return this.panel.contentFrame().frameLocator("iframe#active-frame");
  }

  /** @param id the node's id, the name of its variable */
  card(id: string): Card {
    return new Card(this, id);
  }

  /** Waits until the cards have been laid out. */
  async shown(): Promise<void> {
    await this.document.locator(".flow:not(.placing) article.card").first().waitFor();
  }

  /** Brings all cards into sight, by the toolbar. */
  async fit(): Promise<void> {
    await this.document.getByRole("button", { name: "Fit" }).click();
  }

  /** Ids of the cards, in the order of the graph. */
  async ids(): Promise<string[]> {
    const cards = await this.document.locator(".svelte-flow__node").all();
    const ids = await Promise.all(cards.map((card) => card.getAttribute("data-id")));
    return ids.flatMap((id) => id ?? []);
  }

  /** How often each node was executed. */
  async counts(): Promise<Record<string, number>> {
    const ids = await this.ids();
    return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await this.card(id).count()] as const)));
  }

  /** Notes from now on whatever the cards show; what is shown only for a moment is in {@link seen} all the same. */
  async watch(): Promise<void> {
    await inPage(this.document.locator("body"), "watchCards");
  }

  async seen(): Promise<Glimpse[]> {
    return inPage(this.document.locator("body"), "glimpses");
  }

  get runAll(): Locator {
    return this.document.getByRole("button", { name: "Run all" });
  }

  get stop(): Locator {
    return this.document.getByRole("toolbar").getByRole("button", { name: "Stop", exact: true });
  }

  /** What the toolbar says about the last run, or the one under way. */
  get summary(): Locator {
    return this.document.getByRole("toolbar").getByRole("status");
  }

  /** What lies between toolbar and graph to say something about all of it. */
  banner(text: string | RegExp): Locator {
    return this.document.locator(".banner", { hasText: text });
  }

  /** Runs everything that isn't fresh, by the toolbar, and waits for the end, whatever it is. */
  async runEverything(): Promise<void> {
    await this.runAll.click();
    await this.idle();
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    await expect.poll(() => this.summary.textContent(), { timeout: PATIENCE }).not.toMatch(/^(Starting.*|Running.*|)$/);
    await expect.poll(() => this.runAll.isEnabled(), { timeout: PATIENCE }).toBe(true);
  }

  /** Brings a card to where it can be read and pressed, by the search field. */
  async find(name: string): Promise<void> {
    await this.document.getByRole("button", { name: "Find (Ctrl+F)" }).click();
    const field = this.document.getByRole("textbox", { name: "Find in the graph" });
    await field.fill(name);
    await field.press("Escape");
    await field.waitFor({ state: "detached" });
  }
}
