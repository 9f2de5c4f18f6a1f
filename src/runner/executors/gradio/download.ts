import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { failed, type Result, success } from "../../../model/outcome.js";
import type { Execution } from "../../execution.js";
import type { AppClient } from "./appClient.js";

/** To fetch one file. */
const ATTEMPTS = 4;

/** Components that wrap a file in what belongs to it; empty: one that the app doesn't name. */
const wrapping: ReadonlySet<string> = new Set(["", "gallery", "video"]);

/** A file that an app holds, as it describes it. */
interface RemoteFile {
  readonly path: string;
  readonly url?: string | null;
  readonly orig_name?: string | null;
}

/**
 * The app's answer as workflow code has it: its files are downloaded into the execution's folder and stand as absolute paths;
 * galleries are lists of paths, or of `[path, caption]` where there is a caption. What other components hold keeps its form.
 *
 * @param component Gradio's component, lower case
 */
export async function fromAppValue(
  value: unknown,
  component: string,
  client: AppClient,
  execution: Execution,
): Promise<Result<unknown>> {
  if (typeof value !== "object" || value === null) return success(value);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const each of value as unknown[]) {
      const item = await fromAppValue(each, component, client, execution);
      if (!item.ok) return item;
      items.push(item.value);
    }
    return success(items);
  }
  if (isRemoteFile(value)) return download(value, client, execution);
  // What a function returns as gr.update(…) or as a new component.
  if ("__type__" in value && value.__type__ === "update") {
    return fromAppValue("value" in value ? value.value : null, component, client, execution);
  }
  const entries: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    const item = await fromAppValue(each, component, client, execution);
    if (!item.ok) return item;
    entries.push([key, item.value]);
  }
  const plain = Object.fromEntries(entries);
  return success(wrapping.has(component) && isRemoteMedia(value) ? unwrapped(plain) : plain);
}

function isRemoteFile(value: object): value is RemoteFile {
  if (!("path" in value) || typeof value.path !== "string") return false;
  const { meta } = value as { meta?: { _type?: unknown } }; // any object may be read by key
  return meta?._type === "gradio.FileData" || ("url" in value && "orig_name" in value);
}

/** `{ image, caption }` of a gallery, `{ video, subtitles }` of a video. */
function isRemoteMedia(value: object): boolean {
  const keys = Object.keys(value);
  const file = ["image", "video"]
    .map((key) => (value as Record<string, unknown>)[key])
    .find((each) => each !== undefined); // any object may be read by key
  return (
    typeof file === "object" &&
    file !== null &&
    isRemoteFile(file) &&
    keys.every((key) => ["image", "video", "caption", "subtitles"].includes(key))
  );
}

function unwrapped(media: Readonly<Record<string, unknown>>): unknown {
  const file = media.image ?? media.video;
  return media.caption === undefined || media.caption === null ? file : [file, media.caption];
}

async function download(file: RemoteFile, client: AppClient, execution: Execution): Promise<Result<string>> {
  const name = (file.orig_name ?? "") || basename(file.path) || "file";
  const root = `${client.config?.root ?? client.app_reference}${client.api_prefix}`;
  const address = file.url ?? (/^https?:/.test(file.path) ? file.path : `${root}/file=${file.path}`);
  const refuse = (why: string, reason: "connection-lost" | "refused" = "connection-lost") =>
    failed({
      reason,
      message: `The file ${name} that the app made could not be fetched: ${why}.`,
      hint: "Run the node again to have it made anew.",
    } as const);
  const path = execution.outputFile(`app/${randomUUID()}/${name}`);
  for (let attempt = 1; ; attempt++) {
    let begun = false;
    try {
      const response = await client.fetch(new URL(address, client.app_reference));
      if (!response.ok || !response.body)
        // Another call would be another one that is paid for, and as like as not end the same way.
        return refuse(`it answered ${response.status}`, response.status < 500 ? "refused" : "connection-lost");
      begun = true;
      await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
      return success(path);
    } catch (error) {
      execution.signal.throwIfAborted();
      // The app has done its work for this: a file that breaks off is asked for again. One that didn't even begin was.
      if (!begun || attempt === ATTEMPTS) return refuse(error instanceof Error ? error.message : String(error));
    }
  }
}
