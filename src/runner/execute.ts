import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { failed, type Result, success } from "../model/outcome.js";
import type { StoredValue } from "../model/value.js";
import type { ExecuteReply, ExecuteRequest, HuggingFaceAccess } from "../protocol/runner.js";
import type { RuntimeNode, RuntimeOutput } from "../sdk/runtime.js";
import type { BlobStore } from "../store/blobs.js";
import type { Program } from "./completeGraph.js";
import type { Execution } from "./execution.js";
import type { Answer, Executor } from "./executors/executor.js";
import { executors } from "./executors/executors.js";
import { decodeReturned, encodeReturned } from "./keptReturn.js";
import { forPostprocess } from "./modelAnswer.js";
import { mapOutputs, type Returned, returnedBy } from "./outputs.js";
import { thrownFailure } from "./thrown.js";
import { decodeValue } from "./values/decode.js";
import { describe } from "./values/describe.js";
import { type EncodeContext, encodeValue } from "./values/encode.js";
import { toPlain } from "./values/plain.js";

export interface Setting {
  readonly program: Program;
  readonly blobs: BlobStore;
  readonly huggingFace: HuggingFaceAccess;
}

type Drawn = Record<string, StoredValue>;
type Inputs = Readonly<Record<string, unknown>>;

/** Executes one node once: inputs, `preprocess`, the call, `postprocess`, outputs. */
export async function execute(setting: Setting, request: ExecuteRequest, execution: Execution): Promise<ExecuteReply> {
  const node = setting.program.nodes.get(request.node);
  const drawn: Drawn = {};
  if (!node) {
    const message = `The running program holds no node \`${request.node}\`.`;
    return { status: "failed", failure: { reason: "graph-mismatch", message }, drawn };
  }
  const course: Course = { drawn, keeping: null };
  const fault = execution.fault.then((failure) => failed(failure));
  const outcome = await Promise.race([run(setting, request, node, execution, course), fault]);
  await course.keeping;
  // Whatever came of it, somebody wanted it to stop.
  if (execution.cancelled) return { status: "cancelled" };
  if (!outcome.ok) {
    execution.cancel();
    return { status: "failed", failure: outcome.failure, drawn };
  }
  return { status: "succeeded", ...outcome.value, drawn };
}

/** How far an execution has come, whatever its end. */
interface Course {
  readonly drawn: Drawn;
  /** Settles once what a server has returned in it is handed over. */
  keeping: Promise<void> | null;
}

async function run(setting: Setting, request: ExecuteRequest, node: RuntimeNode, execution: Execution, course: Course) {
  const who = `\`${request.node}\``;
  const load = executors[node.kind];
  if (!load) {
    const message = `${who} is ${node.kind === "input" ? "an input node: it has nothing to run" : `a ${node.kind} node, which cannot be executed yet`}.`;
    return failed({ reason: "unsupported", message } as const);
  }
  const finish = async (returned: Returned, lost: (text: string) => void) => {
    const processed = await postprocessed(node, returned, `postprocess of ${who}`);
    if (!processed.ok) return processed;
    const by = node.postprocess ? `postprocess of ${who}` : who;
    const context = { ...contextOf(setting.program, setting.blobs, execution), lost };
    return encodeOutputs(request.node, node.outputs, processed.value, by, context);
  };
  const answer = request.returned
    ? await takenUp(request.returned, who, setting, execution)
    : await call(setting, request, node, execution, course, load, (partial) => finish(partial, () => undefined));
  if (!answer.ok) return answer;
  // A partial result's `postprocess` may still be at work; one at a time is what its author expects.
  await execution.endPartials();
  const { returned, versions = {} } = answer.value;
  const outputs = await finish(returned, (text) => execution.log.write("warn", `${text}\n`));
  if (!outputs.ok) return outputs;
  return success({ outputs: outputs.value, versions: { node: process.versions.node, ...versions } });
}

/** What an earlier call has returned. */
async function takenUp(
  stored: StoredValue,
  who: string,
  { blobs }: Setting,
  execution: Execution,
): Promise<Result<Answer>> {
  const returned = await decodeReturned(stored, who, blobs, execution.folder);
  return returned.ok ? success({ returned: returned.value }) : returned;
}

async function call(
  setting: Setting,
  request: ExecuteRequest,
  node: RuntimeNode,
  execution: Execution,
  course: Course,
  load: () => Promise<Executor>,
  finish: (partial: Returned) => ReturnType<typeof encodeOutputs>,
): Promise<Result<Answer>> {
  const who = `\`${request.node}\``;
  const given = await inputsOf(setting, request, node, execution, course.drawn);
  if (!given.ok) return given;
  const inputs = await preprocessed(node, given.value, `preprocess of ${who}`);
  if (!inputs.ok) return inputs;
  const executor = await load();
  const answer = await attempt(who, () =>
    executor({
      id: request.node,
      node,
      inputs: inputs.value,
      execution,
      folder: dirname(setting.program.graph.file),
      huggingFace: setting.huggingFace,
      partial: (returned) =>
        execution.partial(async () => {
          const made = await returned();
          const outputs = made && (await finish(made));
          return outputs?.ok === true ? outputs.value : null;
        }),
    }),
  );
  if (!answer.ok) return answer;
  if (answer.value.ok && node.kind !== "fn") {
    // First of all: what `postprocess` does to it is no part of what came back, and it may never end.
    course.keeping = handOver(setting, request, execution, course.drawn, answer.value.value);
    await course.keeping;
    if (execution.cancelled) return failed({ reason: "cancelled", message: `${who} was stopped.` });
  }
  return answer.value;
}

/** Hands over what came back, if it can be kept; also when somebody wants it to stop, for it may have been paid for. */
async function handOver(
  { program, blobs }: Setting,
  { node }: ExecuteRequest,
  execution: Execution,
  drawn: Drawn,
  { returned, versions = {} }: Answer,
): Promise<void> {
  const context = {
    ...contextOf(program, blobs, execution),
    signal: new AbortController().signal,
    // Only what is made of it is anybody's to see.
    lost: () => undefined,
  };
  const value = await encodeReturned(returned, `\`${node}\``, context);
  if (!value) return;
  execution.returned({ value, versions, drawn });
  // What comes next may hold up everything, this message too, unless it is on its way.
  await setImmediate();
}

/** What was sent, fixed values that weren't, and a new draw of each callable. */
async function inputsOf(
  { program, blobs }: Setting,
  request: ExecuteRequest,
  node: RuntimeNode,
  execution: Execution,
  drawn: Drawn,
): Promise<Result<Inputs>> {
  // A map, because a port may be called what all objects have: `constructor`.
  const inputs = new Map<string, unknown>();
  const sent = new Map(Object.entries(request.inputs));
  for (const { name, source } of node.inputs) {
    const own = sent.get(name);
    if (own) {
      const value = await decodeValue(own, blobs, execution.folder);
      if (!value.ok) return value;
      inputs.set(name, value.value);
    } else if (source.kind === "fixed") {
      // A copy, as what is sent is: a function may change what it gets, and nobody else must see that.
      inputs.set(name, toPlain(source.value));
    } else if (source.kind === "callable") {
      const label = `Input \`${request.node}.${name}\``;
      const value = await attempt(label, () => source.call());
      if (!value.ok) return value;
      const context = contextOf(program, blobs, execution);
      const stored = await encodeValue(value.value, null, label, name, context);
      if (!stored.ok) return failed({ ...stored.failure, reason: "invalid-input" });
      drawn[name] = stored.value;
      const copy = await decodeValue(stored.value, blobs, execution.folder);
      if (!copy.ok) return copy;
      inputs.set(name, copy.value);
    }
  }
  return success(Object.fromEntries(inputs));
}

async function preprocessed(node: RuntimeNode, inputs: Inputs, who: string): Promise<Result<Inputs>> {
  const { preprocess } = node;
  if (!preprocess) return success(inputs);
  // The SDK takes nothing but functions of one parameter here.
  const value = await attempt(who, () => (preprocess as unknown as (inputs: Inputs) => unknown)(inputs));
  if (!value.ok) return value;
  if (typeof value.value === "object" && value.value !== null && !Array.isArray(value.value)) {
    return success(value.value as Inputs); // an object, as was just checked
  }
  const message = `${who} must return an object with the inputs, but gave ${describe(value.value)}.`;
  return failed({ reason: "invalid-input", message });
}

async function postprocessed(node: RuntimeNode, returned: Returned, who: string): Promise<Result<Returned>> {
  const { postprocess } = node;
  if (!postprocess) return success(returned);
  // The SDK takes nothing but functions here; what they are given is the contract's.
  const value = await attempt(who, () =>
    (postprocess as unknown as (...values: readonly unknown[]) => unknown)(...argumentsOf(returned)),
  );
  return value.ok
    ? success(
        returnedBy(
          value.value,
          node.outputs.map(({ name }) => name),
        ),
      )
    : value;
}

function argumentsOf(returned: Returned): readonly unknown[] {
  if (returned.kind === "model") return [forPostprocess(returned)];
  if (returned.kind === "some") return [returned.values];
  return returned.kind === "one" ? [returned.value] : returned.values;
}

async function encodeOutputs(
  id: string,
  ports: readonly RuntimeOutput[],
  returned: Returned,
  who: string,
  context: EncodeContext,
): Promise<Result<Readonly<Record<string, StoredValue>>>> {
  const values = readOutputs(returned, id, ports, who);
  if (!values.ok) return values;
  const specs = new Map(ports.map(({ name, spec }) => [name, spec]));
  const outputs = new Map<string, StoredValue>();
  for (const [port, value] of values.value) {
    const label = `Output \`${id}.${port}\``;
    const stored = await encodeValue(value, specs.get(port) ?? null, label, port, context);
    if (!stored.ok) return stored;
    outputs.set(port, stored.value);
  }
  return success(Object.fromEntries(outputs));
}

function readOutputs(returned: Returned, id: string, ports: readonly RuntimeOutput[], who: string) {
  try {
    return mapOutputs(returned, id, ports, who);
  } catch (error) {
    const names = ports.map(({ name }) => `\`${id}.${name}\``).join(", ");
    return failed({
      reason: "invalid-output",
      message: `What ${who} returned for ${names} cannot be read: doing so threw ${describe(error)}.`,
      hint: "Return a plain object with the values themselves.",
    } as const);
  }
}

function contextOf(program: Program, blobs: BlobStore, execution: Execution): EncodeContext {
  return {
    blobs,
    scratch: execution.folderPath,
    handedOut: execution.handedOut,
    folder: dirname(program.graph.file),
    signal: execution.signal,
  };
}

/** Runs user code; what it throws is its failure. */
async function attempt<T>(who: string, code: () => T | Promise<T>): Promise<Result<Awaited<T>>> {
  try {
    return success(await code());
  } catch (error) {
    return failed(thrownFailure(error, who));
  }
}
