import { chromium as playwright, type Browser, type Locator, type Page } from "playwright-core";
import { chromium, chromiumFlags } from "../../scripts/setup/chromium.mjs";
import type { WorkflowState } from "../../src/model/workflowState.js";
import type { CanvasView } from "../../src/model/canvasView.js";
import { FakeHost } from "./fakeHost.js";
import { servePage, type PageServer } from "./pageServer.js";
import type { ThemeName } from "./themes.js";

/** The built canvas in Chromium, with a host that the test plays. */
export interface Harness {
  open(state: WorkflowState, options?: OpenOptions): Promise<OpenCanvas>;
  readonly server: PageServer;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
  /** How the file's last canvas was left. */
  readonly view?: CanvasView;
  /** Called before the page loads: files and large values that the state names. */
  readonly prepare?: (host: FakeHost) => WorkflowState;
  /** A file of the page that never comes, by the end of its address. */
  readonly lost?: string;
  /** Errors on the page's console that begin like this are expected; any other fails the test. */
  readonly expected?: string;
}

export interface OpenCanvas {
  readonly page: Page;
  readonly host: FakeHost;
  /** What the page wrote to its console as an error, Content Security Policy violations included. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const server = await servePage();
  const browser: Browser = await playwright.launch({ executablePath: await chromium(), args: [...chromiumFlags] });
  return {
    server,
    open: async (
      state,
      { theme = "dark", width = 1500, height = 940, reducedMotion = true, prepare, view, lost } = {},
    ) => {
      const context = await browser.newContext({
        viewport: { width, height },
        reducedMotion: reducedMotion ? "reduce" : "no-preference",
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const errors: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
      const host = new FakeHost(state, server);
      if (prepare) host.state = prepare(host);
      await host.attach(page);
      if (lost) await page.route(`**/${lost}`, () => undefined);
      await page.goto(server.page(theme, view));
      return { page, host, errors, close: () => context.close() };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Opens a canvas for as long as `use` takes, with its cards laid out. Fails where the page reported an error. */
export async function visit(
  harness: Harness,
  state: WorkflowState,
  use: (canvas: OpenCanvas & { card: (id: string) => Locator }) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const canvas = await harness.open(state, options);
  try {
    if (canvas.host.state.graph) await laidOut(canvas.page);
    await use({ ...canvas, card: (id) => canvas.page.locator(`.svelte-flow__node[data-id="${id}"]`) });
    const unexpected = canvas.errors.filter((error) => !options.expected || !error.startsWith(options.expected));
    if (unexpected.length > 0) throw new Error(`The page reported:\n${unexpected.join("\n")}`);
  } finally {
    await canvas.close();
  }
}

/** Waits until the cards have been laid out. */
export async function laidOut(page: Page): Promise<void> {
  await page.waitForSelector(".flow:not(.placing) .card");
}
