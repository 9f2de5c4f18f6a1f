import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium as playwright, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { cache } from "../../scripts/paths.mjs";
import { freePort } from "../../scripts/server.mjs";
import { chromium, chromiumFlags } from "../../scripts/setup/chromium.mjs";
import { codeServer } from "../../scripts/setup/codeServer.mjs";
import { serveWorkbench, writeSettings } from "../../scripts/workbench.mjs";
import { workspaceCopy } from "../vscode/workspace.mjs";
import { Canvas } from "./canvas.js";
import { Editor } from "./editor.js";
import { inPage } from "./inPage.js";
import { extensions } from "./install.js";
import { PATIENCE } from "./patience.js";
import { daggrProcesses, type DaggrProcesses } from "./processes.js";
import { QuickInput } from "./quickInput.js";
import { Witness } from "./witness.js";

export interface WorkbenchOptions {
  /** Folder to work on a copy of, absolute; the samples unless given. */
  readonly source?: string;
  /** Changes the copy before it is opened. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** `false` opens it as a folder nobody has trusted yet, with VS Code's question about it. True unless given. */
  readonly trusted?: boolean;
  /** On top of those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** VS Code with the packaged extension, in a browser: what a person sees and can do. */
export interface Workbench {
  readonly page: Page;
  /** The copy that is open, absolute. */
  readonly folder: string;
  readonly editor: Editor;
  readonly canvas: Canvas;
  /** Through Quick Open; waits for the editor's tab. */
  readonly openFile: (name: string) => Promise<void>;
  /** Runs a command from the palette by its full title, such as `Daggr: Open Graph`. */
  readonly runCommand: (title: string) => Promise<void>;
  /** Messages in the lower right corner whose text contains this. */
  readonly message: (text: string | RegExp) => Locator;
  /** Daggr's processes of this workbench. */
  readonly processes: () => Promise<DaggrProcesses>;
  /** Picks a colour theme from VS Code's list. */
  readonly pickTheme: (label: string) => Promise<void>;
  /** Reloads the window and waits until it is usable again. */
  readonly reload: () => Promise<void>;
  /** Ends VS Code with all its processes, and starts it again as it was left. */
  readonly restart: () => Promise<void>;
  /** Writes `.cache/screenshots/NAME.png`. */
  readonly screenshot: (name: string) => Promise<void>;
  /** What the page, its requests and VS Code's logs say, for a test that failed. */
  readonly report: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Opens a workspace. Whoever opens one closes it; {@link useWorkbench} does so by itself. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const installed = await codeServer();
  const workspace = await workspaceCopy(options.source);
  const userData = await mkdtemp(join(tmpdir(), "daggr-profile-"));
  // As on the desktop; in a browser VS Code saves by itself.
  await writeSettings(userData, { "files.autoSave": "off", ...options.settings });
  const { folder } = workspace;
  await options.prepare?.(folder);
  const port = await freePort();
  const serve = () =>
    serveWorkbench(installed, { userData, extensions, folder, port, trusted: options.trusted ?? true });
  let server = await serve();
  const browser = await playwright.launch({ executablePath: await chromium(), args: [...chromiumFlags] });
  const page = await browser.newPage({ viewport: { width: 1800, height: 1150 } });
  page.setDefaultTimeout(PATIENCE);
  const witness = new Witness(page);

  const ready = () => page.locator(".monaco-workbench .explorer-folders-view").waitFor();
  await page.goto(server.address);
  await ready();

  const quickInput = new QuickInput(page);
  const runCommand = (title: string) => quickInput.choose("F1", `>${title}`, title);

  /** In a browser VS Code writes down what is open every five seconds, if it has nothing else to do; not when it is closed. */
  const keptPanels = async () => {
    const open = await page.locator(".tab[data-resource-name^='webview-daggr.canvas']").allTextContents();
    const titles = [...new Set(open)].sort();
    await expect.poll(() => inPage(page.locator("body"), "keptPanels"), { timeout: PATIENCE }).toEqual(titles);
  };

  return {
    page,
    folder,
    editor: new Editor(page, folder, quickInput),
    canvas: new Canvas(page),
    openFile: async (name) => {
      await quickInput.choose("Control+P", name, name);
      await page
        .locator(".tab", { hasText: name.split("/").at(-1) ?? name })
        .first()
        .waitFor();
    },
    runCommand,
    message: (text) => page.locator(".notifications-toasts .notification-list-item", { hasText: text }),
    processes: () => daggrProcesses(server.pid),
    pickTheme: async (label) => {
      await runCommand("Preferences: Color Theme");
      const input = quickInput.field;
      await input.fill(label);
      await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: label }).waitFor();
      await input.press("Enter");
      await input.waitFor({ state: "hidden" });
    },
    reload: async () => {
      await keptPanels();
      await page.reload();
      await ready();
    },
    restart: async () => {
      await keptPanels();
      // The page first, as when somebody closes the window: it writes down what it shows.
      await page.goto("about:blank");
      await server.stop();
      server = await serve();
      await page.goto(server.address);
      await ready();
    },
    screenshot: async (name) => {
      await mkdir(join(cache, "screenshots"), { recursive: true });
      await page.screenshot({ path: join(cache, "screenshots", `${name}.png`) });
    },
    report: () => witness.report(userData),
    close: async () => {
      await browser.close();
      await server.stop();
      await workspace.remove();
      await rm(userData, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** One workbench for the tests of a file, which follow on from each other. What was on screen when one failed is kept. */
export function useWorkbench(options: WorkbenchOptions = {}): { readonly now: Workbench } {
  let workbench: Workbench | undefined;
  beforeAll(async () => {
    workbench = await openWorkbench(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail" || !workbench) return;
    await workbench.screenshot(`failed-${task.name.replace(/\W+/g, "-")}`);
    console.log(`What was there when "${task.name}" failed:\n  ${await workbench.report()}`);
  });
  afterAll(() => workbench?.close());
  return {
    get now() {
      if (workbench === undefined) throw new Error("The workbench opens before the first test.");
      return workbench;
    },
  };
}
