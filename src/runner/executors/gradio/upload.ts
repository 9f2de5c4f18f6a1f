import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import { failed, type Result, success } from "../../../model/outcome.js";
import { fileSource, withExtension } from "../../values/fileSource.js";
import { toAppChat, toAppTable } from "./appShape.js";
import type { AppClient } from "./appClient.js";
import type { Parameter } from "./endpoint.js";
import { withFilesSent } from "./nested.js";
import { shapeOf } from "./pythonType.js";

/** Gradio's components that take files. */
const fileComponents: ReadonlySet<string> = new Set([
  "audio",
  "downloadbutton",
  "file",
  "gallery",
  "image",
  "imageeditor",
  "imageslider",
  "model3d",
  "multimodaltextbox",
  "uploadbutton",
  "video",
]);

export interface Uploader {
  readonly client: AppClient;
  /** The workflow's folder, from which relative paths count. */
  readonly folder: string;
  /** The execution's own: what lies in it is a file, wherever its path stands. */
  readonly own: string;
}

/** What an app has to be told about a file that it holds. */
interface FileData {
  readonly path: string;
  readonly url?: string;
  readonly orig_name: string;
  readonly mime_type?: string;
  readonly meta: { readonly _type: "gradio.FileData" };
}

/**
 * The value as the app takes it: files are uploaded, under their base name alone, and put in the shape of the parameter's component.
 *
 * @param label the input as messages name it: ``Input `cutout.image` ``
 */
export async function toAppValue(
  value: unknown,
  parameter: Parameter,
  label: string,
  uploader: Uploader,
): Promise<Result<unknown>> {
  if (value === null || value === undefined) return success(value);
  const { component, pythonType } = parameter;
  if (component === "dataframe") return success(pythonType.startsWith("dict(headers") ? toAppTable(value) : value);
  const put = (each: unknown) => uploadOne(each, label, uploader);
  if (component === "chatbot") return toAppChat(value, pythonType, uploader.own, put);
  if (!fileComponents.has(component)) return withFilesSent(value, shapeOf(pythonType), { put, own: uploader.own });
  switch (component) {
    case "gallery":
      return mapped(Array.isArray(value) ? value : [value], async (item) => {
        const [file, caption = null] = captioned(item);
        const data = await put(file);
        if (!data.ok) return data;
        const kind = isVideo(data.value) ? "video" : "image";
        return success({ [kind]: data.value, caption });
      });
    case "multimodaltextbox": {
      if (typeof value === "string") return success({ text: value, files: [] });
      const { text = "", files = [] } = value as { text?: unknown; files?: unknown }; // any object may be read by key
      const data = await mapped(Array.isArray(files) ? files : [files], put);
      return data.ok ? success({ text, files: data.value }) : data;
    }
    case "imageeditor": {
      if (typeof value !== "string") return success(value);
      const data = await put(value);
      return data.ok ? success({ background: data.value, layers: [], composite: data.value }) : data;
    }
    default: {
      if (Array.isArray(value)) return mapped(value, put);
      const data = await put(value);
      // Apps of Gradio 5 and before take a video together with its subtitles.
      const wrapped = component === "video" && pythonType.startsWith("dict(video");
      return data.ok && wrapped ? success({ video: data.value, subtitles: null }) : data;
    }
  }
}

async function uploadOne(value: unknown, label: string, uploader: Uploader): Promise<Result<unknown>> {
  if (value === null) return success(null);
  const described = await describedFile(value);
  // Already in Gradio's own shape, and on its server.
  if (described === null) return success(value);
  const file = await fileOf(described, label, uploader.folder);
  if (!file.ok) return file;
  if (!(file.value instanceof File)) return success(file.value);
  const { name, type, size } = file.value;
  const { client } = uploader;
  const refuse = (why: string) =>
    failed({
      reason: "refused",
      message: `${label}: the app did not take the file ${name} (${size} bytes): ${why}.`,
    } as const);
  try {
    // What the client's own way of sending files does with a failed upload is to send something else.
    const { error, files } = await client.upload_files(client.config?.root ?? client.app_reference, [file.value]);
    const [path] = files ?? [];
    if (error !== undefined || typeof path !== "string" || path === "")
      return refuse(error ?? "its answer names no file");
    const data: FileData = {
      path,
      orig_name: name,
      ...(type !== "" && { mime_type: type }),
      meta: { _type: "gradio.FileData" },
    };
    return success(data);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** What Gradio's own shape describes, where it isn't a file of the app's; anything else is what it is. */
async function describedFile(value: unknown): Promise<unknown> {
  if (typeof value !== "object" || value === null || !("path" in value) || !("meta" in value)) return value;
  const { path } = value;
  const orig_name = "orig_name" in value && typeof value.orig_name === "string" ? value.orig_name : null;
  if (typeof path !== "string" || !isAbsolute(path)) return null;
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? new File([await openAsBlob(path)], basename(orig_name ?? path)) : null;
}

/** The file to upload; an address on the web is left to the app to fetch. */
async function fileOf(value: unknown, label: string, folder: string): Promise<Result<File | FileData>> {
  const refuse = (message: string) => failed({ reason: "invalid-input", message } as const);
  if (value instanceof File) return success(value);
  if (value instanceof Blob) return success(new File([value], withExtension("file", value.type), { type: value.type }));
  if (value instanceof Uint8Array) return success(new File([new Uint8Array(value)], "file"));
  if (typeof value !== "string")
    return refuse(
      `${label} must be a file's path, not ${Array.isArray(value) ? "a list" : `a value of type ${typeof value}`}.`,
    );
  const source = fileSource(value, folder);
  if (source.kind === "web") {
    const name = basename(new URL(source.url).pathname);
    return success({ path: source.url, url: source.url, orig_name: name, meta: { _type: "gradio.FileData" } });
  }
  if (source.kind === "data-url") {
    const blob = await (await fetch(source.url)).blob();
    return success(new File([blob], withExtension("file", blob.type), { type: blob.type }));
  }
  if (source.kind !== "path") return refuse(`${label} is not a file.`);
  const found = await stat(source.path).catch(() => null);
  if (!found?.isFile())
    return refuse(
      `${label} is ${JSON.stringify(value)}, but there is ${found ? "no file but a folder" : "no such file"}.`,
    );
  return success(new File([await openAsBlob(source.path)], basename(source.path)));
}

async function mapped(
  values: readonly unknown[],
  each: (value: unknown) => Promise<Result<unknown>>,
): Promise<Result<unknown[]>> {
  const results: unknown[] = [];
  for (const value of values) {
    const result = await each(value);
    if (!result.ok) return result;
    results.push(result.value);
  }
  return success(results);
}

function captioned(item: unknown): readonly [file: unknown, caption?: unknown] {
  if (Array.isArray(item)) return [item[0], item[1]];
  if (typeof item !== "object" || item === null || "path" in item) return [item];
  const { image, video, caption } = item as { image?: unknown; video?: unknown; caption?: unknown }; // any object may be read by key
  return [image ?? video ?? item, caption];
}

function isVideo(data: unknown): boolean {
  const name = typeof data === "object" && data !== null && "orig_name" in data ? String(data.orig_name) : "";
  return /\.(mp4|webm|mov|mkv|avi|ogv|m4v)$/i.test(name);
}
