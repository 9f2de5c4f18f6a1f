import { expect, test } from "vitest";
import { heightOf, lineTop, positionsBetween, type Listing } from "../../../webview/items/listing.js";

const rows: Listing = { count: 10_000, columns: 1, lineHeight: 28, open: null };

test("of a long list only what lies between two heights is drawn", () => {
  expect(heightOf(rows)).toBe(280_000);
  expect(positionsBetween(rows, 0, 168)).toEqual({ from: 0, to: 7 });
  expect(positionsBetween(rows, 140_000, 140_168)).toEqual({ from: 5000, to: 5007 });
  expect(positionsBetween(rows, 279_832, 280_000)).toEqual({ from: 9994, to: 10_000 });
  expect(positionsBetween({ ...rows, count: 0 }, 0, 168)).toEqual({ from: 0, to: 0 });
});

test("what is unfolded pushes down the lines below it, and its own line is drawn while any of it is in sight", () => {
  const open: Listing = { ...rows, open: { position: 3, height: 200 } };
  expect(lineTop(3, open)).toBe(84);
  expect(lineTop(4, open)).toBe(312);
  expect(heightOf(open)).toBe(280_200);
  expect(positionsBetween(open, 250, 320)).toEqual({ from: 3, to: 5 });
  expect(positionsBetween(open, 340, 360)).toEqual({ from: 5, to: 6 });
});

test("items beside each other share a line, and what one of them unfolds lies below all of them", () => {
  const tiles: Listing = { count: 13, columns: 3, lineHeight: 100, open: { position: 4, height: 50 } };
  expect(heightOf(tiles)).toBe(550);
  expect(lineTop(1, tiles)).toBe(100);
  expect(lineTop(2, tiles)).toBe(250);
  expect(positionsBetween(tiles, 210, 240)).toEqual({ from: 3, to: 6 });
  expect(positionsBetween(tiles, 500, 900)).toEqual({ from: 12, to: 13 });
});
