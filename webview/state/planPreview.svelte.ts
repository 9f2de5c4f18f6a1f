/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is replaced as a whole */
import type { NodeId } from "../../src/model/graph.js";
import type { BlockedStep, Plan, PlanStep, RunRequest } from "../../src/model/plan.js";

/** How long something is pointed at before its plan is asked for. Milliseconds. */
const INTENT = 150;

/** What a way to run would do, while it is pointed at or has the focus. */
export class PlanPreview {
  readonly #ask: (request: RunRequest) => Promise<Plan | null>;
  #plan = $state.raw<Plan | null>(null);
  readonly #steps = $derived(
    new Map<NodeId, PlanStep | BlockedStep>([
      ...(this.#plan?.steps ?? []).map((step) => [step.node, step] as const),
      ...(this.#plan?.blocked ?? []).map((step) => [step.node, step] as const),
    ]),
  );
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is pointed at now: an answer about anything else comes too late. */
  #wanted: RunRequest | null = null;

  constructor(ask: (request: RunRequest) => Promise<Plan | null>) {
    this.#ask = ask;
  }

  get plan(): Plan | null {
    return this.#plan;
  }

  /** What would become of a node; undefined: it has no part in it, or nothing is pointed at. */
  step(node: NodeId): PlanStep | BlockedStep | undefined {
    return this.#steps.get(node);
  }

  show(request: RunRequest): void {
    this.hide();
    this.#wanted = request;
    this.#timer = setTimeout(() => {
      void this.#ask(request).then((plan) => {
        if (this.#wanted === request) this.#plan = plan;
      });
    }, INTENT);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#plan = null;
  }
}
