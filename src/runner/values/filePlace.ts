import type { ComponentSpec, ItemListSpec } from "../../model/component.js";
import { readingOf } from "../../model/outputReading.js";
import type { Path } from "./plain.js";

/** What may stand at a place of an output's value; for files, the component that asks for them. */
export type Place =
  | {
      readonly kind: "file" | "files" | "gallery-item";
      /** As the author writes it: `gr.Image`. */
      readonly component: string;
    }
  /** Anything; only what lies in the execution's own folder is a file. */
  | { readonly kind: "any" };

const any: Place = { kind: "any" };

/** Where a value stands decides which of its texts are files. */
export function placeOf(spec: ComponentSpec | ItemListSpec | null, path: Path): Place {
  if (spec === null) return any;
  const [item, part, ...below] = path;
  if (spec.component === "ItemList") {
    const isField = typeof item === "number" && typeof part === "string" && Object.hasOwn(spec.fields, part);
    return isField ? placeOf(spec.fields[part] ?? null, below) : any;
  }
  const reading = readingOf(spec);
  if (reading === "any") return any;
  const component = `gr.${spec.component}`;
  if (item === undefined) return { kind: reading === "file" ? "file" : "files", component };
  if (typeof item !== "number") return any;
  if (reading !== "gallery") return part === undefined ? { kind: "file", component } : any;
  if (part === undefined) return { kind: "gallery-item", component };
  // A gallery's [file, caption], or Gradio's { image, caption }.
  const isFile = below.length === 0 && (part === 0 || part === "image" || part === "video");
  return isFile ? { kind: "file", component } : any;
}

/** Whether the value is looked into for its files, instead of being one itself. */
export function holdsFiles({ kind }: Place, value: unknown): boolean {
  if (kind === "files") return Array.isArray(value);
  if (kind !== "gallery-item" || typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || "image" in value || "video" in value;
}
