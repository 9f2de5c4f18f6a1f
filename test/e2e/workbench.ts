import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium as playwright, type FrameLocator, type Locator, type Page } from "playwright-core";
import { test as base } from "vitest";
import { cache } from "../../scripts/paths.mjs";
import { freePort } from "../../scripts/server.mjs";
import { chromium, chromiumFlags } from "../../scripts/setup/chromium.mjs";
import { codeServer } from "../../scripts/setup/codeServer.mjs";
import { serveWorkbench, writeSettings } from "../../scripts/workbench.mjs";
import { workspaceCopy } from "../vscode/workspace.mjs";
import { extensions } from "./install.js";

export interface WorkbenchOptions {
  /** Folder to work on a copy of, absolute; the samples unless given. */
  readonly source?: string;
  /** `false` opens it as a folder nobody has trusted yet, with VS Code's question about it. True unless given. */
  readonly trusted?: boolean;
  /** On top of those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** For the server and with it the extension host. */
  readonly env?: NodeJS.ProcessEnv;
}

/** VS Code with the packaged extension, in a browser: what a person sees and can do. */
export interface Workbench {
  readonly page: Page;
  /** The copy that is open, absolute. */
  readonly folder: string;
  /** Through Quick Open; waits for the editor's tab. */
  openFile(name: string): Promise<void>;
  /** Runs a command from the palette by its full title, such as `Daggr: Open Graph`. */
  runCommand(title: string): Promise<void>;
  /** CodeLenses whose text contains this. */
  codeLens(text: string): Locator;
  /** The document within a webview panel, which sits two frames deep. */
  webview(): FrameLocator;
  /** Reloads the window and waits until it is usable again. */
  reload(): Promise<void>;
  /** Writes `.cache/screenshots/NAME.png`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a workspace. Whoever opens one closes it; {@link test} does so by itself. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const installed = await codeServer();
  const workspace = await workspaceCopy(options.source);
  const userData = await mkdtemp(join(tmpdir(), "daggr-profile-"));
  await writeSettings(userData, options.settings);
  const { folder } = workspace;
  const server = await serveWorkbench(installed, {
    userData,
    extensions,
    folder,
    port: await freePort(),
    trusted: options.trusted ?? true,
    ...(options.env ? { env: options.env } : {}),
  });
  const browser = await playwright.launch({ executablePath: await chromium(), args: [...chromiumFlags] });
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });

  const ready = () => page.locator(".monaco-workbench .explorer-folders-view").waitFor({ timeout: 60_000 });
  await page.goto(server.address);
  await ready();

  const pick = async (key: string, text: string) => {
    await page.keyboard.press(key);
    const input = page.locator(".quick-input-widget:visible input");
    await input.waitFor();
    await input.fill(text);
  };

  return {
    page,
    folder,
    openFile: async (name) => {
      await pick("Control+P", name);
      await page.locator(".quick-input-list-row", { hasText: name }).first().click();
      await page.locator(".tab", { hasText: name.split("/").at(-1) ?? name }).waitFor();
    },
    runCommand: async (title) => {
      const row = page.locator(".quick-input-list-row", { hasText: title }).first();
      // The palette lists what was known when it opened; just after a start it may have to be opened again.
      for (let attempt = 1; ; attempt++) {
        await pick("F1", `>${title}`);
        const shown = await row.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => false,
        );
        if (shown) return row.click();
        if (attempt === 15) throw new Error(`The palette has no command "${title}".`);
        await page.keyboard.press("Escape");
      }
    },
    codeLens: (text) => page.locator(".codelens-decoration a", { hasText: text }),
    webview: () => page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame"),
    reload: async () => {
      await page.reload();
      await ready();
    },
    screenshot: async (name) => {
      await mkdir(join(cache, "screenshots"), { recursive: true });
      await page.screenshot({ path: join(cache, "screenshots", `${name}.png`) });
    },
    close: async () => {
      await browser.close();
      await server.stop();
      await workspace.remove();
      await rm(userData, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A test with the samples open. When it fails, what was on screen is kept. */
export const test = base.extend<{ workbench: Workbench }>({
  workbench: async ({ task }, use) => {
    const workbench = await openWorkbench();
    await use(workbench);
    if (task.result?.state === "fail") await workbench.screenshot(task.name.replace(/\W+/g, "-"));
    await workbench.close();
  },
});
