/** Runs the integration suite in a VS Code for the desktop, which `@vscode/test-electron` downloads: `npm run test:desktop`. */
import { runTests } from "@vscode/test-electron";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache, root } from "../../scripts/paths.mjs";
import { bundleSuite } from "./bundleSuite.mjs";
import { workspaceCopy } from "./workspace.mjs";

const suite = await bundleSuite({ only: process.argv[2] ?? "" });
const workspace = await workspaceCopy();
const profile = await mkdtemp(join(tmpdir(), "daggr-desktop-"));
try {
  const code = await runTests({
    cachePath: join(cache, "vscode-test"),
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    launchArgs: [
      workspace.folder,
      "--disable-workspace-trust",
      "--user-data-dir",
      profile,
      "--disable-extensions",
      "--no-sandbox",
    ],
  });
  process.exitCode = code;
} catch (error) {
  console.error(`VS Code for the desktop did not run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await workspace.remove();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}
