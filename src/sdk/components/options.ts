/** Options that every component has, with Gradio's meaning. */
export interface ComponentOptions {
  /** Shown above the control. */
  readonly label?: string;
  /** A line of explanation under the label. */
  readonly info?: string;
  readonly showLabel?: boolean;
  /** `false`: not drawn; its value counts all the same. */
  readonly visible?: boolean;
  /** Whether the value can be edited. As an input the default is `true`. */
  readonly interactive?: boolean;
  /** Draw a box around it. */
  readonly container?: boolean;
  /** Size beside its neighbours. */
  readonly scale?: number;
  /** Pixels. */
  readonly minWidth?: number;
  readonly elemId?: string;
  readonly elemClasses?: string | readonly string[];
}

/** A component with a default value of that type. */
export interface WithValue<V> extends ComponentOptions {
  /** The value until the user gives another. */
  readonly value?: V | null;
}

/** Sizes of what is shown: pixels, or a CSS length. */
export interface Sized {
  readonly height?: number | string;
  readonly width?: number | string;
}
