import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { command } from "./command.mjs";
import { cache, root } from "./paths.mjs";
import { chromium } from "./setup/chromium.mjs";
import { codeServer } from "./setup/codeServer.mjs";
import { gradio } from "./setup/gradio.mjs";

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {readonly string[]} failures one text for each: what has failed, and below it why
 *
 * @typedef {object} Layer
 * @property {string} name what `--only` calls it
 * @property {string} about
 * @property {readonly (() => Promise<unknown>)[]} [needs] installs what its tests use, outside of their time limits
 * @property {(filters: readonly string[]) => Promise<Outcome>} run filters are parts of test files' names; none means all
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
    run: (filters) => vitest("unit", "vitest.config.ts", filters, 15 * minute),
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

/** @returns {Promise<Outcome>} one for each tool */
async function lint() {
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  for (const [name = "", ...args] of [
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
    const result = await command(join(root, "node_modules", ".bin", name), args, { timeout: 5 * minute });
    if (result.ok) passed += 1;
    else failures.push(`${name}\n${endOf(result)}`);
    console.log(`${result.ok ? "passed" : `failed (${result.code})`}: ${name}`);
  }
  return { passed, failures };
}

/** @returns {Promise<Outcome>} */
async function build() {
  const result = await command(process.execPath, [join(root, "scripts", "package.mjs")], { timeout: 8 * minute });
  return result.ok ? { passed: 1, failures: [] } : { passed: 0, failures: [`package\n${endOf(result)}`] };
}

/**
 * @param {string} name
 * @param {string} config
 * @param {readonly string[]} filters
 * @param {number} timeout
 * @returns {Promise<Outcome>}
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
  const result = await command(join(root, "node_modules", ".bin", "vitest"), [...args, ...filters], { timeout });
  const outcome = existsSync(report)
    ? reported(JSON.parse(await readFile(report, "utf8")))
    : { passed: 0, failures: [] };
  // A file that doesn't load, a leaked error or a timeout is a failure even where every test that ran has passed.
  return result.ok || outcome.failures.length > 0 ? outcome : { ...outcome, failures: [`vitest\n${endOf(result)}`] };
}

/**
 * @param {object} report
 * @param {number} report.numPassedTests
 * @param {{ name: string; status: string; message: string; assertionResults: { status: string; fullName: string; failureMessages: string[] }[] }[]} report.testResults
 * @returns {Outcome}
 */
function reported({ numPassedTests, testResults }) {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    if (status === "failed" && assertionResults.length === 0) return [`${file}\n${beginningOf(message)}`];
    return assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${beginningOf(failureMessages.join("\n"))}`);
  });
  return { passed: numPassedTests, failures };
}

/**
 * @param {readonly string[]} filters
 * @returns {Promise<Outcome>}
 */
async function vscode(filters) {
  const result = await command(process.execPath, [join(root, "test", "vscode", "run.mjs"), ...filters], {
    timeout: 15 * minute,
  });
  const [, passed = "0", failed = "0"] = /^vscode: (\d+) passed, (\d+) failed$/m.exec(result.output) ?? [];
  // Below its counts, the suite's report numbers its failures: "  1) the suite".
  const failures = result.output
    .slice(result.output.search(/^ +\d+ failing$/m))
    .split(/^ {2}(?=\d+\) )/m)
    .slice(1, Number(failed) + 1)
    .map((text) => beginningOf(text));
  return {
    passed: Number(passed),
    failures: result.ok || failures.length > 0 ? failures : [`suite\n${endOf(result)}`],
  };
}

/** @param {string} text */
function beginningOf(text) {
  return text.trimEnd().split("\n").slice(0, 12).join("\n");
}

/** @param {{ output: string }} result */
function endOf({ output }) {
  return output.trimEnd().split("\n").slice(-12).join("\n");
}
