import { isFileRef, type Value } from "./value.js";

/** What a `gr.Dataframe` holds. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/**
 * A table, as `{ headers, data }`, as its rows alone or as one record a row; `null`: it is none.
 *
 * @param named - the component's own `headers`, for rows that come without.
 */
export function tableOf(value: Value, named?: unknown): Table | null {
  const fields = isRecord(value) ? value : null;
  const own = listIn(fields?.headers ?? fields?.columns);
  const data = listIn(fields?.data) ?? listIn(value);
  if (!data) return null;
  if (data.length > 0 && data.every(isRecord)) {
    const keys = [...new Set(data.flatMap((record) => Object.keys(record)))];
    return { headers: keys, rows: data.map((record) => keys.map((key) => record[key] ?? null)) };
  }
  if (!data.every(isList) || (data.length === 0 && !own)) return null;
  const headers = own ?? (Array.isArray(named) ? (named as readonly Value[]) : []);
  const width = Math.max(own?.length ?? 0, ...data.map((row) => row.length));
  const names = Array.from({ length: width }, (_, index) => headers[index] ?? index + 1);
  return { headers: names.map((name) => (typeof name === "string" ? name : JSON.stringify(name))), rows: data };
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isFileRef(value);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function listIn(value: Value | undefined): readonly Value[] | null {
  return value !== undefined && isList(value) ? value : null;
}
