import type { NodeKind } from "../../src/model/graph.js";

interface KindLook {
  readonly badge: string;
  /** In words, for a tooltip and for screen readers. */
  readonly title: string;
  /** Class of the card that carries its colour. */
  readonly stripe: string;
}

const LOOKS: Readonly<Record<NodeKind, KindLook>> = {
  gradio: { badge: "GRADIO", title: "Gradio app", stripe: "gradio" },
  fn: { badge: "FN", title: "Function", stripe: "fn" },
  inference: { badge: "MODEL", title: "Model", stripe: "inference" },
  input: { badge: "INPUT", title: "Inputs", stripe: "input" },
  choice: { badge: "CHOICE", title: "Choice", stripe: "choice" },
  approve: { badge: "APPROVE", title: "Approval", stripe: "person" },
  "choose-one": { badge: "CHOOSE", title: "Choose one", stripe: "person" },
};

export function kindOf(kind: NodeKind): KindLook {
  return LOOKS[kind];
}
