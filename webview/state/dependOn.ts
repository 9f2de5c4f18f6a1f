/** Names what an effect runs again for, beyond what it reads. */
export function dependOn(..._values: readonly unknown[]): void {
  // Reading the values, to pass them, is all it takes.
}
