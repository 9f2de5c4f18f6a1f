import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { StoredValue } from "../model/value.js";
import { changeTime, SETTLED_MS } from "./changeTime.js";
import { readSmall, remove, writeSmall } from "./disk.js";
import type { Layout, WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";
import { seal, unseal } from "./sealed.js";
import { storeFailure } from "./storeFailure.js";

type Values = Readonly<Record<string, StoredValue>>;

/** What was typed on a workflow's sheets: one sealed file a control. */
export class Sheets {
  readonly #read = new Map<string, { readonly values: Values; readonly changedAt: number; readonly readAt: number }>();
  /** By sheet and control: what could not be written and holds for this session; `null`: the default. */
  readonly #unwritten = new Map<string, Map<string, StoredValue | null>>();

  /** @param refusal - why nothing is to be written; `null` where it may be. */
  constructor(
    readonly layout: Layout,
    readonly workflow: WorkflowLayout,
    readonly damage: Damage,
    readonly refusal: Failure | null,
  ) {}

  values(sheet: string): Values {
    const values = { ...this.#onDisk(sheet) };
    for (const [control, value] of this.#unwritten.get(sheet) ?? []) {
      if (value) values[control] = value;
      // A new object each time: taking a key out of it is no one else's business.
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      else delete values[control];
    }
    return values;
  }

  set(sheet: string, control: string, value: StoredValue | null): Result<void> {
    if (this.refusal) {
      this.#keepForNow(sheet, control, value);
      return success(undefined);
    }
    const path = this.workflow.input(sheet, control);
    try {
      if (value === null) {
        remove(path);
      } else {
        this.describe(sheet);
        writeSmall(path, `${seal({ format: 1, control, value })}\n`, this.layout.tmp, true);
      }
      this.#unwritten.get(sheet)?.delete(control);
      return success(undefined);
    } catch (error) {
      this.#keepForNow(sheet, control, value);
      return failed(storeFailure(error, `what you entered in \`${control}\``));
    } finally {
      this.#read.delete(sheet);
    }
  }

  /** Notes the sheet's full name, for its files have only a slug of it. */
  describe(sheet: string): void {
    const path = this.workflow.sheetDescription(sheet);
    if (this.refusal || existsSync(path)) return;
    try {
      writeSmall(path, `${seal({ format: 1, name: sheet })}\n`, this.layout.tmp);
    } catch {
      // What is kept on the sheet next says what is wrong.
    }
  }

  names(): readonly string[] {
    const names = new Set(this.#unwritten.keys());
    for (const folder of list(this.workflow.sheets)) {
      const description = this.#unsealed(join(this.workflow.sheets, folder, "sheet.json"), "a sheet's name");
      if (typeof description?.name === "string") names.add(description.name);
    }
    return [...names].sort();
  }

  /** Values that could not be written. */
  *unwritten(): Generator<StoredValue> {
    for (const controls of this.#unwritten.values()) for (const value of controls.values()) if (value) yield value;
  }

  #onDisk(sheet: string): Values {
    const folder = this.workflow.inputs(sheet);
    const changedAt = changeTime(folder);
    if (changedAt === null) return {};
    const known = this.#read.get(sheet);
    if (known?.changedAt === changedAt && known.readAt - changedAt > SETTLED_MS) return known.values;
    const readAt = Date.now();
    const values: Record<string, StoredValue> = {};
    for (const name of list(folder)) {
      if (!name.endsWith(".json")) continue;
      const content = this.#unsealed(join(folder, name), "what was entered in a control");
      if (typeof content?.control === "string" && isStoredValue(content.value)) values[content.control] = content.value;
    }
    this.#read.set(sheet, { values, changedAt, readAt });
    return values;
  }

  #unsealed(path: string, what: string): Record<string, unknown> | null {
    try {
      const text = readSmall(path);
      if (text === null) return null;
      const content = unseal(text);
      if (isObject(content)) return content;
    } catch {
      // A link, a folder, a bad sector: no entry in any case.
    }
    this.damage.setAside(path, what);
    return null;
  }

  #keepForNow(sheet: string, control: string, value: StoredValue | null): void {
    const controls = this.#unwritten.get(sheet) ?? new Map<string, StoredValue | null>();
    this.#unwritten.set(sheet, controls.set(control, value));
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // not there yet
  }
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

function isStoredValue(content: unknown): content is StoredValue {
  if (!isObject(content) || typeof content.digest !== "string") return false;
  return content.kind === "inline" ? "value" in content : content.kind === "blob" && typeof content.blob === "string";
}
