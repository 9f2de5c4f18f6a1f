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

/** @type {{ name: string; passed: number; failed: number; seconds: number }[]} */
const results = [];
for (const { name, about, needs = [], run } of layers.filter((layer) => only?.includes(layer.name) ?? true)) {
  console.log(`\n── ${name}: ${about}`);
  const started = performance.now();
  for (const install of needs) await install();
  const count = await run(positionals);
  results.push({ name, ...count, seconds: Math.round((performance.now() - started) / 1000) });
}

console.log("");
for (const { name, passed, failed, seconds } of results) {
  console.log(
    `${name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${String(seconds).padStart(5)} s`,
  );
}
const sum = (/** @type {"passed" | "failed"} */ key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") === 0 && sum("passed") > 0 ? 0 : 1);
