const RATE = 22_050;

/** A note to play: its pitch in hertz and its length in seconds. */
export interface Note {
  readonly pitch: number;
  readonly seconds: number;
}

/** Plays notes one after the other on a soft plucked tone; 16-bit mono WAV. */
export function encodeWav(notes: readonly Note[]): Buffer {
  const samples = notes.flatMap(pluck);
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write("RIFF", 0, "ascii");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "ascii");
  file.writeUInt32LE(16, 16); // length of the format block
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28); // bytes a second
  file.writeUInt16LE(2, 32); // bytes a frame
  file.writeUInt16LE(16, 34); // bits a sample
  file.write("data", 36, "ascii");
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => file.writeInt16LE(Math.round(sample * 32_000), 44 + index * 2));
  return file;
}

function pluck({ pitch, seconds }: Note): number[] {
  return Array.from({ length: Math.floor(RATE * seconds) }, (_, index) => {
    const time = index / RATE;
    const attack = Math.min(1, time / 0.01);
    const decay = Math.exp((-4 * time) / seconds);
    const phase = 2 * Math.PI * pitch * time;
    return attack * decay * (0.6 * Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.1 * Math.sin(3 * phase));
  });
}
