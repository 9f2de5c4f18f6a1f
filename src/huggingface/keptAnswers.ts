import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userCache } from "./userCache.js";

export interface KeptAnswer<T> {
  readonly answer: T;
  /** How long ago it was kept. Milliseconds. */
  readonly ageMs: number;
}

/** What apps, or the Hub, have said, by name: in the user's own cache, one small file each, for all of this user's processes. */
export class KeptAnswers<T> {
  readonly #folder: string;
  readonly #read: (kept: unknown) => T | undefined;
  /** What could not be written, for as long as this lives. */
  readonly #unwritten = new Map<string, { readonly answer: T; readonly at: number }>();

  /** @param read what a file's JSON says; `undefined`: nothing that can be believed */
  constructor(env: NodeJS.ProcessEnv, kind: "apps" | "models", read: (kept: unknown) => T | undefined) {
    this.#folder = join(userCache(env), "daggr", kind);
    this.#read = read;
  }

  find(name: string): KeptAnswer<T> | undefined {
    const own = this.#unwritten.get(name);
    if (own) return { answer: own.answer, ageMs: Date.now() - own.at };
    try {
      const path = this.#path(name);
      const answer = this.#read(JSON.parse(readFileSync(path, "utf8")));
      return answer === undefined ? undefined : { answer, ageMs: Date.now() - statSync(path).mtimeMs };
    } catch {
      return undefined;
    }
  }

  keep(name: string, answer: T): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const path = this.#path(name);
      const draft = `${path}.${randomUUID()}`;
      writeFileSync(draft, JSON.stringify(answer), { mode: 0o600 });
      renameSync(draft, path);
      this.#unwritten.delete(name);
    } catch {
      this.#unwritten.set(name, { answer, at: Date.now() });
    }
  }

  forget(name: string): void {
    this.#unwritten.delete(name);
    try {
      rmSync(this.#path(name), { force: true });
    } catch {
      // Then it is as old as it is.
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${createHash("sha256").update(name).digest("hex").slice(0, 32)}.json`);
  }
}
