import type { Value } from "../../src/model/value.js";
import type { Table } from "../../src/model/table.js";

/** A table as spreadsheets take it from the clipboard: a row a line, headers first, cells apart by tabs. */
export function tableText({ headers, rows }: Table): string {
  return [headers, ...rows].map((row) => row.map(cellText).join("\t")).join("\n");
}

function cellText(cell: Value): string {
  if (cell === null) return "";
  const text = typeof cell === "string" ? cell : JSON.stringify(cell);
  // Otherwise its tabs and line breaks would be taken for those of the table.
  return /[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
