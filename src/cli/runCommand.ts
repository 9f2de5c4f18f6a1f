import type { Failure } from "../model/failure.js";
import type { Graph, NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { RunRequest } from "../model/plan.js";
import type { Answer } from "../model/question.js";
import type { Notice, WorkflowEvent, WorkflowState } from "../model/workflowState.js";
import type { EngineApi, RunEnd } from "../protocol/engine.js";
import { Asking } from "./asking.js";
import { chooseSheet } from "./chosenSheet.js";
import { coloursFor } from "./colours.js";
import { type CliContext, EXIT, type ExitCode, misuse, type Refusal } from "./context.js";
import { diagnosticText } from "./diagnosticText.js";
import { givenAnswers } from "./givenAnswers.js";
import { findNamedNode, givenInputs } from "./givenInputs.js";
import { givenPins, givenUnpins } from "./givenPins.js";
import type { ImportFile } from "./givenValue.js";
import { givenVariants } from "./givenVariants.js";
import { HumanReport } from "./humanReport.js";
import { idleAnswers } from "./idleAnswers.js";
import { JsonReport } from "./jsonReport.js";
import { shortText } from "./plainText.js";
import { planText } from "./planText.js";
import { storeRoots } from "./workflowFile.js";

export interface RunOptions {
  readonly to: readonly string[];
  readonly only?: string;
  readonly input: readonly string[];
  readonly variant: readonly string[];
  readonly pin: readonly string[];
  readonly unpin: readonly string[];
  readonly answer: readonly string[];
  readonly sheet?: string;
  /** `false` for `--no-cache`. */
  readonly cache: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Interrupted before anything ran. */
const NOTHING_RUN = success<RunEnd>({ status: "cancelled", executed: 0, reused: 0 });

/** Tells somebody how a run goes. */
export interface RunReport {
  event(event: WorkflowEvent): void;
  notice(notice: Notice): void;
  /** A line on stderr, for whoever reads along. */
  say(text: string): void;
  /** Once, when the run is over or when there was none. */
  end(end: Result<RunEnd>): void;
  /** Leaves the terminal to a question, until what is answered is called. */
  hold(): () => void;
  /** In place of {@link end}, when the command itself was wrong, which is told elsewhere. */
  dispose(): void;
}

/**
 * `daggr run`: runs a workflow here and now, with the store that the editor has too.
 * @param file absolute path
 */
export async function runCommand(file: string, options: RunOptions, context: CliContext): Promise<ExitCode> {
  const report: RunReport = options.json ? new JsonReport(file, context) : new HumanReport(file, context);
  let asking: Asking | null = null;
  const engine = await context.createEngine({
    event: (_file, _sequence, event) => {
      report.event(event);
      asking?.event(event);
    },
    debuggerReady: () => undefined,
  });
  const killed = new Promise<ExitCode>((resolve) => {
    onAbort(context.killed, () => void engine.dispose().then(() => resolve(EXIT.interrupted)));
  });
  try {
    return await Promise.race([run(engine, file, options, context, report, (made) => (asking = made)), killed]);
  } finally {
    await engine.dispose();
  }
}

async function run(
  engine: EngineApi,
  file: string,
  options: RunOptions,
  context: CliContext,
  report: RunReport,
  attend: (asking: Asking) => void,
): Promise<ExitCode> {
  await engine.configure({ trusted: true, token: null, roots: storeRoots(file, context.cwd) });
  const { state } = await engine.open(file);
  for (const notice of state.notices) report.notice(notice);
  const { graph } = state;
  sayErrors(state, context, report);
  if (!graph) return end(report, failed(noGraph(state)));

  // From here on there may be something to stop: names that the text does not tell take loading the file, too.
  onAbort(context.interrupted, () => void engine.stop(file));
  const selected =
    options.sheet === undefined ? success(undefined) : await chooseSheet(engine, file, options.sheet, report);
  if (!selected.ok) return end(report, selected);
  const request = await requestOf(engine, graph, options, context);
  if (context.interrupted.aborted) return end(report, NOTHING_RUN);
  if (!request.ok) {
    report.dispose();
    context.stderr.write(`daggr: ${shortText(request.failure.message, 4000, "cut")}\n`);
    return request.failure.exitCode;
  }
  if (options.dryRun) return plan(engine, file, request.value.request, options, context, report);
  const unasked = Promise.withResolvers<Failure>();
  const { answers } = request.value;
  attend(new Asking({ engine, file, context, answers, hold: () => report.hold(), failed: unasked.resolve }));
  const run = engine.run(file, request.value.request);
  const result = withOwnHint(await Promise.race([run, unasked.promise.then(failed)]), options);
  // Nobody else would hear of an error that comes after the result.
  if (result.ok && result.value.status !== "cancelled") await engine.settle(file);
  return end(report, result);
}

/** What a run would do. Loads the file where its text does not tell the whole graph, as the run would; executes nothing. */
async function plan(
  engine: EngineApi,
  file: string,
  request: RunRequest,
  options: RunOptions,
  { stdout, env, interrupted }: CliContext,
  report: RunReport,
): Promise<ExitCode> {
  const planned = await engine.plan(file, request);
  if (interrupted.aborted) return end(report, NOTHING_RUN);
  if (!planned.ok) return end(report, withOwnHint(planned, options));
  report.dispose();
  const { steps, blocked = [], pinned = [] } = planned.value;
  const json = { type: "plan", steps, blocked, pinned };
  // As they stand by now: planning may have told more of the graph.
  const { nodes } = (await engine.open(file)).state;
  stdout.write(options.json ? `${JSON.stringify(json)}\n` : planText(planned.value, nodes, coloursFor(stdout, env)));
  return EXIT.succeeded;
}

function end(report: RunReport, result: Result<RunEnd>): ExitCode {
  report.end(result);
  if (!result.ok) return EXIT.failed;
  return { succeeded: EXIT.succeeded, failed: EXIT.failed, cancelled: EXIT.interrupted }[result.value.status];
}

/** What to do about it, in the words of the command line. */
function withOwnHint<T>(result: Result<T>, { only, to }: RunOptions): Result<T> {
  if (!result.ok && result.failure.reason === "pinned") {
    const names = only === undefined ? to : [only];
    return failed({ ...result.failure, hint: `Use ${names.map((name) => `--unpin ${name}`).join(" ")} to run it.` });
  }
  if (result.ok || only === undefined || result.failure.reason !== "missing-upstream") return result;
  return failed({ ...result.failure, hint: `Use --to ${only}, which runs what it needs first.` });
}

/** Errors in the text are said before anything runs; what they do not concern runs all the same. */
function sayErrors({ diagnostics }: WorkflowState, { stderr, cwd, env }: CliContext, report: RunReport): void {
  const colours = coloursFor(stderr, env);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const error of errors) report.say(diagnosticText(error, cwd, colours));
}

/** Text that does not parse has no graph either; the syntax error is what there is to mend. */
function noGraph({ diagnostics }: WorkflowState): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const cause = errors.find(({ code }) => code === "syntax-error") ?? errors[0];
  const message = cause?.message ?? "This file has no graph.";
  return { reason: "load-failed", message, ...(cause && { location: cause.range }) };
}

/** What the command line says of a run. */
interface Asked {
  readonly request: RunRequest;
  readonly answers: ReadonlyMap<NodeId, Answer>;
}

async function requestOf(
  engine: EngineApi,
  read: Graph,
  { to, only, input, variant, pin, unpin, answer, cache }: RunOptions,
  { cwd }: CliContext,
): Promise<Result<Asked, Refusal>> {
  const targets = only === undefined ? to : [only];
  const names = targets.length + input.length + variant.length + pin.length + unpin.length + answer.length;
  const graph = names > 0 ? await whole(engine, read) : read;
  for (const target of targets) {
    const node = findNamedNode(graph, target);
    if (!node.ok) return misuse(`${only === undefined ? "--to" : "--only"}: ${node.failure.message}`);
  }
  const importFile: ImportFile = (path) => engine.importFile(graph.file, { path });
  const inputs = await givenInputs(graph, input, cwd, importFile);
  if (!inputs.ok) return inputs;
  const pins = await givenPins(graph, pin, cwd, importFile);
  if (!pins.ok) return pins;
  const unpins = givenUnpins(graph, unpin);
  if (!unpins.ok) return unpins;
  const variants = givenVariants(graph, variant);
  if (!variants.ok) return variants;
  const answers = givenAnswers(graph, answer);
  if (!answers.ok) return answers;
  const request: RunRequest = {
    scope: only !== undefined ? "only" : to.length > 0 ? "to" : "all",
    targets,
    reuse: cache ? "fresh" : "never",
    ...(input.length + variant.length + pin.length + unpin.length > 0 && {
      inputs: { ...inputs.value, ...variants.value, ...unpins.value, ...pins.value },
    }),
    ...(answers.value.size > 0 && { answers: Object.fromEntries(answers.value) }),
  };
  if (answers.value.size > 0) {
    const idle = idleAnswers((await engine.open(graph.file)).state, request);
    if (!idle.ok) return idle;
  }
  return success({ request, answers: answers.value });
}

/** Names that the text doesn't tell are known once the program is loaded, which planning does. */
async function whole(engine: EngineApi, graph: Graph): Promise<Graph> {
  if (graph.complete) return graph;
  await engine.plan(graph.file, { scope: "all", targets: [], reuse: "fresh" });
  return (await engine.open(graph.file)).state.graph ?? graph;
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
