import { withoutLogin } from "../../src/model/appAddress.js";
import type { GraphNode } from "../../src/model/graph.js";
import type { SourceRange } from "../../src/model/source.js";
import { unreachable } from "../../src/model/unreachable.js";

/** What a card's second line says: what is called, and where that can be looked at. */
export interface CardSource {
  readonly text: string | null;
  readonly detail?: string;
  /** An https (or http) address to open in a browser. */
  readonly address?: string;
  /** A line of the author's code. */
  readonly range?: SourceRange;
}

const HUB = "https://huggingface.co";

export function sourceOf({ target, nameRange, range }: GraphNode): CardSource {
  const declared = nameRange ?? range;
  switch (target.kind) {
    case "gradio": {
      const space = withoutLogin(target.space);
      const isUrl = /^https?:\/\//.test(space);
      return {
        text: isUrl ? space.replace(/^https?:\/\//, "").replace(/\/$/, "") : space,
        detail: typeof target.apiName === "number" ? `endpoint ${target.apiName}` : target.apiName,
        address: isUrl ? space : `${HUB}/spaces/${space}`,
      };
    }
    case "inference": {
      const detail = [target.provider, target.task].filter((part) => part !== null).join(" · ");
      return { text: target.model, address: `${HUB}/${target.model}`, ...(detail && { detail }) };
    }
    case "fn": {
      const place = target.functionRange ?? declared;
      return {
        text: target.functionName === null ? "function" : `${target.functionName}()`,
        ...(place && { range: place }),
      };
    }
    case "input":
      return { text: null };
    case "choice":
      return { text: "no alternatives", ...(declared && { range: declared }) };
    case "approve":
    case "choose-one":
      return { text: "waits for your answer", ...(declared && { range: declared }) };
    default:
      return unreachable(target);
  }
}

export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
