import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import { filesIn, isFileRef, type Value } from "../../src/model/value.js";
import { count, size } from "../../src/model/quantities.js";
import { tableOf } from "../../src/model/table.js";
import { tableText } from "./tableText.js";

/** How much a value is, in a few words: `1.2 MB`, `340 characters`, `12 items`. Empty for small things. */
export function measureOf(value: Value): string {
  if (isFileRef(value)) return size(value.size);
  if (typeof value === "string") return value.length > 80 ? count(value.length, "character") : "";
  const files = filesIn(value);
  if (files.length > 0) {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    return files.length === 1 ? size(total) : `${count(files.length, "file")} · ${size(total)}`;
  }
  if (Array.isArray(value)) return count(value.length, "item");
  return "";
}

/** A value as text, for saving. */
export function textOf(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** A value as text, for the clipboard: tables as spreadsheets take them. */
export function copiedText(value: Value, spec: ComponentSpec | ItemListSpec): string {
  const { component } = spec;
  const headers = component === "Dataframe" ? spec.props.headers : undefined;
  const table = component === "Dataframe" || component === "ItemList" ? tableOf(value, headers) : null;
  return table ? tableText(table) : textOf(value);
}
