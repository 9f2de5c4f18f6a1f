import { InferenceClient, setLogger } from "@huggingface/inference";
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { KeptAnswers } from "../../../huggingface/keptAnswers.js";
import { keptModels, modelKey } from "../../../huggingface/keptModels.js";
import type { ModelInfo } from "../../../model/modelInfo.js";
import { failed, type Result, success } from "../../../model/outcome.js";
import { CHAT_ANSWER, outputFor, takenParts } from "../../../model/taskAnswer.js";
import { CHAT_TASKS, calledTask } from "../../../model/taskInputs.js";
import type { RuntimeNode } from "../../../sdk/runtime.js";
import type { Execution } from "../../execution.js";
import type { Returned } from "../../outputs.js";
import { withExtension } from "../../values/fileSource.js";
import type { Answer, Call, Executor } from "../executor.js";
import { chatRequest } from "./chat.js";
import { type ChatAnswer, type ChatSoFar, streamChat } from "./chatStream.js";
import { withParameters } from "./mediaBody.js";
import { modelFailure } from "./modelFailure.js";
import { defaultEndpoints, type Endpoints, placeholder } from "./modelFetch.js";
import { type InferenceTarget, lookUpModel } from "./modelLookUp.js";
import { sortInputs } from "./parameters.js";
import { type Addressee, addressee } from "./providers.js";
import { checkOutputs } from "./outputNames.js";
import { RemoteJob } from "./remoteJob.js";
import { type Task, tasks } from "./tasks.js";

// Which provider it chose is no news to whoever named none; what is amiss belongs to the node's log.
const quiet = () => undefined;
setLogger({
  debug: quiet,
  info: quiet,
  log: quiet,
  warn: (...values) => console.warn(...values),
  error: (...values) => console.error(...values),
});

/** Calls a model on Hugging Face's inference providers. */
export const runInference: Executor = (call) => {
  models ??= keptModels(process.env);
  return callModel(call, defaultEndpoints(), models);
};

let models: KeptAnswers<ModelInfo> | undefined;

/** @param kept what the Hub has said of models before */
export async function callModel(
  call: Call,
  endpoints: Endpoints,
  kept: KeptAnswers<ModelInfo>,
): Promise<Result<Answer>> {
  // The table of executors brings only nodes of this kind here.
  const target = call.node.target as InferenceTarget;
  const { execution, huggingFace } = call;
  let found = await lookUpModel(target, call, kept, false);
  if (!found.ok) return found;
  let asked = requestOf(target, found.value.info, call);
  if (!asked.ok && found.value.mayBeOld) {
    // What was so some time ago is no reason to refuse.
    found = await lookUpModel(target, call, kept, true);
    if (!found.ok) return found;
    asked = requestOf(target, found.value.info, call);
  }
  if (!asked.ok) return asked;
  const { info, mayBeOld } = found.value;
  const { task, base } = asked.value;

  const own = tasks[task];
  const job = new RemoteJob(huggingFace, endpoints, execution.signal, execution.progress);
  // With none the client would go past the router, or refuse in words of its own; whoever wants a token says so.
  const client = new InferenceClient(placeholder);
  const options = {
    fetch: job.fetch,
    signal: job.signal,
    // The client's own way is to repeat for ever, without a pause.
    retry_on_error: false,
  };
  const answer = own
    ? await ask(client, own, task, base, options, call)
    : await chat(client, task, base, options, call);
  if (execution.signal.aborted) await job.cancel();
  if (!answer.ok) {
    // It may be asked for as what it no longer is.
    if (mayBeOld && !execution.signal.aborted) kept.forget(modelKey(target.model, huggingFace.endpoint));
    return answer;
  }
  const revision = info?.revision ?? null;
  return success({
    returned: { kind: "model", task, answer: answer.value },
    ...(revision !== null && { versions: { revision } }),
  });
}

/** What to ask for, and whom. */
function requestOf(
  target: InferenceTarget,
  info: ModelInfo | null,
  call: Call,
): Result<{ readonly task: string; readonly base: Addressee }> {
  const task = taskOf(target, info, call);
  if (!task.ok) return task;
  const fitting = checkOutputs(task.value, call.node, call.id);
  if (!fitting.ok) return fitting;
  const base = addressee(target.model, target.provider, info, tasks[task.value] === undefined);
  return base.ok ? success({ task: task.value, base: base.value }) : base;
}

/** The task to ask for: a name in {@link tasks}, or `chat`. */
function taskOf(
  { model, provider, task }: InferenceTarget,
  info: ModelInfo | null,
  { id, inputs }: Call,
): Result<string> {
  const named = task ?? info?.task ?? null;
  if (named === null) {
    return failed({
      reason: "unsupported",
      message: `The Hub names no task for ${model}.`,
      hint: `Give \`${id}\` one: task: "…", one of ${taskNames().join(", ")}.`,
    });
  }
  const called = calledTask(named, info, provider, "messages" in inputs);
  if (called !== null) return success(called);
  return failed({
    reason: "unsupported",
    message: `The task ${named} of ${model} is not one that can be called.`,
    hint: `There are: ${taskNames().join(", ")}. Say which with \`task\`.`,
  });
}

function taskNames(): string[] {
  return [...Object.keys(tasks), ...CHAT_TASKS].sort();
}

async function chat(
  client: InferenceClient,
  task: string,
  base: { readonly model: string },
  options: { readonly fetch: typeof fetch },
  call: Call,
): Promise<Result<unknown>> {
  const { node, execution } = call;
  const request = await chatRequest(call.inputs, call.id, task, call.folder);
  if (!request.ok) return request;
  const ports = node.outputs.map(({ name }) => name);
  // Not every provider knows this option, so it is only given to those that are asked.
  const usage = takes("usage", ports) && { stream_options: { include_usage: true } };
  try {
    const answer = await streamChat(client, { ...base, ...usage, ...request.value }, options, (soFar, pieces) => {
      execution.progress({ step: pieces, unit: "tokens" });
      call.partial(() => partialOf(soFar, node));
    });
    warn(answer, ports, call);
    return success(answer);
  } catch (error) {
    return failed(modelFailure(error, base.model, call.huggingFace));
  }
}

/** On which outputs an answer that is still coming shows; `null`: on none of them yet. */
function partialOf(soFar: ChatSoFar, { outputs, postprocess }: RuntimeNode): Returned | null {
  if (postprocess) return soFar.content === "" ? null : { kind: "one", value: soFar.content };
  const names = outputs.length > 0 ? outputs.map(({ name }) => name) : ["output"];
  const begun = takenParts(CHAT_ANSWER, names).flatMap(([name, taken]) => {
    const text = taken?.kind === "main" ? soFar.content : taken?.part === "reasoning" ? soFar.reasoning : "";
    return text === "" ? [] : [[name, text] as const];
  });
  return begun.length === 0 ? null : { kind: "some", values: Object.fromEntries(begun) };
}

function takes(part: string, ports: readonly string[]): boolean {
  return outputFor(part, CHAT_ANSWER, ports) !== undefined;
}

/** What is amiss with an answer that is one nevertheless. */
function warn({ finish_reason, tool_calls }: ChatAnswer, ports: readonly string[], { execution, node }: Call): void {
  const say = (text: string) => execution.log.write("warn", `${text}\n`);
  if (finish_reason === "length") say("The answer was cut off: the model may write no more. Raise `max_tokens`.");
  if (finish_reason === "content_filter") say("The answer was cut off by the provider's content filter.");
  if (tool_calls.length > 0 && !takes("tool_calls", ports) && !node.postprocess) {
    say("The model called tools, and no output takes the calls: declare one called `tool_calls`.");
  }
}

async function ask(
  client: InferenceClient,
  task: Task,
  name: string,
  base: { readonly model: string },
  options: { readonly fetch: typeof fetch },
  call: Call,
): Promise<Result<unknown>> {
  const sorted = await sortInputs(call.inputs, task, call.id, name, call.folder);
  if (!sorted.ok) return sorted;
  const args = { ...base, ...task.args(sorted.value.fields, sorted.value.parameters) };
  // All of the client's methods have this shape; what each takes is the table's promise.
  const method = (client[task.method] as unknown as (args: object, options: object) => Promise<unknown>).bind(client);
  try {
    const send = withParameters(options.fetch, sorted.value.parameters);
    const answer = await method(args, { ...options, fetch: send, outputType: "blob" });
    return success(await withPaths(answer, call.execution));
  } catch (error) {
    return failed(modelFailure(error, base.model, call.huggingFace));
  }
}

/** Workflow code has files as paths: what comes as bytes, or as base64 within JSON, is written to the execution's folder. */
async function withPaths(answer: unknown, execution: Execution): Promise<unknown> {
  if (answer instanceof Blob) return save(answer, execution);
  if (!Array.isArray(answer)) return answer;
  return Promise.all(
    answer.map(async (item: unknown) => {
      if (typeof item !== "object" || item === null) return item;
      if ("mask" in item && typeof item.mask === "string") {
        return { ...item, mask: await save(fromBase64(item.mask, "image/png"), execution) };
      }
      if ("blob" in item && typeof item.blob === "string") {
        const type =
          "content-type" in item && typeof item["content-type"] === "string" ? item["content-type"] : "audio/wav";
        return { ...item, blob: await save(fromBase64(item.blob, type), execution) };
      }
      return item;
    }),
  );
}

function fromBase64(text: string, type: string): Blob {
  return new Blob([Buffer.from(text, "base64")], { type });
}

async function save(blob: Blob, execution: Execution): Promise<string> {
  const type = blob.type.split(";")[0] ?? "";
  const name = withExtension(/^(image|audio|video)\//.exec(type)?.[1] ?? "file", type);
  const path = execution.outputFile(`model/${randomUUID()}/${name}`);
  await writeFile(path, blob.stream());
  return path;
}
