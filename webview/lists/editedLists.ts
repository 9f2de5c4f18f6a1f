import { ListEdits, type ListPlace } from "./listEdits.svelte.js";

/** What somebody makes of each list that can be edited, by its control. Outlives the cards, which come and go. */
export class EditedLists {
  readonly #lists = new Map<string, ListEdits>();

  /** @param place - as for the list of this very control */
  of(control: string, place: ListPlace): ListEdits {
    let edits = this.#lists.get(control);
    if (!edits) {
      this.#lists.set(control, (edits = new ListEdits(place)));
      // What could not be sent before the page was loaded anew is gone with that page. Derived values may not change state.
      queueMicrotask(() => place.tellProblem(null));
    }
    return edits;
  }

  /** Resolves when the host has every edit of every list. */
  async sent(): Promise<void> {
    await Promise.all([...this.#lists.values()].map((edits) => edits.sent()));
  }
}
