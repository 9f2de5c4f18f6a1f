import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { command } from "./command.mjs";
import { cache, root } from "./paths.mjs";
import { chromium } from "./setup/chromium.mjs";
import { codeServer } from "./setup/codeServer.mjs";
import { gradio } from "./setup/gradio.mjs";

/**
 * @typedef {{ passed: number; failed: number }} Count
 * @typedef {object} Layer
 * @property {string} name what `--only` calls it
 * @property {string} about
 * @property {readonly (() => Promise<unknown>)[]} [needs] installs what its tests use, outside of their time limits
 * @property {(filters: readonly string[]) => Promise<Count>} run filters are parts of test files' names; none means all
 */

const minute = 60_000;

/** In the order they run: what fails fast comes first. @type {readonly Layer[]} */
export const layers = [
  { name: "lint", about: "format, lint and types", run: lint },
  { name: "build", about: "bundles, npm package and .vsix", run: build },
  {
    name: "unit",
    about: "unit tests, with real servers",
    needs: [gradio],
    run: (filters) => vitest("unit", "vitest.config.ts", filters, 10 * minute),
  },
  {
    name: "canvas",
    about: "the canvas in a browser, with a host that the tests play",
    needs: [chromium],
    run: (filters) => vitest("canvas", "test/webview/vitest.config.ts", filters, 10 * minute),
  },
  { name: "vscode", about: "integration suite in a real VS Code", needs: [chromium, codeServer], run: vscode },
  {
    name: "e2e",
    about: "a person's paths in a browser",
    needs: [chromium, codeServer, gradio],
    run: (filters) => vitest("e2e", "test/e2e/vitest.config.ts", filters, 18 * minute),
  },
];

/** @returns {Promise<Count>} one for each tool */
async function lint() {
  const count = { passed: 0, failed: 0 };
  for (const [name, ...args] of [
    ["prettier", "--check", "--log-level", "warn", "."],
    ["eslint", "--max-warnings", "0", "."],
    ["tsc", "-p", "."],
    [
      "svelte-check",
      "--workspace",
      "webview",
      "--tsconfig",
      "./tsconfig.json",
      "--output",
      "human",
      "--fail-on-warnings",
    ],
  ]) {
    const { ok, code } = await command(join(root, "node_modules", ".bin", String(name)), args, { timeout: 5 * minute });
    console.log(`${ok ? "passed" : `failed (${code})`}: ${name}`);
    count[ok ? "passed" : "failed"] += 1;
  }
  return count;
}

/** @returns {Promise<Count>} */
async function build() {
  const { ok } = await command(process.execPath, [join(root, "scripts", "package.mjs")], { timeout: 8 * minute });
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {string} name
 * @param {string} config
 * @param {readonly string[]} filters
 * @param {number} timeout
 * @returns {Promise<Count>}
 */
async function vitest(name, config, filters, timeout) {
  const report = join(cache, "reports", `${name}.json`);
  await mkdir(join(cache, "reports"), { recursive: true });
  await rm(report, { force: true });
  const args = [
    "run",
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${relative(root, report)}`,
  ];
  const { ok } = await command(join(root, "node_modules", ".bin", "vitest"), [...args, ...filters], { timeout });
  const count = existsSync(report) ? countTests(JSON.parse(await readFile(report, "utf8"))) : { passed: 0, failed: 0 };
  // A file that doesn't load, a leaked error or a timeout is a failure even where every test that ran has passed.
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

/** @param {{ numPassedTests: number; numFailedTests: number; testResults: { status: string; assertionResults: unknown[] }[] }} report */
function countTests({ numPassedTests, numFailedTests, testResults }) {
  const notLoaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + notLoaded.length };
}

/**
 * @param {readonly string[]} filters
 * @returns {Promise<Count>}
 */
async function vscode(filters) {
  const { ok, output } = await command(process.execPath, [join(root, "test", "vscode", "run.mjs"), ...filters], {
    timeout: 15 * minute,
  });
  const [, passed = "0", failed = "0"] = /^vscode: (\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  const count = { passed: Number(passed), failed: Number(failed) };
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}
