/** Microsoft's webview UI toolkit: only this folder uses its elements, so that they can be replaced in one place. */
import {
  provideVSCodeDesignSystem,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeRadio,
  vsCodeRadioGroup,
  vsCodeTextArea,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";

provideVSCodeDesignSystem().register(
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeRadio(),
  vsCodeRadioGroup(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

/** Gives an element its name for screen readers: the toolkit overwrites `aria-label` with a word of its own when it connects. */
export function named(label: string): (element: Element) => void {
  return (element) => element.setAttribute("aria-label", label);
}

/** The value of one of the toolkit's elements that an event came from. */
export function valueOf(event: Event): string {
  const element = event.currentTarget;
  return element !== null && "value" in element && typeof element.value === "string" ? element.value : "";
}

export function checkedOf(event: Event): boolean {
  const element = event.currentTarget;
  return element !== null && "checked" in element && element.checked === true;
}
