import { failed, type Result, success } from "../../../model/outcome.js";
import type { RuntimeTarget } from "../../../sdk/runtime.js";
import type { Returned } from "../../outputs.js";
import type { Answer, Call, Executor } from "../executor.js";
import { type ResolvedApp, resolveApp } from "./address.js";
import { AppClient, SILENCE_LIMIT } from "./appClient.js";
import { callFailure, connectFailure, lossFailure, unreachable } from "./appFailure.js";
import { fromAppValue } from "./download.js";
import { argumentsFor, type Endpoint, findEndpoint, fitsOutputs } from "./endpoint.js";
import { statusProgress } from "./statusProgress.js";
import { toAppValue } from "./upload.js";

/** To connect and read the app's API. Milliseconds. */
const CONNECT_LIMIT = 30_000;
/** To tell an app that its work is no longer wanted: less than a process is given to end. Milliseconds. */
const CANCEL_LIMIT = 1800;

/** The client's package names neither of these in its entry. */
type Events = ReturnType<AppClient["submit"]>;
type GradioEvent = Events extends AsyncIterable<infer Event> ? Event : never;

type GradioTarget = Extract<RuntimeTarget, { kind: "gradio" }>;

/** Calls an endpoint of a Gradio app. A client for each execution, since one that lost its connection once is of no more use. */
export const runGradio: Executor = (call) => callApp(call, SILENCE_LIMIT);

/** @param silenceMs after how long without any sign of life a connection counts as lost */
export async function callApp(call: Call, silenceMs: number): Promise<Result<Answer>> {
  const { node, id, execution, huggingFace } = call;
  // The table of executors brings only nodes of this kind here.
  const target = node.target as GradioTarget;
  if (target.runLocally) {
    return failed({
      reason: "unsupported",
      message: `\`${id}\` says runLocally, which is not supported yet.`,
      hint: "Start a copy of the Space yourself and write its address in place of the Space's name.",
    });
  }
  const app = await resolveApp(target.space, huggingFace, execution.signal, execution.progress);
  if (!app.ok) return app;
  const client = new AppClient(app.value.address, huggingFace, silenceMs);
  // Stopping must not wait for a server that doesn't answer; during the call it is told to stop first.
  const stop = { now: () => client.end() };
  const onAbort = () => stop.now();
  execution.signal.addEventListener("abort", onAbort);
  try {
    execution.signal.throwIfAborted();
    execution.progress({ message: `Connecting to ${app.value.name}` });
    const connected = await connect(client, app.value);
    if (!connected.ok) return connected;
    return await callEndpoint(call, target, app.value, client, silenceMs, stop);
  } finally {
    execution.signal.removeEventListener("abort", onAbort);
    client.end();
  }
}

async function connect(client: AppClient, app: ResolvedApp): Promise<Result<void>> {
  const limit = AbortSignal.timeout(CONNECT_LIMIT);
  const giveUp = () => client.end();
  limit.addEventListener("abort", giveUp);
  try {
    await client.connect();
  } catch (error) {
    const seconds = CONNECT_LIMIT / 1000;
    const silent = new Error(`there was no answer within ${seconds} seconds`);
    return failed(limit.aborted ? unreachable(silent, app) : connectFailure(error, app, client));
  } finally {
    limit.removeEventListener("abort", giveUp);
  }
  return client.api_info
    ? success(undefined)
    : failed(connectFailure(new Error("it does not describe its API."), app, client));
}

async function callEndpoint(
  call: Call,
  target: GradioTarget,
  app: ResolvedApp,
  client: AppClient,
  silenceMs: number,
  stop: { now: () => void },
): Promise<Result<Answer>> {
  const { id, execution, inputs, folder } = call;
  const { validate } = target;
  const api = client.api_info;
  if (!api) throw new Error("Not connected.");
  const apiName = nameOf(target.apiName, api.unnamed_endpoints, client);
  const endpoint = findEndpoint(api, apiName, app.name);
  if (!endpoint.ok) return endpoint;
  const fitting = validate ? fitsOutputs(endpoint.value, call.node, id, apiName) : success(undefined);
  if (!fitting.ok) return fitting;
  const given = argumentsFor(endpoint.value, inputs, id, apiName, validate);
  if (!given.ok) return given;
  const data: unknown[] = [];
  for (const { parameter, value, given: own } of given.value) {
    // A default is in the app's own form already.
    const sent = own
      ? await toAppValue(value, parameter, `Input \`${id}.${parameter.name}\``, {
          client,
          folder,
          own: execution.folderPath,
        })
      : success(value);
    if (!sent.ok) return sent;
    data.push(sent.value);
  }

  const events = client.submit(apiName, data);
  // From here on an app that is stopped is told so first.
  stop.now = () => undefined;
  const answer = await lastAnswer(call, events, app, apiName, client, endpoint.value.returns, silenceMs);
  stop.now = () => client.end();
  if (!answer.ok) return answer;
  execution.progress({ message: "Fetching the result" });
  const returned = await toReturned(answer.value, endpoint.value.returns, call, client);
  if (!returned.ok) return returned;
  const version = client.config?.version;
  return success({
    returned: returned.value,
    versions: {
      ...(version !== undefined && { gradio: version }),
      ...(app.revision !== null && { revision: app.revision }),
    },
  });
}

/** An endpoint that has a name has a number as well, and is described by its name alone. */
function nameOf(apiName: string | number, unnamed: object, client: AppClient): string | number {
  if (typeof apiName === "string" || String(apiName) in unnamed) return apiName;
  const { api_name: name } = client.config?.dependencies.find(({ id }) => id === apiName) ?? {};
  // Of an endpoint that is nobody's business this is `false`, whatever its type says.
  return typeof name === "string" ? `/${name}` : apiName;
}

/** Follows the call's events to its end. */
async function lastAnswer(
  call: Call,
  events: Events,
  app: ResolvedApp,
  apiName: string | number,
  client: AppClient,
  returns: Endpoint["returns"],
  silenceMs: number,
): Promise<Result<readonly unknown[]>> {
  const { execution } = call;
  const lost = client.lost.then((loss) => ({ loss }));
  const aborted = new Promise<{ aborted: true }>((resolve) => {
    execution.signal.addEventListener("abort", () => resolve({ aborted: true }));
  });
  let latest: readonly unknown[] | null = null;
  let streaming = false;
  for (;;) {
    const next = await Promise.race([events.next(), lost, aborted]);
    if ("aborted" in next) {
      await cancel(client, events, apiName);
      return failed({ reason: "cancelled", message: "The call was stopped." });
    }
    if ("loss" in next) return failed(lossFailure(next.loss, app, silenceMs));
    if (next.done === true) break;
    const event: GradioEvent = next.value;
    switch (event.type) {
      case "data":
        latest = event.data;
        if (streaming) showPartial(call, latest, returns, client);
        streaming = false;
        break;
      case "log":
        execution.log.write(
          event.level === "warning" ? "warn" : event.level === "error" ? "error" : "info",
          `${event.log}\n`,
        );
        break;
      case "status": {
        if (event.stage === "error") {
          return failed(callFailure(event, app, apiName, client, call.huggingFace.token !== null));
        }
        if (event.stage === "complete") return success(latest ?? []);
        // The value that belongs to it comes next.
        streaming = event.stage === "generating" || event.stage === "streaming";
        const progress = statusProgress(event);
        if (progress) execution.progress(progress);
        break;
      }
      case "render":
        break;
    }
  }
  return latest ? success(latest) : failed(lossFailure({ kind: "ended" }, app, silenceMs));
}

function showPartial(call: Call, data: readonly unknown[], returns: Endpoint["returns"], client: AppClient): void {
  // The client goes on changing what it gave.
  const shown = structuredClone(data);
  call.partial(async () => {
    const returned = await toReturned(shown, returns, call, client);
    return returned.ok ? returned.value : null;
  });
}

async function toReturned(
  data: readonly unknown[],
  returns: Endpoint["returns"],
  { execution }: Call,
  client: AppClient,
): Promise<Result<Returned>> {
  const values: unknown[] = [];
  for (const [index, each] of data.entries()) {
    const value = await fromAppValue(each, returns[index] ?? "", client, execution);
    if (!value.ok) return value;
    values.push(value.value);
  }
  // A single value is one value even when it is a list.
  return success(
    returns.length === 1 && values.length === 1 ? { kind: "one", value: values[0] } : { kind: "positions", values },
  );
}

/** The client's own cancel sends no token and leaves its events open. */
async function cancel(client: AppClient, events: Events, apiName: string | number): Promise<void> {
  const { config, session_hash, api_prefix } = client;
  const limit = AbortSignal.timeout(CANCEL_LIMIT);
  const late = new Promise<null>((resolve) => limit.addEventListener("abort", () => resolve(null)));
  try {
    // Stopped while the app is still taking the call in: only its number tells what to stop.
    const event_id = events.event_id() || (await Promise.race([events.wait_for_id(), late]));
    if (!config || event_id === null || event_id === "") return;
    const fn_index = typeof apiName === "number" ? apiName : client.api_map[apiName.replace(/^\//, "")];
    const post = (path: string, body: object) =>
      client.fetch(`${config.root}${api_prefix}/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: limit,
      });
    await Promise.all([post("cancel", { event_id, session_hash, fn_index }), post("reset", { event_id })]);
  } catch {
    // It was stopped either way; the app finds out when it next writes to this connection.
  } finally {
    await events.return();
  }
}
