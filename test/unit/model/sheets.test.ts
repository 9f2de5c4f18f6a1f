import { expect, it } from "vitest";
import { copyName, freeName, nameProblem, newSheetName, tidyName } from "../../../src/model/sheets.js";

const named = (...names: string[]) => names.map((name) => ({ id: name, name }));

it.each(["main", "day/night", "ночь 🌙", "👩‍👩‍👧", "a".repeat(100), "../../etc", "日本語", 'with "quotes" & <tags>'])(
  "%s can be the name of a sheet",
  (name) => expect(nameProblem(name, ["other"])).toBeNull(),
);

it("a name that can't be one is refused in words that name it", () => {
  expect(nameProblem("", [])).toBe("A sheet needs a name.");
  expect(nameProblem(" \t\n", [])).toBe("A sheet needs a name.");
  expect(nameProblem("night", ["main", "night"])).toBe("There is a sheet “night” already.");
  expect(nameProblem("x".repeat(214), [])).toBe(
    `“${"x".repeat(20)}…” has 214 characters; the name of a sheet has at most 100.`,
  );
  expect(nameProblem("ma\u200bin", ["main"])).toBe("“ma�in” has a character that can't be seen (U+200B).");
  expect(nameProblem("a\u0007b", [])).toContain("U+0007");
  expect(nameProblem("\u202egnp", [])).toContain("U+202E");
});

it("names that look alike are the same name", () => {
  expect(tidyName("  day \n\t two ")).toBe("day two");
  expect(nameProblem("  night ", ["night"])).toContain("already");
  expect(nameProblem("a\u0308", ["ä"])).toContain("already");
});

it("new sheets and copies have names that nobody has", () => {
  expect(newSheetName(named("main"))).toBe("Sheet 2");
  expect(newSheetName(named("main", "Sheet 3"))).toBe("Sheet 4");
  expect(newSheetName(named("Sheet 2"))).toBe("Sheet 3");
  expect(copyName("night", named("night"))).toBe("night copy");
  expect(copyName("night", named("night", "night copy"))).toBe("night copy 2");
  expect(copyName("night copy 2", named("night copy", "night copy 2"))).toBe("night copy 3");
  expect(nameProblem(copyName("x".repeat(100), named("x".repeat(100))), [])).toBeNull();
  expect(freeName("main", ["main", "main 2"])).toBe("main 3");
});
