import { describe, expect, it } from "vitest";
import { copiedText } from "../../../webview/renderers/measure.js";
import {
  chatOf,
  choicesOf,
  dialogueOf,
  galleryOf,
  highlightsOf,
  labelOf,
  pairOf,
  videoOf,
} from "../../../webview/renderers/shapes.js";

const file = (name: string) => ({ $file: "a".repeat(64), name, mediaType: "image/png", size: 1 });

describe("shapes of values", () => {
  it("tells a gallery's pictures and captions, however they are given", () => {
    const [a, b, c] = [file("a"), file("b"), file("c")];
    expect(galleryOf([a, [b, "second"], { image: c, caption: null }])).toEqual([
      { file: a, caption: "" },
      { file: b, caption: "second" },
      { file: c, caption: "" },
    ]);
    expect(galleryOf(["not a file"])).toBeNull();
    expect(galleryOf({ a: 1 })).toBeNull();
  });

  it("tells a pair and a video", () => {
    expect(pairOf([file("a"), file("b")])).toHaveLength(2);
    expect(pairOf([file("a")])).toBeNull();
    expect(videoOf({ video: file("v"), subtitles: null })).toEqual(file("v"));
  });

  it("sorts the scores of a label, from either form", () => {
    const expected = {
      label: "cat",
      scores: [
        { label: "cat", score: 0.9 },
        { label: "dog", score: 0.1 },
      ],
    };
    expect(labelOf({ dog: 0.1, cat: 0.9 })).toEqual(expected);
    expect(
      labelOf({
        label: "cat",
        confidences: [
          { label: "dog", confidence: 0.1 },
          { label: "cat", confidence: 0.9 },
        ],
      }),
    ).toEqual(expected);
    expect(
      labelOf([
        { label: "dog", score: 0.1 },
        { label: "cat", score: 0.9 },
      ]),
    ).toEqual(expected);
    expect(labelOf("cat")).toEqual({ label: "cat", scores: [] });
    expect(labelOf({ nested: {} })).toBeNull();
  });

  it("cuts a text at its entities", () => {
    const value = {
      text: "Ada met Bob.",
      entities: [
        { entity: "PER", start: 8, end: 11 },
        { entity: "PER", start: 0, end: 3 },
      ],
    };
    expect(highlightsOf(value)).toEqual([
      { text: "Ada", mark: "PER" },
      { text: " met ", mark: null },
      { text: "Bob", mark: "PER" },
      { text: ".", mark: null },
    ]);
    expect(
      highlightsOf([
        ["good", 0.8],
        ["x", null],
      ]),
    ).toEqual([
      { text: "good", mark: 0.8 },
      { text: "x", mark: null },
    ]);
  });

  it("reads messages and the older pairs alike", () => {
    expect(chatOf([{ role: "user", content: "Hi" }])).toEqual([{ role: "user", content: "Hi" }]);
    expect(
      chatOf([
        ["Hi", "Hello"],
        ["Bye", null],
      ]),
    ).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
      { role: "user", content: "Bye" },
    ]);
    expect(chatOf(["loose text"])).toBeNull();
    expect(dialogueOf([{ speaker: "A", text: "x" }])).toEqual([{ speaker: "A", text: "x" }]);
  });
});

describe("what was chosen", () => {
  it("has the words of the choices", () => {
    expect(choicesOf(["red", 2, true])).toEqual(["red", "2", "true"]);
    expect(
      choicesOf(
        ["r", "b"],
        [
          ["Red", "r"],
          ["Green", "g"],
        ],
      ),
    ).toEqual(["Red", "b"]);
    expect(choicesOf([])).toEqual([]);
    expect(choicesOf("red")).toBeNull();
    expect(choicesOf([["red"]])).toBeNull();
  });
});

describe("a value on the clipboard", () => {
  it("is tab-separated text with a header row where it is a table", () => {
    const rows = [
      { name: "hill", size: 3, note: 'two\nlines, "quoted"' },
      { name: "a\tb", size: null, note: { deep: true } },
    ];
    const expected = 'name\tsize\tnote\nhill\t3\t"two\nlines, ""quoted"""\n"a\tb"\t\t{"deep":true}';
    expect(copiedText(rows, { component: "Dataframe", props: {} })).toBe(expected);
    expect(copiedText({ headers: ["n", "m"], data: [[1, "x"]] }, { component: "Dataframe", props: {} })).toBe(
      "n\tm\n1\tx",
    );
    expect(copiedText([{ speaker: "A", text: "hi" }], { component: "ItemList", fields: {} })).toBe(
      "speaker\ttext\nA\thi",
    );
  });

  it("is what it is otherwise", () => {
    expect(copiedText("text", { component: "Dataframe", props: {} })).toBe("text");
    expect(copiedText([{ a: 1 }], { component: "JSON", props: {} })).toBe('[\n  {\n    "a": 1\n  }\n]');
  });
});
