import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BlobStore, StoreError } from "../../../src/store/blobs.js";
import { copyOf } from "../../../src/store/blobCopies.js";
import { temporaryFolder } from "./temporaryFolder.js";

const sha = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

/** Writes through the read-only bit that blobs carry. */
function overwrite(path: string, content: string | Uint8Array): void {
  chmodSync(path, 0o644);
  writeFileSync(path, content);
}

describe("putting", () => {
  it("names content by its SHA-256, whatever way it comes in", async () => {
    const folder = temporaryFolder();
    const blobs = new BlobStore(join(folder, "blobs"));
    writeFileSync(join(folder, "a.txt"), "hello");

    const fromFile = await blobs.putFile(join(folder, "a.txt"));
    const fromBytes = await blobs.putBytes(Buffer.from("hello"), "a.txt");
    const fromText = await blobs.putText("hello");

    expect(fromFile).toEqual({ $file: sha("hello"), name: "a.txt", mediaType: "text/plain", size: 5 });
    expect(fromBytes).toEqual(fromFile);
    expect(fromText).toBe(sha("hello"));
    expect(readFileSync(blobs.path(fromText), "utf8")).toBe("hello");
    expect(readdirSync(join(blobs.folder, "tmp"))).toEqual([]);
  });

  it("tells what a file without an extension is from its first bytes, and gives it the extension", async () => {
    const blobs = new BlobStore(temporaryFolder());
    expect(await blobs.putBytes(PNG, "image")).toMatchObject({ name: "image.png", mediaType: "image/png" });
    expect(await blobs.putBytes(Buffer.from("??"), "thing")).toMatchObject({
      name: "thing",
      mediaType: "application/octet-stream",
    });
    expect(await blobs.putBytes(PNG, "model.GLB")).toMatchObject({ mediaType: "model/gltf-binary" });
  });

  it("keeps names from leading anywhere", async () => {
    const blobs = new BlobStore(temporaryFolder());
    expect((await blobs.putBytes(PNG, "../../etc/passwd.png")).name).toBe("passwd.png");
    expect((await blobs.putBytes(PNG, "..")).name).toBe("file.png");
    expect((await blobs.putBytes(PNG, "a\\b\\CON.png")).name).toBe("_CON.png");
    expect(Buffer.byteLength((await blobs.putBytes(PNG, `${"é".repeat(300)}.png`)).name)).toBeLessThanOrEqual(120);
  });

  it("says that a file is not there, or is none", async () => {
    const folder = temporaryFolder();
    const blobs = new BlobStore(join(folder, "blobs"));
    await expect(blobs.putFile(join(folder, "gone.png"))).rejects.toSatisfy(
      (error) =>
        error instanceof StoreError && error.failure.reason === "not-found" && error.message.includes("gone.png"),
    );
    await expect(blobs.putFile(folder)).rejects.toThrow(/is no file/);
  });

  it("mends a damaged blob when the same content is put again", async () => {
    const blobs = new BlobStore(temporaryFolder());
    const ref = await blobs.putBytes(Buffer.from("precious"), "a.txt");
    overwrite(blobs.path(ref.$file), "precioux");

    await blobs.putBytes(Buffer.from("precious"), "a.txt");

    expect(readFileSync(blobs.path(ref.$file), "utf8")).toBe("precious");
    expect((await blobs.verify(ref.$file)).ok).toBe(true);
  });

  it("takes the same content many times at once", async () => {
    const folder = temporaryFolder();
    const [one, other] = [new BlobStore(folder), new BlobStore(folder)];
    const bytes = Buffer.alloc(3_000_000, 7);
    writeFileSync(join(folder, "source.bin"), bytes);
    const refs = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? one : other).putFile(join(folder, "source.bin"))),
    );
    expect(new Set(refs.map((ref) => ref.$file))).toEqual(new Set([sha(bytes)]));
    expect((await new BlobStore(folder).verify(sha(bytes))).ok).toBe(true);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("streams a large file in constant memory", async () => {
    const folder = temporaryFolder();
    const large = join(folder, "large.bin");
    writeFileSync(large, "x");
    truncateSync(large, 500_000_000); // sparse: costs no disk on the way in
    const blobs = new BlobStore(join(folder, "blobs"));
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const ref = await blobs.putFile(large);
    clearInterval(watch);
    expect(ref.size).toBe(500_000_000);
    expect(peak - before).toBeLessThan(60_000_000);
  }, 60_000);
});

describe("reading", () => {
  it.each([
    ["truncated", "prec"],
    ["emptied", ""],
    ["changed in one byte", "precioux"],
  ])("refuses a blob that was %s and reports it", async (_how, content) => {
    const damaged: string[] = [];
    const folder = temporaryFolder();
    const ref = await new BlobStore(folder).putBytes(Buffer.from("precious"), "a.txt");
    const blobs = new BlobStore(folder, (digest) => damaged.push(digest));
    overwrite(blobs.path(ref.$file), content);

    const verified = await blobs.verify(ref.$file);
    const read = await blobs.readText(ref.$file);
    const copied = await copyOf(ref, blobs, join(folder, "scratch"));

    for (const result of [verified, read, copied]) {
      expect(result).toMatchObject({ ok: false, failure: { reason: "store" } });
    }
    expect(damaged).toEqual([ref.$file, ref.$file, ref.$file]);
  });

  it("notices damage that happens after a blob was verified", async () => {
    const blobs = new BlobStore(temporaryFolder());
    const ref = await blobs.putBytes(Buffer.from("precious"), "a.txt");
    expect((await blobs.verify(ref.$file)).ok).toBe(true);
    overwrite(blobs.path(ref.$file), "precious, or is it");
    expect((await blobs.verify(ref.$file)).ok).toBe(false);
  });

  it("follows no link and no name out of its folder", async () => {
    const folder = temporaryFolder();
    const blobs = new BlobStore(join(folder, "blobs"));
    writeFileSync(join(folder, "secret"), "secret");
    const digest = sha("secret");
    mkdirSync(join(blobs.folder, digest.slice(0, 2)), { recursive: true });
    symlinkSync(join(folder, "secret"), blobs.path(digest));
    expect((await blobs.readText(digest)).ok).toBe(false);
    expect((await blobs.verify(digest)).ok).toBe(false);
    for (const name of ["../../secret", "/etc/passwd", "", digest.toUpperCase()]) {
      expect((await blobs.readText(name)).ok).toBe(false);
      expect(() => blobs.path(name)).toThrow(StoreError);
    }
  });

  it("reads what is not there as a failure that says so", async () => {
    const blobs = new BlobStore(temporaryFolder());
    expect(await blobs.readText("0".repeat(64))).toMatchObject({ ok: false, failure: { reason: "store" } });
  });

  it("reads through to a base folder and writes only to its own", async () => {
    const folder = temporaryFolder();
    const base = new BlobStore(join(folder, "base"));
    const old = await base.putText("old");
    mkdirSync(join(folder, "overlay"));
    symlinkSync(base.folder, join(folder, "overlay", "base"), "junction");
    const overlay = new BlobStore(join(folder, "overlay"));

    expect(await overlay.readText(old)).toEqual({ ok: true, value: "old" });
    const fresh = await overlay.putText("new");
    expect(existsSync(join(base.folder, fresh.slice(0, 2), fresh))).toBe(false);
    expect(await overlay.readText(fresh)).toEqual({ ok: true, value: "new" });
  });
});
