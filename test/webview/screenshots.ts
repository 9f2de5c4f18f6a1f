/**
 * Pictures of the canvas in every theme, to look at: `node test/webview/screenshots.ts FOLDER [scene …]` after
 * `node scripts/build.mjs webview` (run through a TypeScript loader).
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { laidOut, startHarness } from "./harness.js";
import { pair, SCENES } from "./scenes.js";
import type { ThemeName } from "./themes.js";

const [folder = "screenshots", ...wanted] = process.argv.slice(2);
const shots: readonly [scene: keyof typeof SCENES, theme: ThemeName, width: number, height: number][] = [
  ["studio", "dark", 1500, 940],
  ["studio", "light", 1500, 940],
  ["studio", "high-contrast", 1500, 940],
  ["studio", "dark", 420, 800],
  ["gallery", "dark", 1700, 1500],
  ["gallery", "light", 1700, 1500],
  ["gallery", "high-contrast-light", 1700, 1500],
  ["scattered", "dark", 1500, 1150],
  ["scattered", "light", 1500, 1150],
  ["scattered", "high-contrast", 1500, 1150],
  ["dialogue", "dark", 1000, 640],
  ["dialogue", "light", 1000, 640],
  ["untrusted", "dark", 900, 500],
  ["never", "light", 900, 500],
  ["last-good", "dark", 900, 500],
  ["hundred", "dark", 1500, 940],
  ["empty", "dark", 700, 400],
  ["broken", "light", 700, 400],
];

await mkdir(folder, { recursive: true });
const harness = await startHarness();
for (const [scene, theme, width, height] of shots) {
  if (wanted.length > 0 && !wanted.includes(scene)) continue;
  const canvas = await harness.open(pair(), { theme, width, height, prepare: SCENES[scene] });
  const { page, errors } = canvas;
  if (scene === "empty" || scene === "broken") await page.waitForSelector(".empty p");
  else await laidOut(page);
  await page.waitForTimeout(scene === "gallery" ? 2500 : 700);
  await page.screenshot({ path: join(folder, `${scene}-${theme}-${width}.png`) });
  for (const error of errors) console.error(`${scene} ${theme}: ${error}`);
  await canvas.close();
}
await harness.close();
