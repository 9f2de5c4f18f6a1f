import type { CanvasView } from "../model/canvasView.js";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import {
  FIRST_SHEET,
  freeName,
  nameProblem,
  type SheetChange,
  type SheetChanged,
  type SheetEntry,
  type SheetList,
  tidyName,
} from "../model/sheets.js";
import { unreachable } from "../model/unreachable.js";
import type { WorkflowEvent } from "../model/workflowState.js";
import type { WorkflowStore } from "../store/workflowStore.js";
import { FolderWatch } from "./folderWatch.js";
import type { OpenSheet } from "./openSheet.js";
import { busy } from "./refusals.js";

/** Several changes of the folder come as one. Milliseconds. */
const REST_MS = 50;

export interface SheetsHost {
  /** The sheet in use; `null`: no store is open. */
  sheet(): OpenSheet | null;
  /** A run is under way or asked for, and works with the sheet in use. */
  busy(): boolean;
  /** Goes on with another sheet. */
  use(id: string): Promise<void>;
  emit(event: WorkflowEvent): void;
  /** Calls {@link Sheets.refresh} when it is its turn. */
  refreshInTurn(): void;
}

/** The sheets of an open workflow, as this process and others change them. */
export class Sheets {
  readonly #host: SheetsHost;
  #told: readonly SheetEntry[] = [];
  /** Other windows and the command line write to the folder, too. */
  readonly #watch: FolderWatch;
  #rest: NodeJS.Timeout | undefined;

  constructor(host: SheetsHost) {
    this.#host = host;
    this.#watch = new FolderWatch(() => {
      this.#rest ??= setTimeout(() => {
        this.#rest = undefined;
        host.refreshInTurn();
      }, REST_MS).unref();
    });
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#watch.dispose();
  }

  /** Looks at what there is, and tells what has changed. */
  refresh(): SheetList {
    const sheet = this.#host.sheet();
    if (!sheet) return { sheets: [], deleted: [] };
    const { sheetFiles } = sheet.store;
    this.#watch.setFiles([sheetFiles.workflow.sheetOrder]);
    const list = sheetFiles.list();
    const { id, name } = sheet.state;
    const own = list.sheets.find((entry) => entry.id === id)?.name ?? name;
    if (own !== name) {
      sheet.renamed(own);
      this.#host.emit({ type: "sheet-changed", sheet: sheet.state });
    }
    if (JSON.stringify(list.sheets) !== JSON.stringify(this.#told)) {
      this.#told = list.sheets;
      this.#host.emit({ type: "sheets-changed", sheets: list.sheets });
    }
    return list;
  }

  /** Switches to the sheet of that name, or to a new one. */
  async selectNamed(sheet: OpenSheet, name: string): Promise<Result<void>> {
    const { sheetFiles } = sheet.store;
    const there = this.refresh().sheets.some((entry) => entry.name === name);
    const problem = there ? null : unfitName(name, []);
    if (problem) return failed(problem);
    return this.#select(sheet, sheetFiles.named(there ? name : tidyName(name)));
  }

  /** @param sheet - the one in use. */
  async change(sheet: OpenSheet, change: SheetChange): Promise<Result<SheetChanged>> {
    const changed = await this.#change(sheet, change);
    const { sheets } = this.refresh();
    if (!changed.ok) return changed;
    const { id, undo } = changed.value;
    const entry = sheets.find((each) => each.id === id) ?? changed.value;
    return success({ sheet: { id, name: entry.name }, ...(undo && { undo }) });
  }

  /**
   * Whether the store that is open has a sheet, deleted or not. What a canvas sends of a sheet comes a moment later, when another store may
   * be open: whoever types the graph's name passes by other names.
   */
  has({ state, store }: OpenSheet, id: string): boolean {
    return (
      id === state.id ||
      store.sheetFiles.ids().includes(id) ||
      store.sheetFiles.list().sheets.some((each) => each.id === id)
    );
  }

  /** How the canvas of a sheet was left. */
  keepView(sheet: OpenSheet, id: string, view: CanvasView): void {
    if (!this.has(sheet, id)) return;
    sheet.store.sheetFiles.keepView(id, view);
    if (sheet.state.id === id) this.#host.emit({ type: "view-changed", view });
  }

  async #change(sheet: OpenSheet, change: SheetChange): Promise<Result<SheetEntry & Pick<SheetChanged, "undo">>> {
    const { store } = sheet;
    const { sheetFiles } = store;
    const list = sheetFiles.list();
    if (change.type === "create") {
      const problem = this.#unfree("make a new sheet") ?? unfitName(change.name, list.sheets);
      if (problem) return failed(problem);
      const name = tidyName(change.name);
      const made = arranged(store, sheet.state.id, sheetFiles.create(name));
      if (made.ok) await this.#host.use(made.value);
      return made.ok ? success({ id: made.value, name }) : made;
    }
    if (change.type === "restore") return this.#restore(sheet, list, change);
    const at = list.sheets.findIndex(({ id }) => id === change.sheet);
    const entry = list.sheets[at];
    if (!entry) return failed(noSheet(list, change.sheet));
    const { id, name } = entry;
    const others = list.sheets.filter((other) => other !== entry);
    const inUse = id === sheet.state.id;
    switch (change.type) {
      case "select": {
        const selected = await this.#select(sheet, id);
        return selected.ok ? success(entry) : selected;
      }
      case "duplicate": {
        const problem = this.#unfree("duplicate a sheet") ?? unfitName(change.name, list.sheets);
        if (problem) return failed(problem);
        const copy = await store.duplicateSheet(id, tidyName(change.name));
        if (!copy.ok) return copy;
        sheetFiles.order(list.sheets.flatMap((other) => (other.id === id ? [id, copy.value] : [other.id])));
        await this.#host.use(copy.value);
        return success({ id: copy.value, name: tidyName(change.name) });
      }
      case "rename": {
        const problem = unfitName(change.name, others);
        if (problem) return failed(problem);
        const renamed = sheetFiles.rename(id, tidyName(change.name));
        return renamed.ok ? success({ id, name: tidyName(change.name) }) : renamed;
      }
      case "reset": {
        const problem = inUse ? this.#unfree("reset the sheet in use") : null;
        if (problem) return failed(problem);
        // Asked for twice, the second time has nothing to take back: what the first offered to still counts.
        if (!sheetFiles.hasContent(id)) return success(entry);
        // The new one first: whoever is killed in between has both.
        const made = arranged(store, id, sheetFiles.create(name));
        if (!made.ok) return made;
        const gone = sheetFiles.delete(id);
        if (!gone.ok) return gone;
        sheetFiles.order(list.sheets.map((other) => (other.id === id ? made.value : other.id)));
        if (inUse) await this.#host.use(made.value);
        return success({
          id: made.value,
          name,
          undo: { type: "restore", sheet: id, use: inUse, inPlaceOf: made.value },
        });
      }
      case "delete": {
        if (others.length === 0) return failed(lastSheet(name));
        const problem = inUse ? this.#unfree("delete the sheet in use") : null;
        if (problem) return failed(problem);
        const gone = sheetFiles.delete(id);
        if (!gone.ok) return gone;
        const next = others[Math.min(at, others.length - 1)];
        if (inUse && next) await this.#host.use(next.id);
        return success({ id, name, undo: { type: "restore", sheet: id, use: inUse } });
      }
      case "move": {
        const ids = others.map((other) => other.id);
        const moved = sheetFiles.order(ids.toSpliced(Math.max(0, change.to), 0, id));
        return moved.ok ? success(entry) : moved;
      }
      default:
        return unreachable(change);
    }
  }

  async #restore(
    sheet: OpenSheet,
    list: SheetList,
    { sheet: id, use, inPlaceOf }: Extract<SheetChange, { type: "restore" }>,
  ): Promise<Result<SheetEntry>> {
    const { sheetFiles } = sheet.store;
    const there = list.sheets.find((entry) => entry.id === id);
    if (there) return success(there);
    const deleted = sheetFiles.deleted(id);
    if (!deleted) return failed(noSheet(list, id));
    const place = list.sheets.findIndex((entry) => entry.id === inPlaceOf);
    const problem = inPlaceOf === sheet.state.id ? this.#unfree("take the reset back") : null;
    if (problem) return failed(problem);
    const others = list.sheets.filter((entry) => entry.id !== inPlaceOf).map(({ name }) => name);
    const name = freeName(deleted.name, others);
    const steps = [
      () => (name === deleted.name ? success(undefined) : sheetFiles.rename(id, name)),
      () => sheetFiles.restore(id),
      () => (place < 0 || inPlaceOf === undefined ? success(undefined) : sheetFiles.delete(inPlaceOf)),
    ];
    for (const step of steps) {
      const done = step();
      if (!done.ok) return done;
    }
    if (place >= 0) sheetFiles.order(list.sheets.toSpliced(place, 1, { id, name }).map((entry) => entry.id));
    if (use && !this.#host.busy()) await this.#host.use(id);
    return success({ id, name });
  }

  async #select({ state }: OpenSheet, id: string): Promise<Result<void>> {
    if (id === state.id) return success(undefined);
    const problem = this.#unfree("switch to another sheet");
    if (problem) return failed(problem);
    await this.#host.use(id);
    this.refresh();
    return success(undefined);
  }

  /** A run belongs to the sheet that it began on, which stays in use until the end. */
  #unfree(what: string): Failure | null {
    return this.#host.busy() ? busy(what) : null;
  }
}

/** The sheet to go on with: the one that was in use, or else one of its name, or else the first. */
export function sheetToUse(store: WorkflowStore, wanted: { readonly id: string; readonly name: string }): string {
  const { sheetFiles } = store;
  const { sheets } = sheetFiles.list();
  const found =
    sheets.find(({ id }) => id === wanted.id) ??
    sheets.find(({ name }) => name === wanted.name) ??
    sheets.find(({ name }) => name === FIRST_SHEET) ??
    sheets[0];
  // Two windows may have deleted the last two at the same time.
  return found?.id ?? sheetFiles.named(FIRST_SHEET);
}

/** A sheet that is new begins with the arrangement of another. */
function arranged({ sheetFiles }: WorkflowStore, like: string, made: Result<string>): Result<string> {
  const view = made.ok ? sheetFiles.view(like) : null;
  if (made.ok && view) sheetFiles.keepView(made.value, view);
  return made;
}

function unfitName(name: string, taken: readonly SheetEntry[]): Failure | null {
  const problem = nameProblem(
    name,
    taken.map((entry) => entry.name),
  );
  return problem === null ? null : { reason: "invalid-input", message: problem };
}

function noSheet({ deleted }: SheetList, id: string): Failure {
  const gone = deleted.find((entry) => entry.id === id);
  if (!gone) return { reason: "not-found", message: "That sheet is not there any more." };
  return { reason: "not-found", message: `Sheet “${gone.name}” was deleted.`, hint: "Restore it first." };
}

function lastSheet(name: string): Failure {
  return {
    reason: "unsupported",
    message: `“${name}” is the only sheet, and a workflow has at least one.`,
    hint: "Reset it to begin anew.",
  };
}
