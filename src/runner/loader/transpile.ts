import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

export type Transpiled =
  | { readonly ok: true; readonly code: string }
  | {
      readonly ok: false;
      /** Lines and columns from 1. */
      readonly error: { readonly message: string; readonly line: number; readonly column: number };
    };

interface Transpiler {
  transpile(path: string, text: string): Transpiled;
}

/** Changes with the compiler or its options: what an older version made isn't read any more. */
const version = "typescript-6.0/1";

/**
 * JavaScript for TypeScript files, kept on disk by content. Synchronous, as module hooks are. The compiler takes longer to load
 * than most workflows to run, so it is loaded on the first miss.
 */
export class TranspileCache {
  readonly #folder: string;
  #transpiler: Transpiler | undefined;

  /** @param folder created when the first file is written; a folder that cannot be written is no error */
  constructor(folder: string) {
    this.#folder = folder;
  }

  transpile(path: string, text: string): Transpiled {
    const prefix = `${hash(path).slice(0, 16)}-`;
    const name = `${prefix}${hash(`${version}\0${basename(path)}\0${text}`).slice(0, 32)}.js`;
    const kept = this.#read(name);
    if (kept !== undefined) return { ok: true, code: kept };
    const made = this.#compiler().transpile(path, text);
    if (made.ok) this.#write(prefix, name, made.code);
    return made;
  }

  #compiler() {
    // Beside the bundle in `dist`. Its one export is the function that the type names.
    this.#transpiler ??= createRequire(import.meta.url)("./transpiler.mjs") as Transpiler;
    return this.#transpiler;
  }

  #read(name: string): string | undefined {
    try {
      const text = readFileSync(join(this.#folder, name), "utf8");
      // Every file ends with its source map: one that doesn't was cut off.
      return /\n\/\/# sourceMappingURL=data:\S+\n$/.test(text.slice(text.lastIndexOf("\n//#"))) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  /** One version a file is kept: others of the same path go. */
  #write(prefix: string, name: string, code: string): void {
    try {
      mkdirSync(this.#folder, { recursive: true });
      const draft = join(this.#folder, `.${randomUUID()}`);
      writeFileSync(draft, code);
      renameSync(draft, join(this.#folder, name));
      for (const other of readdirSync(this.#folder)) {
        if (other.startsWith(prefix) && other !== name) rmSync(join(this.#folder, other), { force: true });
      }
    } catch {
      // A cache that cannot be written makes the next start slower, nothing else.
    }
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
