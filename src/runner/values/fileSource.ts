import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { failed, type Result, success } from "../../model/outcome.js";
import type { FileRef } from "../../model/value.js";
import type { BlobStore } from "../../store/blobs.js";
import { quoted } from "./describe.js";
import { bytesOf } from "./plain.js";

/** A file as user code may give it. */
export type FileSource =
  | {
      readonly kind: "path";
      readonly path: string;
      /** Its name outside, where that isn't the path's. */ readonly name?: string;
    }
  | { readonly kind: "data-url"; readonly url: string }
  | { readonly kind: "web"; readonly url: string; readonly name?: string }
  | { readonly kind: "bytes"; readonly bytes: Blob | Uint8Array };

/** What a text in a file's place means. A relative path counts from the workflow's folder, as in a component's `value`. */
export function fileSource(text: string, folder: string): FileSource {
  if (/^data:[^,]*,/i.test(text)) return { kind: "data-url", url: text };
  if (/^https?:\/\//i.test(text)) return { kind: "web", url: text };
  if (/^file:\/\//i.test(text)) return { kind: "path", path: fileURLToPath(text) };
  return { kind: "path", path: isAbsolute(text) ? text : resolve(folder, text) };
}

/**
 * What a value in a file's place means: a path, an address, bytes, or Gradio's own description of a file.
 *
 * @returns `null`: no file; `undefined`: not one at all
 */
export function fileSourceOf(value: unknown, folder: string): FileSource | null | undefined {
  // An empty text is Gradio's way of saying that there is none.
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string") return fileSource(value, folder);
  if (value instanceof URL) return fileSource(value.href, folder);
  const bytes = bytesOf(value);
  if (bytes) return { kind: "bytes", bytes };
  if (typeof value !== "object" || !("path" in value) || typeof value.path !== "string") return undefined;
  const source = fileSource(value.path, folder);
  const name = "orig_name" in value && typeof value.orig_name === "string" ? value.orig_name : "";
  return name !== "" && (source.kind === "path" || source.kind === "web") ? { ...source, name } : source;
}

/**
 * Takes a file into the blobs.
 *
 * @param label the port as messages name it: ``Output `speak.audio` ``
 * @param plainName name for content that has none; an extension is added by what the bytes are
 */
export async function keepFile(
  source: FileSource,
  blobs: BlobStore,
  label: string,
  plainName: string,
  signal: AbortSignal,
): Promise<Result<FileRef>> {
  switch (source.kind) {
    case "path": {
      const problem = await pathProblem(source.path);
      if (problem) {
        return failed({
          reason: "invalid-output",
          message: `${label} is ${quoted(source.path)}, but ${problem}.`,
          hint: "Give the absolute path of a file that was written before; `outputFile(name)` of the function's context makes one.",
        });
      }
      return success(await blobs.putFile(source.path, source.name));
    }
    case "bytes": {
      const { bytes } = source;
      const whole = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
      return success(await blobs.putBytes(whole, nameOf(bytes, plainName)));
    }
    case "data-url":
      return fetched(source.url, blobs, label, plainName, signal);
    case "web":
      return fetched(source.url, blobs, label, source.name ?? lastSegment(source.url) ?? plainName, signal);
  }
}

async function pathProblem(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException); // as `stat` rejects
  if (found instanceof Error) {
    return found.code === "ENOENT" || found.code === "ENOTDIR"
      ? "there is no such file"
      : `it cannot be read (${found.code ?? found.message})`;
  }
  if (found.isDirectory()) return "that is a folder, not a file";
  return found.isFile() ? undefined : "that is not a file";
}

async function fetched(
  url: string,
  blobs: BlobStore,
  label: string,
  name: string,
  signal: AbortSignal,
): Promise<Result<FileRef>> {
  const shown = /^data:/i.test(url) ? "a data URL" : quoted(url);
  const refuse = (why: string) =>
    failed({ reason: "invalid-output", message: `${label} is ${shown}, which cannot be read: ${why}.` } as const);
  try {
    // No token goes along, whatever the host: this address came out of user code.
    const response = await fetch(url, { signal });
    if (!response.ok) return refuse(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const bytes = new Uint8Array(await response.arrayBuffer());
    return success(await blobs.putBytes(bytes, withExtension(name, type)));
  } catch (error) {
    if (signal.aborted) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
}

function nameOf(bytes: Blob | Uint8Array, plainName: string): string {
  if (!(bytes instanceof Blob)) return plainName;
  return bytes instanceof File && bytes.name !== ""
    ? bytes.name
    : withExtension(plainName, bytes.type.split(";")[0] ?? "");
}

function lastSegment(url: string): string | undefined {
  const last = new URL(url).pathname.split("/").findLast((part) => part !== "");
  try {
    return last && decodeURIComponent(last);
  } catch {
    // A percent sign that escapes nothing.
    return last;
  }
}

/** Extensions of the media types whose content says nothing about itself, or which services use under several names. */
const extensions: Readonly<Record<string, string>> = {
  "text/plain": ".txt",
  "text/html": ".html",
  "text/css": ".css",
  "text/csv": ".csv",
  "text/markdown": ".md",
  "application/json": ".json",
  "application/pdf": ".pdf",
  "image/svg+xml": ".svg",
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "image/gif": ".gif",
  "image/webp": ".webp",
  "audio/wav": ".wav",
  "audio/x-wav": ".wav",
  "audio/wave": ".wav",
  "audio/mpeg": ".mp3",
  "audio/mp3": ".mp3",
  "audio/flac": ".flac",
  "audio/ogg": ".ogg",
  "audio/webm": ".webm",
  "video/mp4": ".mp4",
  "video/webm": ".webm",
  "model/gltf-binary": ".glb",
};

/** The name, with an extension where it lacks one and the media type tells it. */
export function withExtension(name: string, mediaType: string): string {
  return /\.\w{1,8}$/.test(name) ? name : name + (extensions[mediaType.toLowerCase()] ?? "");
}
