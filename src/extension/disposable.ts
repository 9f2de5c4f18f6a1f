/** What VS Code calls so, without VS Code: something that goes on until it is disposed of. */
export interface Disposable {
  dispose(): void;
}

/** Listeners to one kind of event. A listener that throws does not keep the others from hearing. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly listen = (listener: (value: T) => void): Disposable => {
    // Wrapped, so that one function added twice is two listeners.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
