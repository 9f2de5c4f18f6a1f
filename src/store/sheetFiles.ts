import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CanvasView } from "../model/canvasView.js";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import { type DeletedSheet, FIRST_SHEET, freeName, type SheetEntry, type SheetList } from "../model/sheets.js";
import { changeTime } from "./changeTime.js";
import { makingFolder, namesIn, remove, temporaryPath, writeSmall } from "./disk.js";
import type { Layout, WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";
import { readSealed } from "./sealedFile.js";
import { seal } from "./sealed.js";
import { storeFailure } from "./storeFailure.js";

/** What was deleted can be brought back for so long. Milliseconds. */
const BIN_MS = 30 * 24 * 3_600_000;

/** Which sheets a workflow has, and how each is called and arranged: small files that never stand for two things at a time. */
export class SheetFiles {
  /** Sheets that somebody uses and nothing was done on yet: names by ids. */
  readonly #unborn = new Map<string, string>();
  /** By sheet: its arrangement as it was written last, which is written again and again. */
  readonly #views = new Map<string, string>();

  /** @param refusal - why nothing is to be written; `null` where it may be. */
  constructor(
    readonly layout: Layout,
    readonly workflow: WorkflowLayout,
    readonly damage: Damage,
    readonly refusal: Failure | null,
  ) {}

  /** As things are on disk this moment, whoever has changed them. */
  list(): SheetList {
    const known = this.#known();
    const there = known.filter(({ deletedAt }) => deletedAt === null);
    const names = new Set<string>();
    const sheets = there.map(({ id, name }): SheetEntry => {
      // Given to two sheets in two windows at the same time.
      const free = freeName(name, [...names]);
      names.add(free);
      return { id, name: free };
    });
    const deleted = known
      .flatMap(({ id, name, deletedAt }): DeletedSheet[] => (deletedAt === null ? [] : [{ id, name, deletedAt }]))
      .filter(({ id }) => this.hasContent(id))
      .sort((a, b) => b.deletedAt - a.deletedAt);
    return { sheets, deleted };
  }

  /** A sheet in the bin, whether anything was done on it or not; `null`: there is none of that id. */
  deleted(id: string): DeletedSheet | null {
    const found = this.#known().find((sheet) => sheet.id === id);
    return found && found.deletedAt !== null ? { id, name: found.name, deletedAt: found.deletedAt } : null;
  }

  /** Ids of all sheets that something was done on, deleted ones too, in alphabetical order. */
  ids(): readonly string[] {
    return [...this.#onDisk()].sort();
  }

  /** The id of the sheet that is called so; where there is none, of an empty one that comes into being with what is done on it. */
  named(name: string): string {
    const known = this.#known();
    const there = this.list().sheets.find((sheet) => sheet.name === name);
    if (there) return there.id;
    const id = freeName(name, [FIRST_SHEET, ...known.map((sheet) => sheet.id)]);
    this.#unborn.set(id, name);
    return id;
  }

  /** Makes an empty sheet, last in order. */
  create(name: string): Result<string> {
    return this.#changing(`sheet “${name}”`, () => {
      const before = this.#known().map((sheet) => sheet.id);
      const id = freeName(name, before);
      this.#unborn.set(id, name);
      this.#bear(id);
      this.#order([...before, id]);
      return id;
    });
  }

  /** Sees to it that a sheet is on disk before what is done on it. */
  describe(id: string): void {
    if (this.refusal || existsSync(this.workflow.sheetDescription(id))) return;
    try {
      // Nobody has asked for it by itself, so the disk isn't waited for.
      this.#bear(id, false);
    } catch {
      // What is kept on the sheet next says what is wrong.
    }
  }

  rename(id: string, name: string): Result<void> {
    return this.#changing(`the name “${name}”`, () => {
      this.#bear(id);
      this.#write(this.workflow.sheetTitle(id), { title: name });
      this.#order(this.#ordered());
    });
  }

  /** Puts a sheet into the bin, where what is under way on it goes on. */
  delete(id: string): Result<void> {
    return this.#changing("that the sheet is deleted", () => {
      this.#bear(id);
      this.#bin(id);
      this.#order(this.#ordered());
    });
  }

  /** Takes a sheet out of the bin. */
  restore(id: string): Result<void> {
    return this.#changing("the sheet", () => {
      remove(this.workflow.sheetDeletion(id));
      this.#order(this.#ordered());
    });
  }

  /** A sheet that is in the bin until it is whole and {@link restore}d. */
  begin(id: string, name: string): Result<void> {
    return this.#changing(`sheet “${name}”`, () => {
      this.#bin(id);
      this.#unborn.set(id, name);
      this.#bear(id);
    });
  }

  /** @param ids - of sheets, in the order that they shall have; those that are not among them come after. */
  order(ids: readonly string[]): Result<void> {
    return this.#changing("the order of the sheets", () => this.#order(ids));
  }

  /** As it was kept last: by this version, or whoever wrote the file. */
  view(id: string): CanvasView | null {
    const content = readSealed(this.workflow.sheetView(id), this.damage, "how a sheet's canvas was arranged");
    // Whoever draws it checks each part.
    return (content?.view ?? null) as CanvasView | null;
  }

  /** What can't be written down is as it was the next time: nothing that anybody has made. */
  keepView(id: string, view: CanvasView): void {
    const text = seal({ format: 1, view });
    if (this.refusal || this.#views.get(id) === text) return;
    try {
      this.describe(id);
      writeSmall(this.workflow.sheetView(id), `${text}\n`, this.layout.tmp);
      this.#views.set(id, text);
    } catch {
      // A full disk, which whatever matters tells.
    }
  }

  /** Removes what has lain in the bin for long, and nobody has touched since. */
  purge(now: number = Date.now()): void {
    if (this.refusal) return;
    for (const { id, deletedAt } of this.#known()) {
      if (deletedAt === null) continue;
      const touched = [this.workflow.history(id), this.workflow.inputs(id)].map((path) => changeTime(path) ?? 0);
      if (now - Math.max(deletedAt, ...touched) < BIN_MS) continue;
      try {
        remove(this.workflow.history(id));
        const aside = temporaryPath(this.layout.tmp);
        // The first is there by itself, unless it says that it was deleted.
        const going = id === FIRST_SHEET ? this.workflow.inputs(id) : this.workflow.sheet(id);
        makingFolder(aside, () => renameSync(going, aside));
        rmSync(aside, { recursive: true, force: true });
      } catch {
        // It goes another time.
      }
    }
  }

  /** Every sheet, in order. */
  #known(): { readonly id: string; readonly name: string; readonly deletedAt: number | null }[] {
    const ids = new Set([FIRST_SHEET, ...this.#onDisk(), ...this.#unborn.keys()]);
    const order = this.#ordered();
    const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : id === FIRST_SHEET ? -1 : Infinity);
    return [...ids]
      .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
      .map((id) => {
        const title = readSealed(this.workflow.sheetTitle(id), this.damage, "a sheet's name")?.title;
        const at = readSealed(this.workflow.sheetDeletion(id), this.damage, "that a sheet is deleted")?.at;
        const name = typeof title === "string" ? title : (this.#unborn.get(id) ?? id);
        return { id, name, deletedAt: typeof at === "number" ? at : null };
      });
  }

  #onDisk(): Set<string> {
    const ids = namesIn(this.workflow.sheets).flatMap((folder) => {
      const name = readSealed(join(this.workflow.sheets, folder, "sheet.json"), this.damage, "a sheet's name")?.name;
      return typeof name === "string" ? [name] : [];
    });
    return new Set(ids);
  }

  /** Ids in the order that was kept, deleted ones too, so that they come back to their places. */
  #ordered(): string[] {
    const order = readSealed(this.workflow.sheetOrder, this.damage, "the order of the sheets")?.order;
    return Array.isArray(order) ? order.filter((id) => typeof id === "string") : [];
  }

  /** Written with every change, for whoever watches the folder. */
  #order(ids: readonly string[]): void {
    const kept = this.#known().map(({ id }) => id);
    const rest = kept.filter((id) => !ids.includes(id));
    this.#write(this.workflow.sheetOrder, { order: [...ids.filter((id) => kept.includes(id)), ...rest] });
  }

  #bear(id: string, synced = true): void {
    if (existsSync(this.workflow.sheetDescription(id))) return;
    const name = this.#unborn.get(id);
    if (name !== undefined && name !== id) this.#write(this.workflow.sheetTitle(id), { title: name }, synced);
    this.#write(this.workflow.sheetDescription(id), { name: id }, synced);
    this.#unborn.delete(id);
  }

  #bin(id: string): void {
    this.#write(this.workflow.sheetDeletion(id), { at: Date.now() });
  }

  #write(path: string, content: Readonly<Record<string, unknown>>, synced = true): void {
    writeSmall(path, `${seal({ format: 1, ...content })}\n`, this.layout.tmp, synced);
  }

  /** Whether anything was done on a sheet, as far as that is on disk. */
  hasContent(id: string): boolean {
    return namesIn(this.workflow.inputs(id)).length > 0 || existsSync(this.workflow.history(id));
  }

  #changing<T>(subject: string, change: () => T): Result<T> {
    if (this.refusal) return failed(this.refusal);
    try {
      return success(change());
    } catch (error) {
      return failed(storeFailure(error, subject));
    }
  }
}
