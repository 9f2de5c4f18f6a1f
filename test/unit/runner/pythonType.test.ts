import { expect, test } from "vitest";
import { mayHoldFiles, shapeOf } from "../../../src/runner/executors/gradio/pythonType.js";

const file = { kind: "file" };
const text = { kind: "plain", isText: true };
const none = { kind: "plain", isText: false };

test("files are found wherever an app's description of a type has them", () => {
  expect(shapeOf("filepath")).toEqual(file);
  expect(shapeOf("list[filepath | None]")).toEqual({ kind: "list", items: [{ kind: "union", of: [file, none] }] });
  expect(shapeOf("tuple[filepath, str]")).toEqual({ kind: "list", items: [file, text] });
  expect(
    shapeOf("dict(picture: filepath (What it (or its copy) shows, in colour), label: str, str, filepath)"),
  ).toEqual({
    kind: "record",
    fields: new Map([
      ["picture", file],
      ["label", text],
    ]),
    rest: file,
  });
});

test("a file is one in the words of older apps, too", () => {
  const old = "dict(path: str, url: str | None, size: int | None, orig_name: str | None, mime_type: str | None, is_stream: bool, meta: dict(_type: Literal[gradio.FileData]))"; // prettier-ignore
  expect(shapeOf(`list[${old}]`)).toEqual({ kind: "list", items: [file] });
});

test.each([
  "str",
  "Literal['a (b)', 'c']",
  "list[dict(token: str, class_or_confidence: str | float | None)]",
  "dict()",
])("%s holds none", (type) => expect(mayHoldFiles(shapeOf(type))).toBe(false));

test.each(["Any", "str | float | bool | list | dict", "", "dict(", "something<else>", "Literal['c]']"])(
  "%s may hold any",
  (type) => expect(mayHoldFiles(shapeOf(type))).toBe(true),
);
