import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../../scripts/command.mjs";
import { cache, root } from "../../scripts/paths.mjs";
import { chromium } from "../../scripts/setup/chromium.mjs";
import { codeServer } from "../../scripts/setup/codeServer.mjs";
import { installExtension } from "../../scripts/workbench.mjs";

/** Where the tests' servers find the extension, installed from its package as a person would. */
export const extensions = join(cache, "e2e", "extensions");

export default async function install(): Promise<void> {
  await chromium();
  const server = await codeServer();
  const vsix = process.env.DAGGR_VSIX ?? join(root, "daggr.vsix");
  if (!existsSync(vsix)) {
    const packed = await command(process.execPath, [join(root, "scripts", "package.mjs")], { timeout: 300_000 });
    if (!packed.ok) throw new Error("The extension could not be packed.");
  }
  await rm(join(cache, "e2e"), { recursive: true, force: true });
  await installExtension(server, { userData: join(cache, "e2e", "install"), extensions }, vsix);
}
