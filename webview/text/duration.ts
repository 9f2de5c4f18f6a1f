/** A duration for people: `80 ms`, `4.2 s`, `12 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, "min", seconds % 60, "s");
  return joined(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** Time that has passed so far: whole seconds, so that it doesn't flicker. */
export function elapsed(milliseconds: number): string {
  return duration(Math.max(0, Math.floor(milliseconds / 1000)) * 1000)
    .replace(/^0 ms$/, "0 s")
    .replace(".0 s", " s");
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
