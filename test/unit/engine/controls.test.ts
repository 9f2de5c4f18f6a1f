import { expect, test } from "vitest";
import { unfit } from "../../../src/engine/controls.js";
import type { ComponentName } from "../../../src/model/component.js";
import type { JsonObject } from "../../../src/model/json.js";
import type { Value } from "../../../src/model/value.js";

const message = (component: ComponentName, value: Value, props: JsonObject = {}) =>
  unfit("prompt", { component, props }, value)?.message ?? null;
const file = { $file: "a".repeat(64), name: "a.png", mediaType: "image/png", size: 1 };

test.each<[ComponentName, Value]>([
  ["Textbox", "text"],
  ["Number", 1.5],
  ["Checkbox", false],
  ["CheckboxGroup", ["a"]],
  ["Image", file],
  ["Gallery", [{ image: file, caption: "one" }]],
  ["Gallery", []],
  ["JSON", { anything: [1] }],
  ["Dropdown", "choice"],
  ["Number", null],
])("%s takes %j", (component, value) => {
  expect(message(component, value)).toBeNull();
});

test("what doesn't fit is named with its control", () => {
  expect(message("Number", "seven")).toBe('`prompt` takes a number, not "seven".');
  expect(message("Textbox", ["a"])).toBe("`prompt` takes a text, not a list.");
  expect(message("Checkbox", "yes")).toBe('`prompt` is on or off, not "yes".');
  expect(message("Image", "/home/me/a.png")).toBe('`prompt` takes a file, not "/home/me/a.png".');
  expect(message("Slider", 11, { minimum: 0, maximum: 10 })).toBe("`prompt` must be at most 10; 11 is more.");
  expect(message("Number", -1, { minimum: 0 })).toBe("`prompt` must be at least 0; -1 is less.");
});
