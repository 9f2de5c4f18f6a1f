import { hash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFolder } from "./cacheFolder.js";

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

/** Beside the bundle in `dist`. */
const transpiler = fileURLToPath(new URL("./transpiler.mjs", import.meta.url));

/** What no workflow has asked for in this time goes. Milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * JavaScript for TypeScript files, kept on disk by content. Synchronous, as module hooks are. The compiler takes longer to load
 * than most workflows to run, so it is loaded on the first miss.
 */
export class TranspileCache {
  readonly #folder: string | null;
  #compiler: Transpiler | undefined;
  #version: string | undefined;
  #swept = false;

  /** @param folder made where there is none; one that cannot be written, or that others can write to, is not used */
  constructor(folder: string) {
    this.#folder = ownFolder(folder) ? folder : null;
  }

  transpile(path: string, text: string): Transpiled {
    const prefix = `${hash("sha256", path).slice(0, 16)}-`;
    const key = hash("sha256", [this.#versionOfCompiler(), basename(path), text].join("\0"));
    const name = `${prefix}${key.slice(0, 32)}.js`;
    const kept = this.#read(name, key);
    if (kept !== undefined) return { ok: true, code: kept };
    // Its one export is the function that the type names.
    this.#compiler ??= createRequire(import.meta.url)(transpiler) as Transpiler;
    const made = this.#compiler.transpile(path, text);
    if (made.ok) this.#write(prefix, name, key, made.code);
    return made;
  }

  /** Changes with the compiler and its options, for this file has the ones and names the other by its content. */
  #versionOfCompiler(): string {
    this.#version ??= hash("sha256", readFileSync(transpiler));
    return this.#version;
  }

  #read(name: string, key: string): string | undefined {
    if (this.#folder === null) return undefined;
    try {
      const kept = readFileSync(join(this.#folder, name), "utf8");
      const end = kept.indexOf("\n");
      const code = kept.slice(end + 1);
      return kept.slice(0, end) === seal(key, code) ? code : undefined;
    } catch {
      return undefined;
    }
  }

  /** One version a file is kept: others of the same path go. */
  #write(prefix: string, name: string, key: string, code: string): void {
    if (this.#folder === null) return;
    try {
      const draft = join(this.#folder, `.${randomUUID()}`);
      writeFileSync(draft, `${seal(key, code)}\n${code}`, { mode: 0o600, flag: "wx" });
      renameSync(draft, join(this.#folder, name));
      for (const other of readdirSync(this.#folder)) {
        if (other === name) continue;
        if (other.startsWith(prefix) || (!this.#swept && this.#isOld(other))) {
          rmSync(join(this.#folder, other), { force: true });
        }
      }
      this.#swept = true;
    } catch {
      // A cache that cannot be written makes the next start slower, nothing else.
    }
  }

  #isOld(name: string): boolean {
    const found = statSync(join(this.#folder ?? "", name), { throwIfNoEntry: false });
    return found !== undefined && Date.now() - found.mtimeMs > KEPT_MS;
  }
}

/** The first line of a kept file: whole, unchanged, and made of what its name says. */
function seal(key: string, code: string): string {
  return hash("sha256", `${key}\0${code}`);
}
