/** Characters of typed text of one kind that are kept over a reload. */
const KEPT_CHARACTERS = 100_000;

/**
 * As many of the last entries as there is room for, in their order.
 *
 * @param charactersOf how long the typed text of an entry is
 */
export function latestWithin<Entry>(entries: readonly Entry[], charactersOf: (entry: Entry) => number): Entry[] {
  let room = KEPT_CHARACTERS;
  const tooOld = entries.findLastIndex((entry) => {
    room -= charactersOf(entry);
    return room < 0;
  });
  return entries.slice(tooOld + 1);
}
