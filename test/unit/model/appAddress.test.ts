import { expect, test } from "vitest";
import { withoutLogin, withoutPassword } from "../../../src/model/appAddress.js";

test("an address keeps its user and loses its password, whatever that holds", () => {
  expect(withoutPassword("http://ann:s3cret@127.0.0.1:7860/app?x=a@b:c")).toBe("http://ann@127.0.0.1:7860/app?x=a@b:c");
  expect(withoutPassword("HTTPS://ann:s:c@ret@host")).toBe("HTTPS://ann@host");
  expect(withoutPassword("https://ann:@host")).toBe("https://ann@host");
  expect(withoutLogin("https://ann:s:c@ret@host/app")).toBe("https://host/app");
});

test("what holds none stays as it is", () => {
  for (const space of [
    "owner/space",
    "http://127.0.0.1:7860",
    "http://ann@host",
    "http://host/a:b@c",
    "http://host?q=a:b@c",
  ])
    expect(withoutPassword(space)).toBe(space);
});
