import { type ComponentSpec, FILE_COMPONENTS, type ItemListSpec } from "./component.js";

/**
 * How what is returned for an output is read, as its component decides: which texts in it are files. `any`: none, but what the
 * execution has made itself. Of an item list, by field; fields that are read as `any` are left out.
 */
export type OutputReading = "any" | "file" | "files" | "gallery" | { readonly [field: string]: OutputReading };

/** File components that show several. */
const SEVERAL: ReadonlySet<string> = new Set(["File", "ImageSlider"]);

/** Components that are read alike can be exchanged: what was returned for the one is right for the other. */
export function readingOf(spec: ComponentSpec | ItemListSpec | null): OutputReading {
  if (spec === null) return "any";
  if (spec.component === "ItemList") {
    const fields = Object.entries(spec.fields).map(([name, field]) => [name, readingOf(field)] as const);
    const files = fields.filter(([, reading]) => reading !== "any");
    return files.length === 0 ? "any" : Object.fromEntries(files);
  }
  if (!FILE_COMPONENTS.has(spec.component)) return "any";
  if (spec.component === "Gallery") return "gallery";
  return SEVERAL.has(spec.component) ? "files" : "file";
}
