import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** The checkout, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** Downloaded tools, test profiles and screenshots; ignored by git, safe to delete. */
export const cache = join(root, ".cache");

export const dist = join(root, "dist");

/** Node as the lock file names it, whatever the machine has. */
export const node = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
