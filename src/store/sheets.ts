import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { StoredValue } from "../model/value.js";
import { changeTime, SETTLED_MS } from "./changeTime.js";
import { namesIn, remove, writeSmall } from "./disk.js";
import type { Layout, WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";
import { seal } from "./sealed.js";
import { readSealed } from "./sealedFile.js";
import { storeFailure } from "./storeFailure.js";

type Values = Readonly<Record<string, StoredValue>>;

/** What was typed on a workflow's sheets: one sealed file a control. */
export class Sheets {
  readonly #read = new Map<string, { readonly values: Values; readonly changedAt: number; readonly readAt: number }>();
  /** By sheet and control: what could not be written and holds for this session; `null`: the default. */
  readonly #unwritten = new Map<string, Map<string, StoredValue | null>>();

  /**
   * @param refusal - why nothing is to be written; `null` where it may be.
   * @param describe - sees to it that a sheet is there before what is typed on it.
   */
  constructor(
    readonly layout: Layout,
    readonly workflow: WorkflowLayout,
    readonly damage: Damage,
    readonly refusal: Failure | null,
    readonly describe: (sheet: string) => void,
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

  /** Ids of the sheets on which something holds for this session alone. */
  unwrittenOn(): Iterable<string> {
    return this.#unwritten.keys();
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
    for (const name of namesIn(folder)) {
      if (!name.endsWith(".json")) continue;
      const content = readSealed(join(folder, name), this.damage, "what was entered in a control");
      if (typeof content?.control === "string" && isStoredValue(content.value)) values[content.control] = content.value;
    }
    this.#read.set(sheet, { values, changedAt, readAt });
    return values;
  }

  #keepForNow(sheet: string, control: string, value: StoredValue | null): void {
    const controls = this.#unwritten.get(sheet) ?? new Map<string, StoredValue | null>();
    this.#unwritten.set(sheet, controls.set(control, value));
  }
}

function isStoredValue(content: unknown): content is StoredValue {
  if (typeof content !== "object" || content === null || !("kind" in content)) return false;
  if (!("digest" in content) || typeof content.digest !== "string") return false;
  return content.kind === "inline"
    ? "value" in content
    : content.kind === "blob" && "blob" in content && typeof content.blob === "string";
}
