import { expect, test } from "vitest";
import type { ComponentName } from "../../../src/model/component.js";
import { readingOf } from "../../../src/model/outputReading.js";

const gr = (component: ComponentName) => ({ component, props: {} });

test("components that read what is returned in the same way are alike, and others are not", () => {
  const alike = (...specs: readonly Parameters<typeof readingOf>[0][]) => new Set(specs.map((spec) => readingOf(spec)));
  expect(alike(gr("Textbox"), gr("Markdown"), gr("JSON"), gr("Dataframe"), null)).toEqual(new Set(["any"]));
  expect(alike(gr("Image"), gr("Audio"), gr("Video"), gr("Model3D"))).toEqual(new Set(["file"]));
  expect(alike(gr("File"), gr("ImageSlider"))).toEqual(new Set(["files"]));
  expect(readingOf(gr("Gallery"))).toBe("gallery");
});

test("of an item list those fields count that hold files", () => {
  const fields = { text: gr("Textbox"), picture: gr("Image") };
  expect(readingOf({ component: "ItemList", fields })).toEqual({ picture: "file" });
  expect(readingOf({ component: "ItemList", fields: { text: gr("Textbox") } })).toBe("any");
});
