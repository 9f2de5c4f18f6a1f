import { message } from "../diagnostics.js";
import { nearest, renameFix } from "../suggestion.js";
import type { Rule } from "./rule.js";

/** Names that are used are declared. */
export const unknownNode: Rule = ({ undeclared }) =>
  undeclared.map(({ name, at }) => {
    const meant = nearest(name, at.module.values.keys());
    return { ...message("unknown-node", name, meant), at, ...(meant !== null && { fixes: [renameFix(meant, at)] }) };
  });
