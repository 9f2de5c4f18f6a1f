import { component, componentSite } from "./component.js";
import type { ComponentReading, ItemListReading, Reader } from "./reader.js";

/** `itemList({ speaker: gr.Dropdown({ … }), text: gr.Textbox() })`. */
export const itemList: Reader<ItemListReading> = {
  construct: "itemList",
  read(site, reading) {
    const fields = Object.create(null) as Record<string, ComponentReading>; // fields may be called as any object's members are
    const [argument] = site.expression.arguments ?? [];
    const value = argument && reading.evaluate({ node: argument, module: site.module });
    if (value?.kind === "object") {
      for (const property of reading.properties(value, "One of the fields").entries.values()) {
        const site = componentSite(reading.evaluate(property.value));
        const field = site && component.read(site, reading);
        if (field) fields[property.name] = field;
        else reading.complete = false;
      }
    } else {
      reading.complete = false;
    }
    return { kind: "item-list", fields, site };
  },
};
