/** The shapes in which Gradio (and functions) give the values of its richer components; `null`: it is none of them. */
import type { Json } from "../../src/model/json.js";
import { type FileRef, isFileRef, type Value } from "../../src/model/value.js";

type Fields = Readonly<Record<string, Json>>;

function fieldsOf(value: Value | undefined): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isFileRef(value)
    ? (value as Fields) // a JSON object: neither array nor file
    : null;
}

function listOf(value: Value | undefined): readonly Value[] | null {
  return Array.isArray(value) ? (value as readonly Value[]) : null; // `isArray` forgets what the array holds
}

const fileOrNull = (value: Value | undefined): FileRef | null => (isFileRef(value) ? value : null);

export function audioOf(value: Value): FileRef | null {
  return fileOrNull(value) ?? fileOrNull(fieldsOf(value)?.audio);
}

export function videoOf(value: Value): FileRef | null {
  return fileOrNull(value) ?? fileOrNull(fieldsOf(value)?.video);
}

/** Two pictures to compare. */
export function pairOf(value: Value): readonly [FileRef, FileRef] | null {
  const [first, second, more] = listOf(value) ?? [];
  return isFileRef(first) && isFileRef(second) && more === undefined ? [first, second] : null;
}

/**
 * What was chosen, in the words that the choices have for it.
 *
 * @param choices values, or pairs of a label and a value
 */
export function choicesOf(value: Value, choices?: Json): readonly string[] | null {
  const labels = new Map((listOf(choices) ?? []).flatMap((choice) => labelled(choice)));
  return allOf(listOf(value)?.map((each) => (isScalar(each) ? (labels.get(each) ?? String(each)) : null)));
}

function labelled(choice: Value): readonly (readonly [Value, string])[] {
  const [label, value] = listOf(choice) ?? [];
  return typeof label === "string" && value !== undefined ? [[value, label]] : [];
}

function isScalar(value: Value): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

export interface GalleryItem {
  readonly file: FileRef;
  readonly caption: string;
}

export function galleryOf(value: Value): readonly GalleryItem[] | null {
  const items = listOf(value)?.map((item): GalleryItem | null => {
    if (isFileRef(item)) return { file: item, caption: "" };
    const [file, caption] = listOf(item) ?? [];
    if (isFileRef(file)) return { file, caption: typeof caption === "string" ? caption : "" };
    const fields = fieldsOf(item);
    const inside = fileOrNull(fields?.image) ?? fileOrNull(fields?.video);
    const words = fields?.caption;
    return inside && { file: inside, caption: typeof words === "string" ? words : "" };
  });
  return allOf(items);
}

export interface LabelScores {
  readonly label: string;
  /** 0 to 1, best first. */
  readonly scores: readonly { readonly label: string; readonly score: number }[];
}

export function labelOf(value: Value): LabelScores | null {
  if (typeof value === "string" || typeof value === "number") return { label: String(value), scores: [] };
  const list = listOf(value) ?? listOf(fieldsOf(value)?.confidences);
  const fields = fieldsOf(value);
  const given = list
    ? list.map((entry) => {
        const part = fieldsOf(entry);
        return { label: part?.label, score: part?.confidence ?? part?.score };
      })
    : Object.entries(fields ?? {}).map(([label, score]) => ({ label, score }));
  const scores = given.flatMap(({ label, score }) =>
    typeof label === "string" && typeof score === "number" ? [{ label, score }] : [],
  );
  const named = fields?.label;
  if (scores.length !== given.length || scores.length === 0) {
    return typeof named === "string" ? { label: named, scores: [] } : null;
  }
  scores.sort((a, b) => b.score - a.score);
  return { label: typeof named === "string" ? named : (scores[0]?.label ?? ""), scores };
}

export interface Highlight {
  readonly text: string;
  /** `null`: plain text. A number is a score from -1 to 1. */
  readonly mark: string | number | null;
}

export function highlightsOf(value: Value): readonly Highlight[] | null {
  const fields = fieldsOf(value);
  const text = fields?.text;
  const entities = listOf(fields?.entities);
  if (typeof text === "string" && entities) return spansOf(text, entities);
  const parts = listOf(value)?.map((part): Highlight | null => {
    const [words, mark] = listOf(part) ?? [fieldsOf(part)?.token, fieldsOf(part)?.class_or_confidence];
    return typeof words === "string" ? { text: words, mark: isMark(mark) ? mark : null } : null;
  });
  return allOf(parts);
}

function isMark(value: Value | undefined): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function spansOf(text: string, entities: readonly Value[]): readonly Highlight[] | null {
  const spans = entities.map((entity) => {
    const fields = fieldsOf(entity);
    const { start, end } = { start: fields?.start, end: fields?.end };
    const mark = fields?.entity ?? fields?.entity_group;
    return typeof start === "number" && typeof end === "number"
      ? { start, end, mark: isMark(mark) ? mark : null }
      : null;
  });
  const sorted = allOf(spans)?.toSorted((a, b) => a.start - b.start);
  if (!sorted) return null;
  const parts: Highlight[] = [];
  let at = 0;
  for (const { start, end, mark } of sorted) {
    if (start < at) continue; // overlapping entities: the first stands
    if (start > at) parts.push({ text: text.slice(at, start), mark: null });
    parts.push({ text: text.slice(start, end), mark });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), mark: null });
  return parts;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: Value;
}

export function chatOf(value: Value): readonly ChatMessage[] | null {
  const messages = listOf(value)?.map((entry): readonly ChatMessage[] | null => {
    const fields = fieldsOf(entry);
    const role = fields?.role;
    if (typeof role === "string" && fields?.content !== undefined) return [{ role, content: fields.content }];
    // The older form: pairs of what the user and the assistant said.
    const pair = listOf(entry);
    if (pair?.length !== 2) return null;
    const roles = ["user", "assistant"];
    return pair.flatMap((content, index) => (content === null ? [] : [{ role: roles[index] ?? "", content }]));
  });
  return allOf(messages)?.flat() ?? null;
}

export function dialogueOf(value: Value): readonly { readonly speaker: string; readonly text: string }[] | null {
  if (typeof value === "string") return [{ speaker: "", text: value }];
  const lines = listOf(value)?.map((line) => {
    const { speaker, text } = { speaker: fieldsOf(line)?.speaker, text: fieldsOf(line)?.text };
    return typeof text === "string" ? { speaker: typeof speaker === "string" ? speaker : "", text } : null;
  });
  return allOf(lines);
}

/** A list of objects. */
export function recordsOf(value: Value): readonly Fields[] | null {
  return allOf(listOf(value)?.map((item) => fieldsOf(item)));
}

/** All of them, or `null` if any is missing. */
function allOf<T>(items: readonly (T | null)[] | undefined): T[] | null {
  if (!items) return null;
  const present = items.filter((item): item is T => item !== null);
  return present.length === items.length ? present : null;
}
