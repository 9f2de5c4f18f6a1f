import { isAbsolute, sep } from "node:path";
import { type Result, success } from "../../../model/outcome.js";

/**
 * A table as Gradio sends one: with its headers apart. Workflow code may have rows alone, or a record for each.
 */
export function toAppTable(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const rows = value as readonly unknown[]; // `isArray` gives `any[]`
  if (rows.every((row) => Array.isArray(row))) {
    const width = Math.max(0, ...rows.map((row) => (row as readonly unknown[]).length)); // just checked
    // As Gradio names columns without a name.
    return { headers: Array.from({ length: width }, (_, i) => String(i + 1)), data: rows, metadata: null };
  }
  if (!rows.every((row) => typeof row === "object" && row !== null)) return value;
  const records = rows as readonly Readonly<Record<string, unknown>>[]; // any object may be read by key
  const headers = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { headers, data: records.map((record) => headers.map((key) => record[key] ?? null)), metadata: null };
}

/** Brings a file to the app; answers what the app has to be told about it. */
type Put = (file: unknown) => Promise<Result<unknown>>;

/**
 * A conversation as this app takes it, its files uploaded. Workflow code has messages whose content is a text, or pairs of texts; apps of Gradio 6 take
 * each content as a list of parts.
 *
 * @param pythonType the parameter's type, as the app describes it
 * @param own the folder whose paths are files and no texts
 */
export async function toAppChat(value: unknown, pythonType: string, own: string, put: Put): Promise<Result<unknown>> {
  if (!Array.isArray(value) || !pythonType.includes("role")) return success(value);
  const inParts = pythonType.includes("content: list[");
  const messages: unknown[] = [];
  for (const message of (value as readonly unknown[]).flatMap(fromPair)) {
    if (typeof message !== "object" || message === null || !("content" in message)) {
      messages.push(message);
      continue;
    }
    const parts: unknown[] = [];
    for (const part of Array.isArray(message.content) ? (message.content as unknown[]) : [message.content]) {
      const file = fileIn(part, own);
      const sent = file === undefined ? success(part) : await put(file);
      if (!sent.ok) return sent;
      if (file !== undefined) parts.push({ file: sent.value, alt_text: null, ...(inParts && { type: "file" }) });
      else parts.push(inParts && typeof part === "string" ? { text: part, type: "text" } : part);
    }
    messages.push({ ...message, content: inParts || Array.isArray(message.content) ? parts : parts[0] });
  }
  return success(messages);
}

/** `[asked, answered]`, either of which may be missing, as messages. */
function fromPair(each: unknown): unknown[] {
  if (!Array.isArray(each)) return [each];
  const [asked, answered] = each as readonly unknown[]; // `isArray` gives `any[]`
  return [
    ...(asked === null || asked === undefined ? [] : [{ role: "user", content: asked }]),
    ...(answered === null || answered === undefined ? [] : [{ role: "assistant", content: answered }]),
  ];
}

/** The file that a part of a message is. A text is one only where nobody but this program can have put it there. */
function fileIn(part: unknown, own: string): unknown {
  if (typeof part === "string") return isAbsolute(part) && part.startsWith(own + sep) ? part : undefined;
  if (typeof part !== "object" || part === null) return undefined;
  if ("file" in part) return part.file;
  return "path" in part ? ("meta" in part ? part : part.path) : undefined;
}
