/** Draws `media/icon.png` from `media/icon.svg`, for the places that take no SVG: `node scripts/icon.mjs`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { root } from "./paths.mjs";
import { chromium, chromiumFlags } from "./setup/chromium.mjs";

const size = 128;
const svg = await readFile(join(root, "media", "icon.svg"), "utf8");
const browser = await playwright.launch({ executablePath: await chromium(), args: chromiumFlags });
try {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 }</style>${svg}`);
  await page.screenshot({ path: join(root, "media", "icon.png"), omitBackground: true });
} finally {
  await browser.close();
}
