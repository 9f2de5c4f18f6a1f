/** Installs everything that tests and `npm start` download, ahead of time: `node scripts/setup.mjs [code-server] [chromium] [gradio]`. */
import { bootstrap } from "./bootstrap.mjs";

await bootstrap();
const { codeServer } = await import("./setup/codeServer.mjs");
const { chromium } = await import("./setup/chromium.mjs");
const { gradio } = await import("./setup/gradio.mjs");

/** @type {Record<string, () => Promise<unknown>>} */
const steps = { "code-server": codeServer, chromium, gradio };
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(steps)) {
  const step = steps[name];
  if (step === undefined) throw new Error(`Unknown part ${name}; there are: ${Object.keys(steps).join(", ")}`);
  console.log(`${name}: ready (${JSON.stringify(await step())})`);
}
