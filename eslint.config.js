import js from "@eslint/js";
import boundaries from "eslint-plugin-boundaries";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

/** Who may import whom, folder by folder. What is not listed is forbidden; nobody may import a folder that no list names. */
const imports = {
  model: [],
  protocol: ["model"],
  sdk: ["model"],
  analysis: ["model"],
  store: ["model"],
  scheduler: ["model", "protocol", "store"],
  huggingface: ["model", "protocol", "store"],
  runner: ["model", "protocol", "sdk", "huggingface"],
  engine: ["model", "protocol", "analysis", "store", "scheduler", "huggingface"],
  cli: ["model", "protocol", "sdk", "analysis", "store", "scheduler", "huggingface", "engine"],
  extension: ["model", "protocol"],
  tsPlugin: [],
  webview: ["model", "protocol"],
};

/** Packages that only one folder may touch, with the reason its lint message gives. */
const vscodeOnlyInExtension = { name: "vscode", message: "Only src/extension may import vscode." };
const noNode = (/** @type {string} */ who) => ({ regex: "^node:", message: `${who} is pure: no node: imports.` });
const noDisk = {
  regex: "^node:(fs|child_process|net|http|https|worker_threads)",
  message: "Analysis is text in, data out: the caller reads files.",
};

const typed = ["src/**/*.ts", "webview/**/*.ts", "webview/**/*.svelte", "test/**/*.ts", "*.config.ts"];

export default ts.config(
  {
    ignores: ["dist/", ".cache/", "node_modules/", "test/fixtures/", "**/.daggr/", "**/*.d.ts"],
  },
  js.configs.recommended,
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
  {
    languageOptions: { ecmaVersion: 2024, globals: globals.node },
    rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }] },
  },
  {
    files: [...typed, "sample-workflows/**/*.ts"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: [".svelte"] },
    },
    rules: {
      "no-undef": "off", // the type checker knows better
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `return refuse(response)` is a clear way to end a branch.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Both shapes read well; which one depends on whether the shape is extended or computed.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      "@typescript-eslint/unified-signatures": "off",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // A test says what it expects by asserting; a null there fails the test, which is the point.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["sample-workflows/**/*.ts"],
    // The samples' own tsconfig leaves "daggr" to the editor's plugin; here it is the SDK beside them.
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.json" } },
    rules: { "@typescript-eslint/require-await": "off" },
  },
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: ts.parser, projectService: true, extraFileExtensions: [".svelte"] },
    },
  },
  {
    files: ["src/**/*.ts", "webview/**/*.ts", "webview/**/*.svelte"],
    plugins: { boundaries },
    settings: {
      "boundaries/elements": Object.keys(imports).map((type) => ({
        type,
        pattern: type === "webview" ? "webview" : `src/${type}`,
      })),
      "import/resolver": { [`${import.meta.dirname}/scripts/eslintResolver.cjs`]: {} },
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          message: "{{from.element.types}} may not import {{to.element.types}}: see ARCHITECTURE.md.",
          policies: [
            { allow: { to: { module: { origin: ["external", "core"] } } } },
            ...Object.entries(imports).map(([type, allowed]) => ({
              from: { element: { type } },
              allow: { to: { element: { types: { anyOf: [type, ...allowed] } } } },
            })),
            // Values too large for a message go straight to the blobs; results are the run's to write.
            {
              from: { element: { type: "runner" } },
              allow: { to: { element: { type: "store" }, file: { path: "src/store/{blob*,blob*/**,storedValue*}" } } },
            },
          ],
        },
      ],
      "no-restricted-imports": ["error", { paths: [vscodeOnlyInExtension] }],
    },
  },
  {
    files: ["src/model/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: "^[^.]", message: "The model imports nothing." }] }],
    },
  },
  {
    files: ["src/protocol/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { paths: [vscodeOnlyInExtension], patterns: [noNode("A protocol")] }] },
  },
  {
    files: ["src/analysis/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { paths: [vscodeOnlyInExtension], patterns: [noDisk] }] },
  },
  { files: ["src/extension/**/*.ts"], rules: { "no-restricted-imports": "off" } },
);
