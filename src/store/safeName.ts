import { createHash } from "node:crypto";

/** Longest name in bytes that is written to disk: well under the 255 that file systems allow. */
const LIMIT = 120;

/** Device names that Windows gives a meaning to, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * A file name that cannot lead out of its folder and that every file system takes, as close to `name` as can be: what a
 * person should recognise when viewing or saving a file. Different names may come out the same.
 */
export function safeFileName(name: string): string {
  const base = name.split(/[/\\]/).pop() ?? "";
  const plain = base
    // eslint-disable-next-line no-control-regex -- control characters are what is to go
    .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "_")
    .toWellFormed()
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const named = plain === "" ? "file" : RESERVED.test(plain) ? `_${plain}` : plain;
  return shorten(named);
}

/**
 * A folder or file name for a text that people chose freely (a sheet's name, a `persistKey`): readable, and different
 * for different texts even where case or Unicode form are folded.
 */
export function keyName(text: string): string {
  const slug = text
    .normalize("NFKD")
    .replace(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "")
    .toLowerCase();
  const hash = createHash("sha256").update(text.toWellFormed()).digest("hex").slice(0, 10);
  return slug === "" ? hash : `${slug}-${hash}`;
}

/** Cuts the middle out of a name that is too long and keeps its extension. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= LIMIT) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  let stem = Array.from(extension === "" ? name : name.slice(0, dot));
  while (Buffer.byteLength(stem.join("") + extension) > LIMIT) stem = stem.slice(0, stem.length - 1);
  return stem.join("") + extension;
}
