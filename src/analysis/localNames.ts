import { ts } from "ts-morph";

/** A declaration inside a function or a block. */
export type Binding = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement;

/** What a name that is declared inside a function or a block stands for; `null` for one of the module or of the platform. */
export function bindingOf(name: ts.Identifier): Binding | null {
  for (let node: ts.Node = name.parent; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node)) {
      const parameter = node.parameters.find((each) => declares(each.name, name.text));
      if (parameter) return parameter;
    }
    if (ts.isForOfStatement(node) || ts.isForInStatement(node) || ts.isForStatement(node)) {
      const { initializer } = node;
      const list = initializer && ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
      const found = list.find((each) => declares(each.name, name.text));
      if (found) return found;
    }
    if (ts.isBlock(node) || ts.isCaseClause(node) || ts.isDefaultClause(node)) {
      for (const statement of node.statements) {
        if (!ts.isVariableStatement(statement)) continue;
        const found = statement.declarationList.declarations.find((each) => declares(each.name, name.text));
        if (found) return found;
      }
    }
  }
  return null;
}

function declares(binding: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(binding)) return binding.text === name;
  return binding.elements.some((element) => ts.isBindingElement(element) && declares(element.name, name));
}
