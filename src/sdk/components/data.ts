import type { Untyped } from "../untyped.js";
import type { WithValue } from "./options.js";

export interface JsonOptions<T> extends WithValue<T> {
  readonly open?: boolean;
  readonly showIndices?: boolean;
  readonly height?: number | string;
  readonly maxHeight?: number | string;
  readonly minHeight?: number | string;
}

/** Any JSON, unless the author says what it holds: `gr.JSON<Line[]>()`. */
export type AnyJson = Untyped;

export interface LabelOptions extends WithValue<LabelInput> {
  readonly numTopClasses?: number;
  readonly color?: string;
  readonly showHeading?: boolean;
}

/** The best class, and all classes with their confidence from 0 to 1. */
export interface LabelValue {
  readonly label: string | number | null;
  readonly confidences?: { readonly label: string | number; readonly confidence: number | null }[] | null;
}

/** A class, or confidences by class, from 0 to 1. */
export type LabelInput =
  | {
      readonly label: string | number | null;
      readonly confidences?: readonly { readonly label: string | number; readonly confidence: number | null }[] | null;
    }
  | string
  | number
  | Readonly<Record<string, number>>;

export interface DataframeOptions extends WithValue<DataframeInput> {
  readonly headers?: readonly string[];
  readonly datatype?: Datatype | readonly Datatype[];
  readonly rowCount?: number | readonly [count: number, mode: "fixed" | "dynamic"];
  readonly colCount?: number | readonly [count: number, mode: "fixed" | "dynamic"];
  readonly type?: "pandas" | "numpy" | "array" | "polars";
  readonly maxHeight?: number | string;
  readonly wrap?: boolean;
  readonly lineBreaks?: boolean;
  readonly columnWidths?: readonly (number | string)[];
  readonly showRowNumbers?: boolean;
  readonly showSearch?: "none" | "search" | "filter";
  readonly maxChars?: number;
  readonly pinnedColumns?: number;
  readonly staticColumns?: readonly number[];
  readonly latexDelimiters?: readonly { readonly left: string; readonly right: string; readonly display: boolean }[];
  readonly showCopyButton?: boolean;
  readonly showFullscreenButton?: boolean;
}

type Datatype = "str" | "number" | "bool" | "date" | "markdown" | "html" | "image" | "auto";

export type Cell = string | number | boolean | null;

export interface DataframeValue {
  headers: string[];
  data: Cell[][];
}

/** A table, its rows alone, or one record a row. */
export type DataframeInput =
  | { readonly headers: readonly string[]; readonly data: readonly (readonly Cell[])[] }
  | readonly (readonly Cell[])[]
  | readonly Readonly<Record<string, Cell>>[];
