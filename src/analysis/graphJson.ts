import type { Diagnostic } from "../model/diagnostic.js";
import type { EdgeMode, Graph, InputSource, NodeKind, PortRef } from "../model/graph.js";
import type { SourceRange } from "../model/source.js";

/** What `daggr graph --json` prints. */
export interface GraphJson {
  /** `null` when the file has no graph. */
  readonly name: string | null;
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: NodeKind;
    readonly name: string;
    readonly inputs: readonly { readonly name: string; readonly kind: InputSource["kind"] }[];
    /** `null`: not shown. */
    readonly outputs: readonly { readonly name: string; readonly component: string | null }[];
  }[];
  readonly edges: readonly {
    readonly from: PortRef;
    readonly to: PortRef;
    readonly mode: EdgeMode;
    readonly field?: string;
  }[];
  readonly diagnostics: readonly (Pick<Diagnostic, "code" | "severity" | "message"> & {
    readonly file: string;
    /** Lines and columns from 1, the end exclusive. */
    readonly range: Pick<SourceRange, "start" | "end">;
  })[];
}

/** A graph and what was found about it, cut down to what other programs are promised. */
export function graphJson(graph: Graph | null, diagnostics: readonly Diagnostic[]): GraphJson {
  return {
    name: graph?.name ?? null,
    nodes: (graph?.nodes ?? []).map(({ id, kind, name, inputs, outputs }) => ({
      id,
      kind,
      name,
      inputs: inputs.map((input) => ({ name: input.name, kind: input.source.kind })),
      outputs: outputs.map((output) => ({ name: output.name, component: output.spec?.component ?? null })),
    })),
    edges: (graph?.edges ?? []).map(({ from, to, mode, field }) => ({
      from,
      to,
      mode,
      ...(field !== undefined && { field }),
    })),
    diagnostics: diagnostics.map(({ code, severity, message, range: { file, start, end } }) => ({
      code,
      severity,
      message,
      file,
      range: { start, end },
    })),
  };
}
