import { join } from "node:path";
import { keyName } from "./safeName.js";

/**
 * The `.daggr` folder, format 1.
 *
 * ```
 * .gitignore                    "*": nothing in here is committed unless somebody asks for it
 * format.json                   {"format":1}: the version of this layout
 * blobs/ab/<sha256>             content by its SHA-256, read-only; ab: the first two digits
 * blobs/tmp/                    blobs that are being written
 * results/<host>-<pid>-<random>.jsonl   a pack: one sealed entry a line, only ever appended to, by the process that it is named after
 * workflows/<key>/workflow.json {"format":1,"name":…}: which workflow it is; sealed
 * workflows/<key>/names.json    {"format":1,"nodes":…,"controls":…}, sealed: what is kept of nodes that have been renamed since, and under which name
 * workflows/<key>/history/<sheet>.jsonl   what happened on a sheet, one sealed entry a line, only ever appended to
 * workflows/<key>/sheets.json                          {"format":1,"order":[id, …]}, sealed: in which order sheets are shown
 * workflows/<key>/sheets/<sheet>/sheet.json            {"format":1,"name":…}, sealed: the sheet's id, which is its first name
 * workflows/<key>/sheets/<sheet>/title.json            {"format":1,"title":…}, sealed: its name, where that is another
 * workflows/<key>/sheets/<sheet>/deleted.json          {"format":1,"at":<ms>}, sealed: it lies in the bin
 * workflows/<key>/sheets/<sheet>/view.json             {"format":1,"view":…}, sealed: how its canvas is arranged
 * workflows/<key>/sheets/<sheet>/inputs/<control>.json {"format":1,"control":…,"value":…}, sealed: what was typed
 * workflows/<key>/names.unsaved.json   {"format":1,"texts":…,"nodes":…,"controls":…}, sealed: the same as of texts in an editor that were not saved
 *                               yet, and which texts these were: for when they come back after the editor has been closed
 * views/<sha12>/<name>          files under their own names, for programs that look at them; can be made again at any time
 * runs/<host>-<pid>-<random>    a run is under way in that process: content that nothing names yet may be its. What it is making
 *                               this moment: a line each, the first 16 digits of the fingerprint, or dots where the line is free
 * runs/<host>-<pid>-<random>.compaction   that process is writing packs anew
 * damaged/                      what was found damaged, set aside
 * tmp/                          records and packs that are being written; what is older than an hour was left by a crash
 * ```
 *
 * `<key>`, `<sheet>` and `<control>` are a readable slug and a hash of the full text ({@link keyName}); a sheet's is that of its
 * id, which never changes. *Sealed* JSON is
 * `{"sha256":"<64 hex digits>","content":…}` where the checksum is over the text of `content` as it stands.
 *
 * An entry of a pack is either a result record, which begins with `{"format":1,"id":"<id>"`, or
 * `{"format":1,"removed":{"<id>":<n>},"unreadable":{"<pack>":<bytes>}}`. The id ends in the first 16 digits of the record's
 * fingerprint. A record that is kept again after it was removed has `"again":<n>` behind its id, how often that was (else 0);
 * a removal holds for all copies of that number and lower, in whatever pack, so that the order among packs means nothing.
 * What is `unreadable` in a pack up to that byte was reported and set aside. Which results there are, and where, each process
 * knows by reading the packs once and then where they have grown: there is no index on disk.
 *
 * What holds at any time, whoever is killed whenever:
 * - A file appears whole, by rename, or not at all. Only histories and packs grow in place: each entry is one write in append
 *   mode, with a newline before and after it, so that an entry torn by a crash cannot spoil another.
 * - Blobs and results never change. Writing the same twice is harmless, so any number of processes may write at a time.
 *   One control is one file, so two edits of different controls never meet; nor does renaming a sheet with deleting it.
 * - A sheet is deleted by a file that says so, and brought back by removing that. What lies in the bin for 30 days goes. A copy of a
 *   sheet is made in the bin, and comes out of it when it is whole.
 * - Packs of which half was removed, and many small ones, are written anew: those whose process is gone, and the own one, by
 *   one process at a time and during nobody's run. The new one is in its place before the old ones go.
 * - Content that nothing names (no result, no control) is removed when results are cleared, but neither during anybody's run
 *   nor within a minute of having been put; putting again what is there makes it young.
 * - Whatever is named is there before the name: blobs first, then the result, then the history entry.
 * - A renamed node's things stay where they are: `names.json` says what they are kept under, and is replaced as a whole. Two processes that
 *   see the same rename write the same.
 * - Everything is checked when it is read. What fails is moved to `damaged/`, reported, and counts as absent; of a pack, the one
 *   entry is copied there, and removed by another.
 * - After a power cut, what was typed and whatever took its time to make is there (`durable.ts`); what was made in an instant
 *   may be missing, or fail its check.
 * - A folder of a newer format is only read.
 */
export const FORMAT = 1;

/** The name of the store's folder in a workspace. */
export const FOLDER_NAME = ".daggr";

/** Where things are. No path that is made here depends on a text that is not slugged, or is not checked to be hexadecimal. */
export class Layout {
  readonly gitignore: string;
  readonly format: string;
  readonly blobs: string;
  readonly results: string;
  readonly workflows: string;
  readonly views: string;
  readonly damaged: string;
  readonly tmp: string;
  readonly runs: string;

  /** @param folder - absolute path of the `.daggr` folder itself. */
  constructor(readonly folder: string) {
    this.gitignore = join(folder, ".gitignore");
    this.format = join(folder, "format.json");
    this.blobs = join(folder, "blobs");
    this.results = join(folder, "results");
    this.workflows = join(folder, "workflows");
    this.views = join(folder, "views");
    this.damaged = join(folder, "damaged");
    this.tmp = join(folder, "tmp");
    this.runs = join(folder, "runs");
  }

  workflow(graphKey: string): WorkflowLayout {
    return new WorkflowLayout(join(this.workflows, keyName(graphKey)));
  }
}

/** Where one workflow's own things are. */
export class WorkflowLayout {
  readonly description: string;
  readonly names: string;
  readonly unsavedNames: string;
  readonly histories: string;
  readonly sheets: string;
  readonly sheetOrder: string;

  constructor(readonly folder: string) {
    this.description = join(folder, "workflow.json");
    this.names = join(folder, "names.json");
    this.unsavedNames = join(folder, "names.unsaved.json");
    this.histories = join(folder, "history");
    this.sheets = join(folder, "sheets");
    this.sheetOrder = join(folder, "sheets.json");
  }

  history(sheet: string): string {
    return join(this.histories, `${keyName(sheet)}.jsonl`);
  }

  /** @param sheet - its id, here and below. */
  sheet(sheet: string): string {
    return join(this.sheets, keyName(sheet));
  }

  sheetDescription(sheet: string): string {
    return join(this.sheet(sheet), "sheet.json");
  }

  sheetTitle(sheet: string): string {
    return join(this.sheet(sheet), "title.json");
  }

  sheetDeletion(sheet: string): string {
    return join(this.sheet(sheet), "deleted.json");
  }

  sheetView(sheet: string): string {
    return join(this.sheet(sheet), "view.json");
  }

  inputs(sheet: string): string {
    return join(this.sheet(sheet), "inputs");
  }

  input(sheet: string, control: string): string {
    return join(this.inputs(sheet), `${keyName(control)}.json`);
  }
}
