import { lstatSync } from "node:fs";
import type { Failure } from "../model/failure.js";
import { NO_NAMES, type KeptNames, type KnownNode } from "../model/keptNames.js";
import { failed, success, type Result } from "../model/outcome.js";
import { readSmall, remove, writeSmall } from "./disk.js";
import type { Layout, WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";
import { readSealed } from "./sealedFile.js";
import { seal, unseal } from "./sealed.js";
import { storeFailure } from "./storeFailure.js";

const WHAT = "what renamed nodes were called before";

/** Names as of texts in an editor. */
export interface UnsavedNames {
  /** Identifies the texts. */
  readonly texts: string;
  readonly names: KeptNames;
}

/** What a workflow's nodes and controls are kept under. Replaced as a whole, so that whoever reads it has one state of it. */
export class NamesFile {
  /** Tells whether it is the file that was read or written last. */
  #stamp: string | null = null;
  #names: KeptNames = NO_NAMES;

  /** @param refusal - why nothing is to be written; `null` where it may be. */
  constructor(
    readonly layout: Layout,
    readonly workflow: WorkflowLayout,
    readonly damage: Damage,
    readonly refusal: Failure | null,
  ) {}

  /** One and the same object until the file is another one. */
  read(): KeptNames {
    const stamp = this.#stampNow();
    if (stamp === null || stamp === this.#stamp) return this.#names;
    this.#stamp = stamp;
    const content = this.#content();
    if (isNames(content)) this.#names = { nodes: content.nodes, controls: content.controls };
    else if (content !== null) this.damage.setAside(this.workflow.names, WHAT);
    return this.#names;
  }

  /** What can't be written holds for this session. */
  write(names: KeptNames): Result<void> {
    this.#names = names;
    if (this.refusal) return success(undefined);
    try {
      writeSmall(this.workflow.names, `${seal({ format: 1, ...names })}\n`, this.layout.tmp, true);
      this.#stamp = this.#stampNow();
      return success(undefined);
    } catch (error) {
      return failed(storeFailure(error, WHAT));
    }
  }

  /** Those of texts that were not saved; `null`: others, or none, are known. @param texts - identifies them. */
  unsaved(texts: string): KeptNames | null {
    const content = readSealed(this.workflow.unsavedNames, this.damage, WHAT);
    return content?.texts === texts && isNames(content) ? { nodes: content.nodes, controls: content.controls } : null;
  }

  /** What can't be written is no loss until the editor is closed. `null`: all is saved. */
  keepUnsaved(unsaved: UnsavedNames | null): void {
    if (this.refusal) return;
    try {
      const { unsavedNames } = this.workflow;
      if (!unsaved) remove(unsavedNames);
      else
        writeSmall(unsavedNames, `${seal({ format: 1, texts: unsaved.texts, ...unsaved.names })}\n`, this.layout.tmp);
    } catch {
      // A full disk, which whatever matters tells.
    }
  }

  /** `undefined`: it is damaged; `null`: it has gone. */
  #content(): unknown {
    try {
      const text = readSmall(this.workflow.names);
      return text === null ? null : unseal(text);
    } catch {
      return undefined; // a link, a folder, a bad sector
    }
  }

  /** `null`: it isn't there. It is replaced, never written to, so each has a number of its own. */
  #stampNow(): string | null {
    try {
      const { ino, size, mtimeNs } = lstatSync(this.workflow.names, { bigint: true });
      return [ino, size, mtimeNs].join(" ");
    } catch {
      return null; // nor can there be any where `.daggr` is a file, or can't be looked into
    }
  }
}

function isNames(content: unknown): content is KeptNames {
  if (!isObject(content) || !Array.isArray(content.nodes) || !isObject(content.controls)) return false;
  const nodes = content.nodes as readonly unknown[]; // `isArray` makes them any
  return (
    nodes.every(isNode) &&
    areDifferent(nodes.map(({ kept }) => kept)) &&
    areDifferent(nodes.flatMap(({ id, gone }) => (gone === undefined ? [id] : []))) &&
    Object.values(content.controls).every((kept) => typeof kept === "string") &&
    areDifferent(Object.values(content.controls))
  );
}

function isNode(content: unknown): content is KnownNode {
  return (
    isObject(content) &&
    [content.id, content.kept, content.kind, content.detail].every((text) => typeof text === "string") &&
    (content.alike === null || typeof content.alike === "string") &&
    (content.gone === undefined || typeof content.gone === "number") &&
    isObject(content.controls) &&
    Object.values(content.controls).every(
      (control) => isObject(control) && typeof control.name === "string" && typeof control.component === "string",
    )
  );
}

function areDifferent(names: readonly unknown[]): boolean {
  return new Set(names).size === names.length;
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
