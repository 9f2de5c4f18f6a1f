import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder where this user's programs keep what they can do without. Absolute. */
export function userCache(env: Environment, platform: string = process.platform): string {
  const given = platform === "win32" ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  // A relative path would lead into the workspace, which is where the runner works.
  if (given !== undefined && isAbsolute(given)) return given;
  const home = homedir();
  if (platform === "win32") return join(home, "AppData", "Local");
  return platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}
