import type { ComponentName } from "../model/component.js";
import { COMPONENT, ITEM_LIST, marked } from "./marks.js";

declare const gives: unique symbol;
declare const takes: unique symbol;

/**
 * A `gr.*` component: as an input, a control on the card; as an output, how a value is shown.
 * `Gives` is the type of its value, `Takes` what it is able to show.
 */
export interface Component<out Gives, in Takes = Gives> {
  /** Never there at run time: these two only tell the types. */
  readonly [gives]: Gives;
  readonly [takes]: (shown: Takes) => void;
}

/** `itemList({ … })`: a list whose items can be edited on the card. */
export interface ItemList<out Item> {
  readonly [gives]: Item[];
  readonly fields: readonly string[];
}

/** What a component is made of, for the runner. */
export interface ComponentInfo {
  readonly component: ComponentName;
  /** As the author wrote them. */
  readonly options: Readonly<Record<string, unknown>>;
}

export type ItemListInfo = Readonly<Record<string, object>>;

class ComponentObject {
  readonly [COMPONENT]: ComponentInfo;

  constructor(info: ComponentInfo) {
    this[COMPONENT] = info;
  }
}

/** @internal */
export function makeComponent(component: ComponentName, options: object = {}): ComponentObject {
  // Authors may write plain JavaScript, or cast.
  if (typeof options !== "object" || Array.isArray(options)) {
    throw new TypeError(`gr.${component} takes one object with options, such as { label: "…" }.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === "function") {
      throw new TypeError(
        `gr.${component}: option \`${name}\` is a function. For a value that is made anew each run, write the function as the node's input itself.`,
      );
    }
  }
  return new ComponentObject({ component, options: { ...options } });
}

/** The fields' values, one key a field. */
export type ItemOf<Fields> = { [Field in keyof Fields]: Fields[Field] extends Component<infer V, never> ? V : never };

class ItemListObject {
  readonly [ITEM_LIST]: ItemListInfo;
  readonly fields: readonly string[];

  constructor(fields: ItemListInfo) {
    this[ITEM_LIST] = fields;
    this.fields = Object.keys(fields);
  }
}

/** Declares an output as a list whose items can be edited on the card before what follows runs; one component a field. */
export function itemList<Fields extends Readonly<Record<string, Component<unknown, never>>>>(
  fields: Fields,
): ItemList<ItemOf<Fields>> {
  for (const [name, field] of Object.entries(fields)) {
    if (marked(field, COMPONENT) === undefined) {
      throw new TypeError(
        `itemList: field \`${name}\` is not a component; write gr.Textbox() or another gr component.`,
      );
    }
  }
  // The phantom property exists in types only.
  return new ItemListObject({ ...fields }) as unknown as ItemList<ItemOf<Fields>>;
}
