/**
 * All tests: `npm test`, or single layers: `npm test -- --only unit,lint`. Further words choose test files by name.
 * Ends with one line, `N passed, N failed`, over all layers.
 */
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { layers } from "./layers.mjs";

await bootstrap();

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => process.exit(130));

// Tests talk to this machine alone; what an app offers is looked up only where a test is about that.
process.env["HF_HUB_OFFLINE"] = "1";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", multiple: true } },
});
const only = values.only?.flatMap((names) => names.split(","));
const unknown = only?.filter((name) => !layers.some((layer) => layer.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(`Unknown layer ${unknown.join(", ")}; there are: ${layers.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

/** @type {(import("./layers.mjs").Outcome & { name: string; seconds: number })[]} */
const results = [];
for (const { name, about, needs = [], run } of layers.filter((layer) => only?.includes(layer.name) ?? true)) {
  console.log(`\n── ${name}: ${about}`);
  const started = performance.now();
  for (const install of needs) await install();
  const outcome = await run(positionals);
  results.push({ name, ...outcome, seconds: Math.round((performance.now() - started) / 1000) });
}

// Told again at the very end: what keeps only the last lines of a long log still says what has failed.
for (const { name, failures } of results) for (const failure of failures) console.log(`\nFailed, ${name}: ${failure}`);

console.log("");
for (const { name, passed, failures, seconds } of results) {
  console.log(
    `${name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failures.length).padStart(4)} failed ${String(seconds).padStart(5)} s`,
  );
}
const passed = results.reduce((total, result) => total + result.passed, 0);
const failed = results.reduce((total, { failures }) => total + failures.length, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
