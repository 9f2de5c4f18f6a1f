import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

/** What {@link run} leaves behind for the launcher, in the file that `DAGGR_SUITE_RESULTS` names. */
export interface SuiteResults {
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  /** What a person reads: every test in a line, failures with their stacks. */
  readonly report: string;
}

/**
 * The entry that VS Code calls in its extension host (`extensionTestsPath`), in the server build and on the desktop alike.
 *
 * @throws {Error} when a test has failed, which is how VS Code learns of it
 */
export async function run(): Promise<void> {
  const lines: string[] = [];
  // The console of an extension host is shared with the workbench and its noise; the report travels by itself.
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => void lines.push(format(...args));
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, color: false, reporter: "spec" });
  const folder = join(__dirname, "suite");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.cjs")))
    mocha.addFile(join(folder, file));

  const results = await new Promise<SuiteResults>((resolve) => {
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed, pending, report: lines.join("\n") });
    });
  });
  const resultsFile = process.env.DAGGR_SUITE_RESULTS;
  if (resultsFile !== undefined) writeFileSync(resultsFile, JSON.stringify(results));
  if (results.failed > 0) throw new Error(`${results.failed} of the integration tests failed.`);
}
