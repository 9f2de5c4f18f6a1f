import { afterEach, expect, test } from "vitest";
import { unfit } from "../../../src/engine/controls.js";
import type { ComponentName, ComponentSpec } from "../../../src/model/component.js";
import type { JsonObject } from "../../../src/model/json.js";
import type { Value } from "../../../src/model/value.js";
import { Workspace } from "./workspace.js";

let w: Workspace | undefined;
afterEach(() => w?.dispose());

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
  expect(message("Checkbox", "yes")).toBe('`prompt` takes true or false, not "yes".');
  expect(message("Image", "/home/me/a.png")).toBe('`prompt` takes an image, not "/home/me/a.png".');
  expect(message("Slider", 11, { minimum: 0, maximum: 10 })).toBe("`prompt` must be at most 10; 11 is more.");
  expect(message("Number", -1, { minimum: 0 })).toBe("`prompt` must be at least 0; -1 is less.");
});

test.each<[ComponentName, JsonObject, Value, string]>([
  ["Slider", {}, 101, "must be at most 100; 101 is more."],
  ["Number", { precision: 0 }, 1.5, "takes a whole number, not 1.5."],
  ["Textbox", { maxLength: 3 }, "four", "takes at most 3 characters; these are 4."],
  ["Radio", { choices: ["a", ["Bee", "b"]] }, "Bee", 'takes one of "a", "b", not "Bee".'],
  ["Dropdown", { choices: ["a"] }, ["a"], "takes one choice, not a list."],
  ["Dropdown", { choices: ["a"], multiselect: true }, "a", 'takes a list of choices, not "a".'],
  [
    "Dropdown",
    { choices: ["a", "b"], multiselect: true, maxChoices: 1 },
    ["a", "b"],
    "takes at most 1 choice; these are 2.",
  ],
  ["CheckboxGroup", { choices: ["a"] }, ["a", "c"], 'takes only "a", not "c".'],
  ["Audio", {}, file, "takes an audio file; a.png is image/png."],
  ["Model3D", {}, file, "takes a 3D model (.glb, .gltf, .obj, .stl, .splat, .ply); a.png is image/png."],
  ["File", { fileTypes: [".csv"] }, file, "takes a file (.csv); a.png is image/png."],
  ["File", {}, [file], "takes a file, not a list."],
])("%s %j cannot hold %j", (component, props, value, problem) => {
  expect(message(component, value, props)).toBe(`\`prompt\` ${problem}`);
});

test.each<[ComponentSpec, Value]>([
  [{ component: "Dropdown", props: {}, unknown: ["choices"] }, "z"],
  [{ component: "Dropdown", props: { choices: ["a"] }, unknown: ["…"] }, ["z"]],
  [{ component: "Dropdown", props: { choices: ["a"], allowCustomValue: true } }, "z"],
  [{ component: "Slider", props: {}, unknown: ["maximum"] }, 1e6],
  [{ component: "File", props: {}, unknown: ["fileCount"] }, [file]],
  [
    { component: "File", props: { fileTypes: ["text"] } },
    { ...file, name: "a.py", mediaType: "application/octet-stream" },
  ],
  [{ component: "File", props: { fileCount: "multiple" } }, [file, file]],
])("what %j may take isn't known to exclude %j", (spec, value) => {
  expect(unfit("prompt", spec, value)).toBeNull();
});

test("a table's default is given with its headers, however it is written", async () => {
  w = await Workspace.create(`import { FnNode, Graph, gr } from "daggr";
const seen = new FnNode(({ table }: { table: { headers: string[]; data: unknown[][] } }) => JSON.stringify(table), {
  inputs: { table: gr.Dataframe({ headers: ["a", "b"], value: [[1, "2"]] }) },
  outputs: { text: gr.Textbox() },
});
export default new Graph({ name: "tables", nodes: [seen] });
`);
  await w.open();
  await w.run();
  expect(w.output("seen", "text")).toBe('{"headers":["a","b"],"data":[[1,"2"]]}');
});
