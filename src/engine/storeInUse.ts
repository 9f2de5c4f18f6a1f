import type { Graph } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { StoredValue, Value } from "../model/value.js";
import { digestOf, storeValue } from "../store/storedValue.js";
import { StoreError } from "../store/storeFailure.js";
import { openStore, type WorkflowStore } from "../store/workflowStore.js";
import type { Notices } from "./notices.js";
import { FIRST_SHEET } from "../model/sheets.js";
import { OpenSheet } from "./openSheet.js";
import { RenamedNodes } from "./renamedNodes.js";
import { sheetToUse } from "./sheets.js";

/** The one store that a workflow has open, and the sheet of it that is in use. */
export class StoreInUse {
  readonly #notices: Notices;
  #sheet: OpenSheet | null = null;
  #renamed: RenamedNodes | null = null;
  /** Which store is open: its folder and the workflow's key in it. */
  #id = "";
  #stopListening: () => void = () => undefined;
  /** The sheet that is in use, or was last, or shall be. */
  #wanted: { readonly id: string; readonly name: string };

  /** @param first - id of the sheet to begin with, if it is there; `null`: no one in particular. */
  constructor(notices: Notices, first: string | null) {
    this.#notices = notices;
    this.#wanted = { id: first ?? "", name: FIRST_SHEET };
  }

  /** `null`: no store is open. */
  get sheet(): OpenSheet | null {
    return this.#sheet;
  }

  /** What the store that is open keeps of nodes under other names than theirs. */
  get renamed(): RenamedNodes | null {
    return this.#renamed;
  }

  /**
   * Opens this store in place of the one that is open, at the same sheet if it has that, or one of its name.
   *
   * @param key - as for {@link openStore}.
   * @param graph - what its nodes are called now.
   * @param texts - identifies the texts that it is the graph of.
   * @returns the sheet, also where the folder was deleted meanwhile and is made anew; `null`: it was open already, or can't be opened, which a notice tells.
   */
  async open(root: string, key: string | false, graph: Graph, texts: string): Promise<OpenSheet | null> {
    const id = JSON.stringify([root, key]);
    if (id === this.#id && this.#sheet?.store.isGone !== true) return null;
    const opened = await openStore(root, key);
    if (!opened.ok) {
      const { message, hint } = opened.failure;
      const whole = hint === undefined ? message : `${message} ${hint}`;
      this.#notices.add({ id: "store", severity: "error", message: whole });
      return null;
    }
    await this.close();
    this.#notices.remove("store");
    const store = opened.value;
    this.#id = id;
    this.#stopListening = store.onNotice((notices) => this.#notices.set("store", notices));
    this.#notices.set("store", store.notices());
    this.#renamed = new RenamedNodes(store);
    this.#renamed.follow(graph, texts);
    const wanted = this.#wanted;
    const sheet = await this.#open(this.#renamed, sheetToUse(store, wanted));
    // Whoever types the graph's name passes by other names, which have no such sheet.
    this.#wanted = wanted;
    return sheet;
  }

  /** Switches to another sheet of the store that is open. */
  async select(id: string): Promise<OpenSheet | null> {
    return this.#renamed && this.#open(this.#renamed, id);
  }

  async #open(renamed: RenamedNodes, id: string): Promise<OpenSheet> {
    const sheet = await OpenSheet.open(renamed.view, id);
    this.#sheet = sheet;
    this.#wanted = sheet.state;
    return sheet;
  }

  async close(): Promise<void> {
    this.#stopListening();
    const sheet = this.#sheet;
    this.#sheet = null;
    this.#renamed = null;
    this.#id = "";
    await sheet?.store.close();
  }
}

/** A value as it goes into records; a large one is written to the store. */
export function stored(store: WorkflowStore, value: Value): Promise<Result<StoredValue>> {
  return storing(() => storeValue(value, store.blobs));
}

/** As {@link stored}, for what must not get lost: where a large value can't be written, it is held in memory. */
export async function held(store: WorkflowStore, value: Value): Promise<StoredValue> {
  const taken = await stored(store, value);
  return taken.ok ? taken.value : { kind: "inline", digest: digestOf(value), value };
}

/** A failure to write as a value. */
export async function storing<T>(write: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await write());
  } catch (error) {
    if (error instanceof StoreError) return failed(error.failure);
    throw error;
  }
}
