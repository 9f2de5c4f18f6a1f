import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Canvas } from "./canvas.js";
import { inPage } from "./inPage.js";

/** One node's card. */
export class Card {
  readonly canvas: Canvas;
  readonly id: string;

  constructor(canvas: Canvas, id: string) {
    this.canvas = canvas;
    this.id = id;
  }

  get root(): Locator {
    return this.canvas.document.locator(`.svelte-flow__node[data-id="${this.id}"]`);
  }

  get title(): Locator {
    return this.root.locator(".card-header .name");
  }

  /** The word beside the mark in the header: `stale`, `failed`, or how long it took. */
  get status(): Locator {
    return this.root.locator("[data-status]");
  }

  /** Why it is stale, failed or blocked. */
  get reason(): Locator {
    return this.root.locator(".reason");
  }

  get run(): Locator {
    return this.root.getByRole("button", { name: "Run", exact: true });
  }

  get stop(): Locator {
    return this.root.getByRole("button", { name: "Stop", exact: true });
  }

  get failure(): Locator {
    return this.root.getByRole("group", { name: "Error" });
  }

  /** What shows an output's value. */
  output(label: string): Locator {
    const head = this.canvas.document.locator(`.label[title="${label}"]`);
    return this.root.locator(".block", { has: head }).locator(".value");
  }

  /** The field of an input's control. */
  field(port: string): Locator {
    return this.root.locator(`[data-control$=".${port}"] :is(input, textarea)`).first();
  }

  /** How often it was executed: the `[n]` of the header, 0 without one. */
  async count(): Promise<number> {
    const [, count = "0"] = /\[(\d+)\]/.exec(await this.root.locator(".card-header").innerText()) ?? [];
    return Number(count);
  }

  /** Waits until the status is one of a settled kind. */
  async becomes(tone: "fresh" | "stale" | "failed" | "running" | "quiet"): Promise<void> {
    await this.root.locator(`[data-status].${tone}`).waitFor();
  }

  /** The width in pixels of the picture that an output shows, once the browser has decoded it. */
  async pictureWidth(label: string): Promise<number> {
    const picture = this.output(label).locator("img");
    await picture.waitFor();
    return inPage(picture, "pictureWidth");
  }

  /** From the canvas's origin, in its own pixels, whatever part of it is in view. */
  async place(): Promise<string> {
    const style = (await this.root.getAttribute("style")) ?? "";
    const [, place] = /transform:\s*(translate\([^)]*\))/.exec(style) ?? [];
    expect(place, `the place of ${this.id} in "${style}"`).toBeDefined();
    return place!;
  }
}
