import type { WithValue } from "./options.js";

/** What a choice may be: itself, or a label with the value behind it. */
export type ChoiceItem = string | number | boolean | readonly [label: string, value: string | number | boolean];

/** The values behind the choices: of `["a", ["Bee", "b"]]`, `"a" | "b"`. */
export type ChoiceValue<C extends readonly ChoiceItem[]> = Widened<
  C[number] extends infer Item ? (Item extends readonly [string, infer V] ? V : Item) : never
>;

/** No choices known here: any text or number. */
type Widened<V> = [V] extends [never] ? string : V;

export interface RadioOptions<C extends readonly ChoiceItem[]> extends WithValue<ChoiceValue<C>> {
  readonly choices?: C;
  /** `"index"`: the value is the choice's position. */
  readonly type?: "value" | "index";
  readonly rtl?: boolean;
}

export interface CheckboxGroupOptions<C extends readonly ChoiceItem[]> extends WithValue<readonly ChoiceValue<C>[]> {
  readonly choices?: C;
  readonly type?: "value" | "index";
  readonly showSelectAll?: boolean;
}

export interface DropdownOptions<
  C extends readonly ChoiceItem[],
  Multi extends boolean,
  Custom extends boolean,
> extends WithValue<Multi extends true ? readonly DropdownItem<C, Custom>[] : DropdownItem<C, Custom>> {
  readonly choices?: C;
  /** Several may be chosen; the value is an array. */
  readonly multiselect?: Multi;
  /** Texts that are not among the choices may be typed. */
  readonly allowCustomValue?: Custom;
  readonly maxChoices?: number;
  readonly filterable?: boolean;
  readonly type?: "value" | "index";
}

export type DropdownValue<
  C extends readonly ChoiceItem[],
  Multi extends boolean,
  Custom extends boolean,
> = Multi extends true ? DropdownItem<C, Custom>[] : DropdownItem<C, Custom>;

type DropdownItem<C extends readonly ChoiceItem[], Custom extends boolean> = Custom extends true
  ? ChoiceValue<C> | string
  : ChoiceValue<C>;

export type CheckboxOptions = WithValue<boolean>;

export type ColorPickerOptions = WithValue<string>;

export interface NumberOptions extends WithValue<number> {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly step?: number;
  /** Digits after the point; 0 for whole numbers. */
  readonly precision?: number;
  readonly placeholder?: string;
}

export interface SliderOptions extends WithValue<number> {
  /** Default 0. */
  readonly minimum?: number;
  /** Default 100. */
  readonly maximum?: number;
  readonly step?: number;
  readonly precision?: number;
  readonly randomize?: boolean;
  readonly showResetButton?: boolean;
}
