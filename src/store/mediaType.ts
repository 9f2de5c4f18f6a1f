import { extname } from "node:path";
import { lookup } from "mrmime";

/** What a file is: its media type, and the extension that says so. */
interface Sniffed {
  readonly mediaType: string;
  readonly extension: string;
}

/** Extensions that mrmime does not know or reads otherwise than people who make media do. */
const OWN: Readonly<Record<string, string>> = {
  ".flac": "audio/flac",
  ".aac": "audio/aac",
  ".mkv": "video/x-matroska",
  ".glb": "model/gltf-binary",
  ".gltf": "model/gltf+json",
  ".obj": "model/obj",
  ".stl": "model/stl",
  ".ts": "text/typescript",
};

/**
 * The media type and the full name of a file: by its extension, and where it has none, by its first bytes (the matching
 * extension is then added to the name, for programs that open files by it).
 *
 * @param head - the first bytes of the content, 16 or more where there are so many.
 */
export function describeMedia(name: string, head: Uint8Array): { readonly name: string; readonly mediaType: string } {
  const extension = extname(name).toLowerCase();
  if (extension !== "" && extension !== ".") {
    return { name, mediaType: OWN[extension] ?? lookup(extension) ?? "application/octet-stream" };
  }
  const sniffed = sniff(head);
  return sniffed === null
    ? { name, mediaType: "application/octet-stream" }
    : { name: name + sniffed.extension, mediaType: sniffed.mediaType };
}

/** Signature at an offset → what it is. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, mediaType: string, extension: string])[] = [
  [0, "\x89PNG\r\n\x1a\n", "image/png", ".png"],
  [0, "\xff\xd8\xff", "image/jpeg", ".jpg"],
  [0, "GIF8", "image/gif", ".gif"],
  [0, "BM", "image/bmp", ".bmp"],
  [0, "II*\0", "image/tiff", ".tiff"],
  [0, "MM\0*", "image/tiff", ".tiff"],
  [0, "%PDF-", "application/pdf", ".pdf"],
  [0, "OggS", "audio/ogg", ".ogg"],
  [0, "fLaC", "audio/flac", ".flac"],
  [0, "ID3", "audio/mpeg", ".mp3"],
  [0, "\xff\xfb", "audio/mpeg", ".mp3"],
  [0, "\xff\xf3", "audio/mpeg", ".mp3"],
  [0, "\x1a\x45\xdf\xa3", "video/webm", ".webm"],
  [0, "glTF", "model/gltf-binary", ".glb"],
  [0, "PK\x03\x04", "application/zip", ".zip"],
  [8, "WEBP", "image/webp", ".webp"],
  [8, "WAVE", "audio/wav", ".wav"],
  [4, "ftypavif", "image/avif", ".avif"],
  [4, "ftypM4A", "audio/mp4", ".m4a"],
  [4, "ftypqt", "video/quicktime", ".mov"],
  [4, "ftyp", "video/mp4", ".mp4"],
];

function sniff(head: Uint8Array): Sniffed | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 32)).toString("latin1");
  for (const [offset, bytes, mediaType, extension] of SIGNATURES) {
    if (text.startsWith(bytes, offset)) return { mediaType, extension };
  }
  return null;
}
