/** Media made on the spot, so that the harness needs no files. */
import { deflateSync } from "node:zlib";

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** A PNG of `width` × `height` whose pixels `paint` gives, with x and y from 0 to 1. */
export function png(width: number, height: number, paint: (x: number, y: number) => Pixel): Uint8Array {
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows.set(paint(x / width, y / height), y * (1 + width * 4) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Hills under a warm sky; `cut` leaves only the hill, on nothing. */
export function landscape(width: number, height: number, cut = false): Uint8Array {
  return png(width, height, (x, y) => {
    const hill = 0.45 + 0.18 * Math.sin(x * 5) + 0.07 * Math.sin(x * 17);
    if (y < hill) return cut ? [0, 0, 0, 0] : [246, Math.round(200 - 60 * y), Math.round(120 + 60 * y), 255];
    return [Math.round(150 - 80 * y), Math.round(165 - 50 * y), 70, 255];
  });
}

/** A second of a decaying tone, 16-bit mono WAV. */
export function tone(hertz: number): Uint8Array {
  const rate = 8000;
  const samples = Buffer.alloc(rate * 2);
  for (let at = 0; at < rate; at += 1) {
    const loud = Math.exp((-3 * at) / rate) * (0.6 + 0.4 * Math.sin((at / rate) * 40));
    samples.writeInt16LE(Math.round(28_000 * loud * Math.sin((2 * Math.PI * hertz * at) / rate)), at * 2);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
