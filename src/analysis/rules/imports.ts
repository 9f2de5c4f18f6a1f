import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Modules } from "../modules.js";
import type { SourceModule } from "../sourceModule.js";
import { nearest, renameFix } from "../suggestion.js";
import type { Rule } from "./rule.js";

/** Imports from local files lead to something. */
export const imports: Rule = ({ modules, closure }) => closure.flatMap((module) => inModule(module, modules));

function inModule(module: SourceModule, modules: Modules): Finding[] {
  const findings: Finding[] = [];
  for (const { specifier, node, typeOnly } of module.references) {
    const target = modules.resolve(module, specifier);
    if (target === undefined) continue;
    if (target === null) {
      // Whether a type is there is the compiler's business.
      if (!typeOnly) findings.push({ ...message("unresolved-import", specifier), at: { module, node } });
      continue;
    }
    const clause = ts.isImportDeclaration(node.parent) ? node.parent.importClause : undefined;
    if (clause?.name && !typeOnly && !isExported(modules, target, "default")) {
      findings.push({ ...message("unknown-export", "default", specifier, null), at: { module, node: clause.name } });
    }
    const named = clause?.namedBindings;
    if (!named || !ts.isNamedImports(named) || typeOnly) continue;
    for (const element of named.elements) {
      const name = (element.propertyName ?? element.name).text;
      if (element.isTypeOnly || isExported(modules, target, name)) continue;
      const meant = nearest(name, target.exports.keys());
      const at = { module, node: element.propertyName ?? element.name };
      const fixes = meant === null ? undefined : [renameFix(meant, at)];
      findings.push({ ...message("unknown-export", name, specifier, meant), at, ...(fixes && { fixes }) });
    }
  }
  return findings;
}

function isExported(modules: Modules, target: SourceModule, name: string): boolean {
  return modules.exported(target, name, "values") !== null || modules.exported(target, name, "types") !== null;
}
