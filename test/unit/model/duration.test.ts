import { describe, expect, it } from "vitest";
import { duration, elapsed } from "../../../src/model/duration.js";

describe("a duration", () => {
  it.each([
    [-5, "0 ms"],
    [0, "0 ms"],
    [99.4, "99 ms"],
    [100, "0.1 s"],
    [4200, "4.2 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_600, "1 min"],
    [125_000, "2 min 5 s"],
    [3_780_000, "1 h 3 min"],
  ])("of %d ms reads %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it("that still grows counts whole seconds", () => {
    expect([elapsed(-1), elapsed(999), elapsed(4200), elapsed(12_999), elapsed(61_000)]).toEqual([
      "0 s",
      "0 s",
      "4 s",
      "12 s",
      "1 min 1 s",
    ]);
  });
});
