/** Tells open workflows which others keep their things in the same place: a file that was copied has its original's name. */
export class SharedStores {
  readonly #users = new Map<string, Map<string, (others: readonly string[]) => void>>();

  /**
   * @param place - names the place.
   * @param file - absolute path of the workflow that uses it from now on.
   * @param told - called with the other files that do, now where there are any, and whenever that changes.
   * @returns what ends it.
   */
  enter(place: string, file: string, told: (others: readonly string[]) => void): () => void {
    const users = this.#users.get(place) ?? new Map<string, (others: readonly string[]) => void>();
    this.#users.set(place, users.set(file, told));
    if (users.size > 1) this.#tell(users);
    return () => {
      users.delete(file);
      if (users.size === 0) this.#users.delete(place);
      this.#tell(users);
    };
  }

  #tell(users: ReadonlyMap<string, (others: readonly string[]) => void>): void {
    for (const [file, told] of users) told([...users.keys()].filter((other) => other !== file));
  }
}
