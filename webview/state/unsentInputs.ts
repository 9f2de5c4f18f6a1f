import { SvelteMap } from "svelte/reactivity";
import { latestWithin } from "./keptText.js";

/** What a control was given last and cannot send: the sheet still holds the value from before. */
export interface UnsentInput {
  /** As it was typed; `null` where there is no text, as with a file. */
  readonly text: string | null;
  /** Why it isn't sent, in a sentence. */
  readonly problem: string;
}

/**
 * What controls hold that cannot be sent, by control. Kept apart from the controls that draw it, which come and go as cards
 * fold or leave the sight.
 */
export class UnsentInputs {
  readonly #inputs = new SvelteMap<string, UnsentInput>();

  /** @param changed told after every change */
  constructor(private readonly changed: () => void = () => undefined) {}

  get(control: string): UnsentInput | undefined {
    return this.#inputs.get(control);
  }

  set(control: string, input: UnsentInput): void {
    this.#inputs.delete(control);
    this.#inputs.set(control, input);
    this.changed();
  }

  delete(control: string): void {
    if (this.#inputs.delete(control)) this.changed();
  }

  /** Why each isn't sent, by control. */
  problems(): Record<string, string> {
    return Object.fromEntries([...this.#inputs].map(([control, { problem }]) => [control, problem]));
  }

  /** Takes up what {@link saved} gave. */
  restore(saved: Readonly<Record<string, UnsentInput>>): void {
    for (const [control, input] of Object.entries(saved)) if (!this.#inputs.has(control)) this.set(control, input);
  }

  /** Goes over to what {@link saved} gave, on another sheet. */
  replace(saved: Readonly<Record<string, UnsentInput>>): void {
    this.#inputs.clear();
    for (const [control, input] of Object.entries(saved)) this.#inputs.set(control, input);
    this.changed();
  }

  /** What is worth keeping: the latest first to stay where all of it is too much. */
  saved(): Record<string, UnsentInput> {
    return Object.fromEntries(latestWithin([...this.#inputs], ([, { text }]) => text?.length ?? 0));
  }
}
