/**
 * The Node bundles: what goes into `dist`, from which entry, in which module format.
 * @import { BuildOptions } from "esbuild"
 */

/** ESM has no `require`, `__filename` and `__dirname`; bundled CommonJS packages still ask for them. */
const commonJsNames = [
  'import { createRequire as __createRequire } from "node:module";',
  "const require = __createRequire(import.meta.url);",
  "const __bundleFile = import.meta.filename;",
  "const __bundleFolder = import.meta.dirname;",
].join("\n");

/** @type {BuildOptions} */
const shared = {
  bundle: true,
  platform: "node",
  target: "node22.15",
  sourcemap: "linked",
  sourcesContent: false,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  logOverride: { "empty-import-meta": "silent" },
};

/** @type {BuildOptions} */
const esm = {
  ...shared,
  format: "esm",
  outExtension: { ".js": ".mjs" },
  banner: { js: commonJsNames },
  define: { __filename: "__bundleFile", __dirname: "__bundleFolder" },
};

/**
 * `import … from "daggr"` is left to be resolved when the program runs: the runner and the workflow files it loads must share one
 * instance of the SDK, or `instanceof` and identity stop working.
 */
const sdkBesideBundle = {
  name: "sdk-beside-bundle",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    // Every chunk lies in `dist` itself, so one relative address is right for all of them.
    build.onResolve({ filter: /^daggr$|\/sdk\/index\.js$/ }, () => ({ path: "./sdk/index.mjs", external: true }));
    build.onResolve({ filter: /\/sdk\/runtime\.js$/ }, () => ({ path: "./sdk/runtime.mjs", external: true }));
  },
};

/**
 * @param {boolean} production smaller files; names of classes and functions stay, since people read them in stacks
 * @returns {Record<string, BuildOptions>}
 */
export function nodeBundles(production) {
  const minify = { minifyWhitespace: production, minifySyntax: production, lineLimit: 500 };
  return {
    // VS Code loads extensions as CommonJS; `vscode` is the host's own module.
    extension: {
      ...shared,
      ...minify,
      format: "cjs",
      entryPoints: { extension: "src/extension/main.ts" },
      outExtension: { ".js": ".cjs" },
      external: ["vscode"],
      outdir: "dist",
    },
    // One build, so that the engine's analysis and the runner's transpiler share the one compiler. Split, so that each process
    // loads what it needs when it first needs it.
    engine: {
      ...esm,
      ...minify,
      entryPoints: {
        engine: "src/engine/main.ts",
        cli: "src/cli/main.ts",
        runner: "src/runner/main.ts",
        // The compiler is an entry of its own because module hooks, which are synchronous, load it by its name.
        transpiler: "src/runner/loader/transpiler.ts",
      },
      splitting: true,
      chunkNames: "[name]-[hash]",
      plugins: [sdkBesideBundle],
      outdir: "dist",
    },
    // `index` is what authors import, `runtime` how the runner reads what they made; what both need is one shared chunk.
    sdk: {
      ...esm,
      ...minify,
      entryPoints: { index: "src/sdk/index.ts", runtime: "src/sdk/runtime.ts" },
      splitting: true,
      chunkNames: "[name]-[hash]",
      outdir: "dist/sdk",
    },
    // tsserver `require`s its plugins.
    tsPlugin: {
      ...shared,
      ...minify,
      format: "cjs",
      entryPoints: { index: "src/tsPlugin/main.ts" },
      outExtension: { ".js": ".cjs" },
      // esbuild puts a default export under `default`; tsserver wants the function itself.
      footer: { js: "module.exports = module.exports.default ?? module.exports;" },
      outdir: "dist/tsPlugin",
    },
  };
}
