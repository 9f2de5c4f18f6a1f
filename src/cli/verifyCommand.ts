import { count, size } from "../model/quantities.js";
import { Layout } from "../store/layout.js";
import { verifyFolder, type Verified } from "../store/verify.js";
import { coloursFor } from "./colours.js";
import { type CliContext, EXIT, type ExitCode } from "./context.js";
import { LiveLines } from "./liveLines.js";
import { plainText, shortText } from "./plainText.js";
import { shownPath } from "./workflowFile.js";

/**
 * `daggr verify`: reads all that is kept and says what is damaged or gone. Fails if anything is.
 *
 * @param folder - absolute path of the `.daggr` folder.
 */
export async function verifyCommand(
  folder: string,
  { json }: { readonly json: boolean },
  { stdout, stderr, cwd, env, interrupted }: CliContext,
): Promise<ExitCode> {
  let done = 0;
  const lines = new LiveLines(stderr, () => [`Checking… ${size(done)}`]);
  const checked = await verifyFolder(new Layout(folder), { signal: interrupted, progress: (bytes) => (done = bytes) });
  lines.close();
  if (!checked.ok) {
    const { reason, message, hint = "" } = checked.failure;
    stderr.write(`daggr: ${shortText(`${message} ${hint}`.trim(), 4000, "cut")}\n`);
    return reason === "cancelled" ? EXIT.interrupted : EXIT.failed;
  }
  const { problems } = checked.value;
  if (json) stdout.write(`${JSON.stringify(checked.value)}\n`);
  else {
    const { green, red, dim } = coloursFor(stdout, env);
    for (const { path, message } of problems)
      stdout.write(`${red("✗")} ${plainText(message)}\n  ${dim(plainText(path))}\n`);
    stdout.write(
      `${problems.length > 0 ? red(trouble(problems.length)) : green("All is whole")}: ${heldText(checked.value)} in ${shownPath(folder, cwd)}.\n`,
    );
    if (problems.length > 0)
      stdout.write(
        "What is damaged counts as absent: it is set aside when it is read, and made again when it is needed.\n",
      );
  }
  return problems.length > 0 ? EXIT.failed : EXIT.succeeded;
}

function trouble(problems: number): string {
  return problems === 1 ? "One thing is wrong" : `${problems} things are wrong`;
}

function heldText({ results, contents, bytes, entries }: Verified): string {
  const content = contents === 1 ? "1 file or large value" : `${contents.toLocaleString("en")} files and large values`;
  return `${count(results, "result")}, ${content} (${size(bytes)}), ${count(entries, "note")} about sheets`;
}
