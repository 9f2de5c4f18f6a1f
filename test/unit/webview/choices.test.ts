import { expect, test } from "vitest";
import type { ComponentSpec } from "../../../src/model/component.js";
import { stillChoices } from "../../../webview/controls/control.js";

const dropdown = (props: ComponentSpec["props"]): ComponentSpec => ({ component: "Dropdown", props });

test("what is no choice any more goes with the next change, unless anything may be typed", () => {
  const choices = ["a", ["B", 2]];
  expect(stillChoices(dropdown({ choices }), ["a", 2, "B", "gone"])).toEqual(["a", 2]);
  expect(stillChoices(dropdown({ choices, allowCustomValue: true }), ["a", "own"])).toEqual(["a", "own"]);
});

test("nothing goes while the choices aren't known", () => {
  expect(stillChoices(dropdown({}), ["a", "b"])).toEqual(["a", "b"]);
});
