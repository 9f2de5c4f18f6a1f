import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import type { OutputPort } from "../../src/model/graph.js";
import { isFileRef, type StoredValue } from "../../src/model/value.js";

/** The component that draws an output; `null`: its author doesn't want it shown. */
export function shownAs(
  { spec, undeclared }: OutputPort,
  stored: StoredValue | undefined,
): ComponentSpec | ItemListSpec | null {
  if (spec === null) return undeclared === true ? { component: plainComponent(stored), props: {} } : null;
  return spec.component === "ItemList" || spec.props.visible !== false ? spec : null;
}

/** What draws a value of which nobody said what it is: text as text, anything else as what it is made of. */
function plainComponent(stored: StoredValue | undefined): ComponentSpec["component"] {
  if (stored?.kind !== "inline") return "JSON";
  return isFileRef(stored.value) ? "File" : typeof stored.value === "string" ? "Text" : "JSON";
}
