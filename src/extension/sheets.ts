import * as vscode from "vscode";
import type { Result } from "../model/outcome.js";
import type { SheetChange, SheetChanged, SheetList } from "../model/sheets.js";
import type { EngineClient } from "./engineProcess.js";
import { showFailure } from "./running.js";
import type { SheetsInUse } from "./sheetsInUse.js";
import type { Workflows } from "./workflows.js";

interface SheetsParts {
  readonly engine: EngineClient;
  readonly workflows: Workflows;
  readonly inUse: SheetsInUse;
}

/** What people do with sheets, from the canvas and from the palette. */
export class Sheets {
  readonly #parts: SheetsParts;

  constructor(parts: SheetsParts) {
    this.#parts = parts;
  }

  /** The sheets as they are, and the id of the one in use; `null`: they can't be told, and the user knows why. */
  async list(file: string): Promise<(SheetList & { readonly inUse: string | null }) | null> {
    const { engine, workflows } = this.#parts;
    return this.#holding(file, async () => {
      const list = await engine.ask((remote) => remote.sheets(file));
      if (list.ok) return { ...list.value, inUse: workflows.state(file)?.sheet.id ?? null };
      void showFailure(list.failure, { file });
      return null;
    });
  }

  /** Changes them; what has gone can be brought back from a message. Why it can't be done is said. */
  async change(file: string, change: SheetChange): Promise<void> {
    const changed = await this.#ask(file, change);
    if (!changed.ok) return void showFailure(changed.failure, { file });
    const { sheet, undo } = changed.value;
    if (!undo) return;
    const what = change.type === "reset" ? "reset" : "deleted";
    // Not waited for: nobody may ever answer.
    void vscode.window.showInformationMessage(`Sheet “${sheet.name}” was ${what}.`, "Undo").then((choice) => {
      if (choice === "Undo") void this.change(file, undo);
    });
  }

  #ask(file: string, change: SheetChange): Promise<Result<SheetChanged>> {
    const { engine, workflows, inUse } = this.#parts;
    return this.#holding(file, async () => {
      const before = workflows.state(file)?.sheet.id;
      const changed = await engine.ask((remote) => remote.changeSheets(file, change));
      // The events that tell of it have come before the answer.
      const now = workflows.state(file)?.sheet.id;
      // Only what somebody has chosen: a folder that isn't trusted yet, say, has another sheet for a while.
      if (changed.ok && now !== undefined && (now !== before || change.type === "select")) inUse.keep(file, now);
      return changed;
    });
  }

  async #holding<T>(file: string, act: () => Promise<T>): Promise<T> {
    const { workflows } = this.#parts;
    const hold = workflows.hold(file);
    try {
      await workflows.opened(file);
      return await act();
    } finally {
      hold.dispose();
    }
  }
}

/** Lets what is remembered follow files that are renamed. */
export function followRenames(inUse: SheetsInUse): vscode.Disposable {
  return vscode.workspace.onDidRenameFiles(({ files }) => {
    for (const { oldUri, newUri } of files) inUse.rename(oldUri.fsPath, newUri.fsPath);
  });
}
