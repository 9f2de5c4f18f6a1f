import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BlobStore } from "../../../src/store/blobs.js";
import { copyOf } from "../../../src/store/blobCopies.js";
import { temporaryFolder } from "./temporaryFolder.js";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

describe("a copy", () => {
  it("has its own name and can be written without harming the blob", async () => {
    const folder = temporaryFolder();
    const blobs = new BlobStore(join(folder, "blobs"));
    const ref = await blobs.putBytes(PNG, "cat.png");
    const copy = await copyOf(ref, blobs, join(folder, "scratch"));
    expect(copy).toEqual({ ok: true, value: join(folder, "scratch", ref.$file.slice(0, 12), "cat.png") });
    const path = copy.ok ? copy.value : "";

    writeFileSync(path, "scribbled over");
    expect((await blobs.verify(ref.$file)).ok).toBe(true);
    await copyOf(ref, blobs, join(folder, "scratch"));
    expect(readFileSync(path)).toEqual(PNG);

    const { ino } = statSync(path);
    await copyOf(ref, blobs, join(folder, "scratch"));
    expect(statSync(path).ino).toBe(ino);
  });

  it("stays in the folder it is told, whatever the record's name says", async () => {
    const folder = temporaryFolder();
    const blobs = new BlobStore(join(folder, "blobs"));
    const ref = await blobs.putBytes(PNG, "cat.png");
    const copy = await copyOf({ ...ref, name: "../../../evil.png" }, blobs, join(folder, "scratch"));
    expect(copy).toEqual({ ok: true, value: join(folder, "scratch", ref.$file.slice(0, 12), "evil.png") });
  });
});
