import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type CliContext, EXIT, type ExitCode, type Refusal } from "./context.js";
import { graphCommand } from "./graphCommand.js";
import { shortText } from "./plainText.js";
import { runCommand, type RunOptions } from "./runCommand.js";
import { SHEET_ACTIONS, sheetsCommand } from "./sheetsCommand.js";
import { verifyCommand } from "./verifyCommand.js";
import { storeFolder, workflowFile } from "./workflowFile.js";

/** Carries out a command line, without the program's name; answers the exit code. */
export async function cli(args: readonly string[], context: CliContext): Promise<number> {
  const { stdout, stderr } = context;
  let exitCode: ExitCode = EXIT.succeeded;

  const withFile = async (written: string, act: (file: string) => Promise<ExitCode>): Promise<void> => {
    const file = workflowFile(written, context.cwd);
    exitCode = file.ok ? await act(file.value) : refuse(file.failure, context);
  };

  const program = new Command("daggr")
    .description("Reads and runs workflows of Gradio apps, models and functions written in TypeScript.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, "daggr:")),
    })
    .showHelpAfterError("(--help tells what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 succeeded, 1 failed, 2 wrong usage, 130 interrupted.\nColours follow NO_COLOR and FORCE_COLOR.",
    );

  program
    .command("graph")
    .description("show a workflow's graph and what is wrong with it, without running any of its code")
    .argument("<file>", "the workflow, such as name.daggr.ts")
    .option("--json", "print one JSON object", false)
    .action((file: string, options: { json: boolean }) =>
      withFile(file, (path) => graphCommand(path, options, context)),
    );

  program
    .command("run")
    .description("run a workflow: progress goes to stderr, outputs to stdout")
    .argument("<file>", "the workflow, such as name.daggr.ts")
    .addOption(
      new Option("--to <node>", "run this node and what it needs; may be repeated")
        .argParser(collect)
        .default([], "the whole graph")
        .conflicts("only"),
    )
    .addOption(
      new Option("--only <node>", "run this node alone, on the results that are there").argParser(
        once("name one node, or use --to, which may be repeated"),
      ),
    )
    .addOption(
      new Option(
        "--input <node.port=value>",
        "a value for this run, as JSON or text; a file by its path; may be repeated",
      )
        .argParser(collect)
        .default([], "what the sheet holds"),
    )
    .addOption(
      new Option("--variant <node=name>", "the alternative of a choice to use for this run; may be repeated")
        .argParser(collect)
        .default([], "what the sheet selects"),
    )
    .addOption(
      new Option(
        "--pin <node.port=value>",
        "a value that stands in for running the node, for this run; may be repeated",
      )
        .argParser(collect)
        .default([], "what the sheet has pinned"),
    )
    .addOption(
      new Option("--unpin <node>", "run this node though something is pinned to it; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--answer <node=answer>",
        "what a person would answer: approve, reject, reject:REASON, or an option's number; may be repeated",
      )
        .argParser(collect)
        .default([], "ask at the terminal"),
    )
    .addOption(
      new Option("--sheet <name>", "use this sheet's inputs and results; a new name makes a new sheet").argParser(
        once("a run uses one sheet"),
      ),
    )
    .option("--no-cache", "run what is fresh, too")
    .option("--dry-run", "say what would run and why, and run nothing", false)
    .option("--json", "print one event a line; the last has the outputs", false)
    .action((file: string, options: RunOptions) => withFile(file, (path) => runCommand(path, options, context)));

  program
    .command("sheets")
    .description("list a workflow's sheets, or make, duplicate, rename, move, reset, delete or restore one")
    .argument("<file>", "the workflow, such as name.daggr.ts")
    .argument("[action...]", "what to do; without it, the sheets are listed")
    .option("--json", "print the sheets and the deleted ones as one JSON object", false)
    .addHelpText(
      "after",
      `\nActions:\n${Object.entries(SHEET_ACTIONS)
        .map(([action, takes]) => `  ${action} ${takes}\n`)
        .join("")}`,
    )
    .action((file: string, action: string[], options: { json: boolean }) =>
      withFile(file, (path) => sheetsCommand(path, action, options, context)),
    );

  program
    .command("verify")
    .description("check that everything in a `.daggr` folder is as it was written; changes nothing")
    .argument("[path]", "a workflow, or the folder that holds `.daggr`", ".")
    .option("--json", "print one JSON object", false)
    .action(async (path: string, options: { json: boolean }) => {
      const folder = storeFolder(path, context.cwd);
      exitCode = folder.ok ? await verifyCommand(folder.value, options, context) : refuse(folder.failure, context);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Help and version end this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    throw error;
  }
}

/** For options of which only one can be meant: the last of several would win in silence. */
function once(advice: string): (value: string, earlier: string | undefined) => string {
  return (value, earlier) => {
    if (value.trim() === "") throw new InvalidArgumentError("It is empty.");
    if (earlier !== undefined) throw new InvalidArgumentError(`It is given twice; ${advice}.`);
    return value;
  };
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function refuse({ message, exitCode }: Refusal, { stderr }: CliContext): ExitCode {
  stderr.write(`daggr: ${shortText(message, 4000, "cut")}\n`);
  return exitCode;
}
