import { ts } from "ts-morph";
import { COMPONENT_NAMES, type ComponentName } from "../../model/component.js";
import type { Json } from "../../model/json.js";
import { message } from "../diagnostics.js";
import { type Site, unwrap } from "../site.js";
import type { StaticValue } from "../staticValue.js";
import { nearest, renameFix } from "../suggestion.js";
import type { ComponentReading, Reader } from "./reader.js";

const NAMES: ReadonlySet<string> = new Set(COMPONENT_NAMES);

/** `gr.Textbox({ … })`. `null` for a component that doesn't exist. */
export const component: Reader<ComponentReading | null> = {
  construct: "gr",
  read(site, reading) {
    const name = site.construct.slice("gr.".length);
    if (!isComponentName(name)) {
      const called = unwrap(site.expression.expression);
      const plain = ts.isPropertyAccessExpression(called);
      const at = { module: site.module, node: plain ? called.name : called };
      const meant = nearest(name, COMPONENT_NAMES);
      const fixes = meant === null || !plain ? undefined : [renameFix(meant, at)];
      reading.report({ ...message("unknown-component", name, meant), at, ...(fixes && { fixes }) });
      reading.complete = false;
      return null;
    }
    const props = Object.create(null) as Record<string, Json>; // options may be called as any object's members are
    const unknown: string[] = [];
    let value: Json | undefined;
    const [argument] = site.expression.arguments ?? [];
    const options = argument && reading.evaluate({ node: argument, module: site.module });
    if (options?.kind === "object") {
      const { entries, open } = reading.properties(options, "One of the component's options");
      for (const property of entries.values()) {
        const given = reading.evaluate(property.value);
        if (given.kind === "literal" && given.value === undefined) continue;
        const json = reading.json(property.value);
        if (json === undefined) unknown.push(property.name);
        else if (property.name === "value") value = json;
        else props[property.name] = json;
      }
      if (open.length > 0) unknown.push("…");
    } else if (options) {
      unknown.push("…");
      reading.complete = false;
    }
    return { kind: "component", component: name, props, ...(value !== undefined && { value }), unknown, site };
  },
};

function isComponentName(name: string): name is ComponentName {
  return NAMES.has(name);
}

/** The site of a value that is a component; `null` for anything else. */
export function componentSite(value: StaticValue): Site | null {
  return value.kind === "site" && value.site.construct.startsWith("gr.") ? value.site : null;
}
