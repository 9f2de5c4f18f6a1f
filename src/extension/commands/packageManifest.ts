import { type Result, failed, success } from "../../model/outcome.js";

/** What became of a package.json. */
export interface ManifestChange {
  readonly text: string;
  /** False: it was there already, and `text` is as before. */
  readonly changed: boolean;
}

/**
 * Adds a development dependency to a package.json, in the file's own indentation and line ends.
 *
 * @param text the file's; empty for one that isn't there yet
 */
export function addDevDependency(text: string, name: string, version: string): Result<ManifestChange, string> {
  let manifest: unknown;
  try {
    manifest = text.trim() === "" ? { private: true, type: "module" } : JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return failed(`It is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(manifest)) return failed("It does not hold an object.");
  for (const section of ["dependencies", "devDependencies", "peerDependencies"]) {
    const there = manifest[section];
    if (isObject(there) && name in there) return success({ text, changed: false });
  }
  const { devDependencies } = manifest;
  const before = isObject(devDependencies) ? devDependencies : {};
  const entries = Object.entries({ ...before, [name]: version }).sort(([a], [b]) => (a < b ? -1 : 1));
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  const written = `${JSON.stringify({ ...manifest, devDependencies: Object.fromEntries(entries) }, null, indent)}\n`;
  return success({ text: text.includes("\r\n") ? written.replaceAll("\n", "\r\n") : written, changed: true });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
