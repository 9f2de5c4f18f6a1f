import { createHash } from "node:crypto";
import type { ts } from "ts-morph";
import type { Meaning, Modules } from "../modules.js";
import type { CodeReading, CodeRoot } from "../readers/reader.js";
import type { SourceModule } from "../sourceModule.js";
import type { Located } from "../staticValue.js";
import type { Cache } from "../tracker.js";
import { type Reach, reachOf } from "./freeNames.js";
import { tokensOf } from "./tokens.js";

/** One declaration (or statement, or function): what it says, hashed, and what it reaches for. */
interface Unit extends Reach {
  readonly hash: string;
}

/**
 * Digests of the code that nodes run: SHA-256 over the function's tokens (see {@link tokensOf}) and, transitively, over
 * every module-level declaration of local modules that it refers to: functions, constants, classes, enums. Types are
 * erased and don't count. A package counts by its specifier and the name imported from it. Of every module that is
 * reached, the statements that are there for what they do (calls, loops, bare imports at module level) count too; its other
 * declarations don't. A module imported while the code runs (`import("./x.js")`) counts as a whole. Paths don't count, so a
 * workflow may move.
 */
export class CodeDigests {
  readonly #modules: Modules;
  readonly #units = new WeakMap<ts.Node, Unit>();
  readonly #digests: Cache<ts.Node, string> = new WeakMap();

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  /** The digest of what a node runs: `null` when it runs nothing of its own, `undefined` when that isn't known. */
  ofNode(code: CodeReading): string | null | undefined {
    const parts: string[] = [];
    for (const slot of ["fn", "preprocess", "postprocess"] as const) {
      const root = code[slot];
      if (root === undefined) continue;
      const digest = this.of(root);
      if (digest === undefined) return undefined;
      parts.push(`${slot} ${digest}`);
    }
    return parts.length === 0 ? null : sha256(parts.join("\n"));
  }

  of(root: CodeRoot): string | undefined {
    if (root === null) return undefined;
    if (root.kind === "package") return sha256(`package ${root.specifier} ${root.name}`);
    return this.#modules.tracker.remember(this.#digests, root.node, () => this.#closure(root));
  }

  /** Everything that is reached, each thing once, numbered in the order in which it is come across. */
  #closure(root: Located): string {
    const { tracker } = this.#modules;
    const order: Located[] = [];
    const numbers = new Map<ts.Node, number>();
    const entered = new Set<SourceModule>();
    const number = (code: Located): string => {
      let known = numbers.get(code.node);
      if (known === undefined) {
        numbers.set(code.node, (known = order.length));
        order.push(code);
      }
      return `#${known}`;
    };
    /** A reached module's statements that are there for what they do, and those of the modules that it imports barely. */
    const enter = (module: SourceModule): string[] => {
      if (entered.has(module)) return [];
      entered.add(module);
      const effects = tracker.part(module, "effects").map((node) => number({ node, module }));
      for (const specifier of tracker.part(module, "bareImports")) {
        const target = this.#modules.resolve(module, specifier);
        effects.push(...(target ? enter(target) : [`import ${specifier}`]));
      }
      return effects;
    };
    const everything = (module: SourceModule) => number({ node: tracker.part(module, "source"), module });
    const reach = (meaning: Meaning, member: string | null): string => {
      switch (meaning.kind) {
        case "declaration":
          return number({ node: meaning.declaration.node, module: meaning.module });
        case "expression":
          return number({ node: meaning.expression, module: meaning.module });
        case "module": {
          const part = member === null ? null : this.#modules.exported(meaning.module, member);
          return part ? reach(part, null) : everything(meaning.module);
        }
        case "package":
          return `${meaning.specifier}:${meaning.name}`;
        case "unresolved":
          return `?${meaning.specifier}`;
      }
    };
    const lines: string[] = [];
    number(root);
    // Grows while it is walked.
    for (const { node, module } of order) {
      const unit = this.#unit(node, module);
      const reached = [unit.hash];
      for (const { name, member } of unit.names) {
        const meaning = this.#modules.meaning(module, name);
        if (meaning) reached.push(`${name}=${reach(meaning, member)}`);
      }
      for (const specifier of unit.modules) {
        const target = this.#modules.resolve(module, specifier);
        reached.push(target ? everything(target) : `import ${specifier}`);
      }
      lines.push([...reached, ...enter(module)].join(" "));
    }
    return sha256(lines.join("\n"));
  }

  #unit(node: ts.Node, module: SourceModule): Unit {
    let unit = this.#units.get(node);
    if (!unit) this.#units.set(node, (unit = { hash: sha256(tokensOf(node, module.source)), ...reachOf(node) }));
    return unit;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
