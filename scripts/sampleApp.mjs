/** Starts the Gradio app that `sample-workflows/02-local-app.daggr.ts` calls; installs Gradio on first use. Ctrl+C ends it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { root } from "./paths.mjs";
import { gradio } from "./setup/gradio.mjs";

await bootstrap();
const app = spawn(await gradio(), [join(root, "sample-workflows", "local-app", "app.py")], {
  stdio: "inherit",
  env: { ...process.env, GRADIO_ANALYTICS_ENABLED: "False" },
});
// The terminal sends Ctrl+C to both: the app ends by it, and this with the app.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => app.kill());
app.on("exit", (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
