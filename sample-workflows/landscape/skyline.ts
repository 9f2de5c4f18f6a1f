/** A number in [0, 1) for every call, the same sequence for the same word. */
export function randomFrom(word: string): () => number {
  let state = 0x811c9dc5;
  for (const character of word) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A ridge of hills: its height, 0 to 1, at `count` places from left to right. */
export function ridge(random: () => number, count: number, roughness: number): number[] {
  const waves = Array.from({ length: 6 }, (_, octave) => ({
    frequency: (octave + 1) * (1 + random()),
    strength: roughness ** octave,
    offset: random() * 2 * Math.PI,
  }));
  const total = waves.reduce((sum, wave) => sum + wave.strength, 0);
  return Array.from({ length: count }, (_, index) => {
    const place = (index / count) * 2 * Math.PI;
    const height = waves.reduce((sum, wave) => sum + wave.strength * Math.sin(wave.frequency * place + wave.offset), 0);
    return 0.5 + height / (2 * total);
  });
}
