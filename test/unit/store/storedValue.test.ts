import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { INLINE_LIMIT, type Value } from "../../../src/model/value.js";
import { BlobStore } from "../../../src/store/blobs.js";
import { digestOf, inlineValue, loadValue, PREVIEW_LENGTH, storeValue } from "../../../src/store/storedValue.js";
import { temporaryFolder } from "./temporaryFolder.js";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");

const VALUES: Record<string, Value> = {
  text: 'größe 🦫 \u2028 "quoted" \\ \u0001',
  numbers: [0, -0, 1.5, 1e21, 1e-7, -12, 2 ** 53],
  nested: { b: [true, null, { z: 1, a: "ä", "€": [], "": {} }], a: false },
  empty: {},
};

describe("digests", () => {
  it.each(Object.entries(VALUES))("are of RFC 8785's canonical JSON: %s", (_name, value) => {
    expect(digestOf(value)).toBe(sha(canonicalize(value)!));
  });

  it("do not depend on the order of keys, nor on keys that hold undefined", () => {
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf({ a: 1, b: undefined } as unknown as Value)).toBe(digestOf({ a: 1 }));
  });

  it("tell a file by its content, not by its name", () => {
    const file = (content: string, name: string) => ({ $file: sha(content), name, mediaType: "image/png", size: 1 });
    expect(digestOf([file("a", "one.png")])).toBe(digestOf([file("a", "two.png")]));
    expect(digestOf([file("a", "one.png")])).not.toBe(digestOf([file("b", "one.png")]));
  });

  it("take what JSON takes and RFC 8785 refuses", () => {
    expect(digestOf("\ud800")).not.toBe(digestOf("\ud801"));
    expect(digestOf([NaN])).toBe(digestOf([null]));
  });

  it("are the same for a text that is hashed in pieces, with surrogate pairs on the seams", () => {
    const text = `a${"🦫".repeat(2_000_000)}`;
    expect(digestOf(text)).toBe(sha(JSON.stringify(text)));
    expect(digestOf([text, text])).toBe(sha(JSON.stringify([text, text])));
  });
});

describe("stored values", () => {
  it("are inline when small, with the same digest", () => {
    for (const value of Object.values(VALUES)) {
      expect(inlineValue(value)).toEqual({ kind: "inline", digest: digestOf(value), value });
    }
  });

  it("become blobs past the limit, to the byte", () => {
    expect(inlineValue("x".repeat(INLINE_LIMIT - 2))).not.toBeNull();
    expect(inlineValue("x".repeat(INLINE_LIMIT - 1))).toBeNull();
    expect(inlineValue("ä".repeat(INLINE_LIMIT / 2))).toBeNull();
    expect(inlineValue(new Array(INLINE_LIMIT).fill(1))).toBeNull();
    expect(inlineValue({ list: Array.from({ length: 1000 }, () => ({})) })).not.toBeNull();
  });

  it.each([
    ["a long text", `${"🦫 und ".repeat(400_000)}end`],
    ["many items", Array.from({ length: 50_000 }, (_, i) => ({ index: i, name: `item ${i}` }))],
    ["one deep object", { rows: { values: Array.from({ length: 9000 }, (_, i) => i / 3) } }],
  ])("come back as they were: %s", async (_name, value: Value) => {
    const blobs = new BlobStore(temporaryFolder());
    const stored = await storeValue(value, blobs);
    const text = JSON.stringify(value);
    expect(stored).toMatchObject({
      kind: "blob",
      digest: digestOf(value),
      blob: sha(text),
      size: Buffer.byteLength(text),
    });
    expect(stored.kind === "blob" && (typeof value === "string" ? value : text).startsWith(stored.preview)).toBe(true);
    expect(stored.kind === "blob" && stored.preview.length).toBeGreaterThan(PREVIEW_LENGTH - 2);
    expect(await loadValue(stored, blobs)).toEqual({ ok: true, value });
  });

  it("fail to load when their blob is gone", async () => {
    const stored = await storeValue("x".repeat(9000), new BlobStore(temporaryFolder()));
    expect(await loadValue(stored, new BlobStore(temporaryFolder()))).toMatchObject({
      ok: false,
      failure: { reason: "store" },
    });
  });
});
