import { ts } from "ts-morph";

/**
 * Goes through syntax in the order of its text, however deep it is: without recursion, for a chain of a few thousand `+`
 * would use up the stack.
 *
 * @param enter is given what the node's parent handed down, and answers what the node's children get; `null`: they are left out
 */
export function walk<C extends object>(
  root: ts.Node,
  context: C,
  enter: (node: ts.Node, context: C) => C | null,
): void {
  const waiting: { readonly node: ts.Node; readonly context: C }[] = [{ node: root, context }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const inner = enter(next.node, next.context);
    if (inner === null) continue;
    for (const node of childrenOf(next.node).reverse()) waiting.push({ node, context: inner });
  }
}

/** In the order of the text. */
export function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}
