import { closest, distance } from "fastest-levenshtein";
import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { lookup } from "mrmime";
import { failed, type Result, success } from "../../../model/outcome.js";
import { type Field, inputNamed, namesOf, snakeCase, type TaskInputs, toldName } from "../../../model/taskInputs.js";
import { fileSource } from "../../values/fileSource.js";
import type { Values } from "./tasks.js";

/** A node's inputs, told apart into what the model works on and how it is to do so. */
export interface Sorted {
  readonly fields: Values;
  readonly parameters: Values;
}

/**
 * Sorts a node's inputs by the task's names; camelCase names mean the protocol's snake_case ones. Inputs without a value are left
 * out. A name that the task doesn't take is refused.
 */
export async function sortInputs(
  inputs: Values,
  known: TaskInputs,
  node: string,
  task: string,
  folder: string,
): Promise<Result<Sorted>> {
  const fields: Record<string, unknown> = {};
  const parameters: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(inputs)) {
    const input = inputNamed(given, known);
    // Given twice under different names, the second one is none that it takes.
    if (input === null || (input.kind === "field" && fields[input.name] !== undefined)) {
      return unknownName(given, known, node, task);
    }
    if (value === null || value === undefined) continue;
    const { kind, name } = input;
    if (kind === "parameter") {
      parameters[name] = value;
      continue;
    }
    const read = await readField(value, known.fields[name]?.kind ?? "value", `Input \`${node}.${given}\``, folder);
    if (!read.ok) return read;
    fields[name] = read.value;
  }
  const missing = Object.entries(known.fields).find(
    ([name, { optional }]) => optional !== true && fields[name] === undefined,
  )?.[0];
  if (missing !== undefined) {
    return failed({
      reason: "missing-input",
      message: `${task} needs \`${toldName(missing, known)}\`, but \`${node}\` gives no value for it.`,
    });
  }
  return success({ fields, parameters });
}

function unknownName(given: string, known: TaskInputs, node: string, task: string) {
  const name = snakeCase(given);
  const near = closest(name, namesOf(known));
  const listed = [...Object.entries(known.fields).map(fieldNames), ...known.parameters].join(", ");
  const hint =
    distance(name, near) <= Math.max(2, near.length / 3) ? `Did you mean \`${near}\`?` : `It takes: ${listed}.`;
  return failed({
    reason: "invalid-input",
    message: `\`${node}\` gives \`${given}\`, but ${task} takes no such parameter.`,
    hint,
  } as const);
}

function fieldNames([name, { told = name, also = [] }]: readonly [string, Field]): string {
  const others = [name, ...also].filter((each) => each !== told);
  return others.length === 0 ? told : `${told} (or ${others.join(", ")})`;
}

async function readField(value: unknown, kind: Field["kind"], label: string, folder: string): Promise<Result<unknown>> {
  if (kind === "file") return readFile(value, label, folder);
  if (kind === "labels") {
    return success(typeof value === "string" ? value.split(/[,\n]/).flatMap((name) => name.trim() || []) : value);
  }
  if (kind === "table") return success(toColumns(value));
  if (kind === "text" && typeof value !== "string") {
    // Models of these tasks take several texts at a time too.
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return success(value);
    if (typeof value !== "number") return failed({ reason: "invalid-input", message: `${label} must be a text.` });
    return success(String(value));
  }
  return success(value);
}

/** The protocol has a table as its columns, of texts; workflow code has rows, with their headers apart, or a record for each. */
function toColumns(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const column = (cells: readonly unknown[]) =>
    cells.map((cell) => (typeof cell === "string" ? cell : JSON.stringify(cell ?? "")));
  if ("headers" in value && "data" in value && Array.isArray(value.headers) && Array.isArray(value.data)) {
    const rows = value.data as readonly (readonly unknown[])[]; // as a table's component gives them
    return Object.fromEntries(value.headers.map((name, i) => [String(name), column(rows.map((row) => row[i]))]));
  }
  if (!Array.isArray(value)) return value;
  const records = value as readonly Readonly<Record<string, unknown>>[]; // any object may be read by key
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return Object.fromEntries(names.map((name) => [name, column(records.map((record) => record[name]))]));
}

/** A file's bytes with their media type: a path, a data URL, an address on the web or bytes. */
export async function readFile(value: unknown, label: string, folder: string): Promise<Result<Blob>> {
  const refuse = (message: string) => failed({ reason: "invalid-input", message } as const);
  if (value instanceof Blob) return success(value);
  if (value instanceof Uint8Array) return success(new Blob([new Uint8Array(value)]));
  if (typeof value !== "string") return refuse(`${label} must be a file's path.`);
  const source = fileSource(value, folder);
  if (source.kind === "path") {
    const found = await stat(source.path).catch(() => null);
    if (!found?.isFile()) return refuse(`${label} is ${JSON.stringify(value)}, but there is no such file.`);
    return success(
      await openAsBlob(source.path, { type: lookup(basename(source.path)) ?? "application/octet-stream" }),
    );
  }
  if (source.kind === "bytes") return refuse(`${label} must be a file's path.`);
  try {
    const response = await fetch(source.url);
    if (!response.ok) return refuse(`${label} cannot be fetched: the server answered ${response.status}.`);
    return success(await response.blob());
  } catch (error) {
    return refuse(`${label} cannot be fetched: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
