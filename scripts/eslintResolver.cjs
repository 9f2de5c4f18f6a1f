/**
 * Lets the import boundaries follow `./graph.js` to `graph.ts`, as TypeScript does.
 * Loaded by eslint-module-utils, which asks for CommonJS and this interface.
 */
const { existsSync } = require("node:fs");
const { isBuiltin } = require("node:module");
const { dirname, resolve } = require("node:path");

exports.interfaceVersion = 2;

/**
 * @param {string} source what the import says
 * @param {string} file the importing file, absolute
 * @returns {{ found: boolean; path?: string | null }}
 */
exports.resolve = (source, file) => {
  if (isBuiltin(source)) return { found: true, path: null };
  if (source === "daggr") return { found: true, path: resolve(__dirname, "../src/sdk/index.ts") };
  if (!source.startsWith(".")) return { found: false };
  const path = resolve(dirname(file), source);
  const candidates = [path, path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".svelte.ts")];
  const found = candidates.find((candidate) => existsSync(candidate));
  return found === undefined ? { found: false } : { found: true, path: found };
};
