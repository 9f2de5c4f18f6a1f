import { message } from "../diagnostics.js";
import type { Rule } from "./rule.js";

/** A node without a variable has an id that its author can't see in the text. */
export const anonymousNode: Rule = ({ nodes }) =>
  nodes
    .filter(({ anonymous }) => anonymous)
    .map(({ id, reading: { site } }) => ({
      ...message("anonymous-node", id),
      at: { module: site.module, node: site.expression.expression },
    }));
