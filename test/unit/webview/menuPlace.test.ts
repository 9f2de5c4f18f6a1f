import { describe, expect, it } from "vitest";
import { menuPlace } from "../../../webview/ui/menuPlace.js";

const page = { width: 400, height: 300 };
const list = { width: 180, height: 120 };
const button = (left: number, top: number) => ({ left, top, right: left + 20, bottom: top + 20 });

describe("a menu's list opens", () => {
  it("below its button, in line with one of its edges", () => {
    expect(menuPlace(button(100, 50), list, page, "left")).toEqual({ left: 100, top: 74 });
    expect(menuPlace(button(300, 50), list, page, "right")).toEqual({ left: 140, top: 74 });
  });

  it("above where there is no room below", () => {
    expect(menuPlace(button(100, 250), list, page, "left")).toEqual({ left: 100, top: 126 });
  });

  it("never over the page's edge", () => {
    expect(menuPlace(button(380, 50), list, page, "left").left).toBe(216);
    expect(menuPlace(button(0, 50), list, page, "right").left).toBe(4);
    expect(menuPlace(button(100, 100), { width: 180, height: 250 }, page, "left").top).toBe(46);
  });
});
