import { expect, test } from "vitest";
import { tableOf } from "../../../src/model/table.js";

test("a table is read however it is written, and rows alone take the component's headers", () => {
  const rows = [
    [1, "two"],
    [3, null],
  ];
  const table = { headers: ["a", "b"], rows };
  expect(tableOf({ headers: ["a", "b"], data: rows }, ["x", "y"])).toEqual(table);
  expect(tableOf(rows, ["a", "b"])).toEqual(table);
  expect(tableOf(rows)).toEqual({ headers: ["1", "2"], rows });
  expect(tableOf([[1, 2], [3]])).toEqual({ headers: ["1", "2"], rows: [[1, 2], [3]] });
  expect(tableOf([[1, 2, 3]], ["a"])).toEqual({ headers: ["a", "2", "3"], rows: [[1, 2, 3]] });
  expect(tableOf([{ a: 1 }, { b: 2 }])).toEqual({
    headers: ["a", "b"],
    rows: [
      [1, null],
      [null, 2],
    ],
  });
  expect(tableOf({ headers: ["a"], data: [] })).toEqual({ headers: ["a"], rows: [] });
});

test("what is no table is none", () => {
  for (const value of [null, "a", [], [1, 2], {}, { data: 3 }]) expect(tableOf(value)).toBeNull();
});
