import { reduceWorkflow } from "../../src/model/reduceWorkflow.js";
import type { WorkflowEvent, WorkflowState } from "../../src/model/workflowState.js";
import type { Snapshot } from "../../src/protocol/engine.js";

/**
 * Keeps a {@link WorkflowState} in step with the engine's: a snapshot, then numbered events. An event that is missing
 * (panel hidden, extension host restarted) is noticed by its number, and a new snapshot asked for. Events that arrive
 * in one frame are shown at once.
 */
export class Feed {
  #state: WorkflowState | null = null;
  #sequence = -1;
  #opening = false;
  /** Events that arrived while a snapshot was under way. */
  #early: { sequence: number; event: WorkflowEvent }[] = [];
  #showing = false;

  /**
   * @param ready asks for a snapshot
   * @param show gets every new state, at most once a frame
   * @param schedule calls back before the next frame is drawn
   */
  constructor(
    private readonly ready: () => Promise<Snapshot>,
    private readonly show: (state: WorkflowState) => void,
    private readonly schedule: (draw: () => void) => void,
  ) {}

  async open(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const { sequence, state } = await this.ready();
      this.#sequence = sequence;
      this.#state = state;
    } finally {
      this.#opening = false;
    }
    const early = this.#early;
    this.#early = [];
    this.#draw();
    for (const { sequence, event } of early) this.event(sequence, event);
  }

  event(sequence: number, event: WorkflowEvent): void {
    if (this.#opening || !this.#state) {
      this.#early.push({ sequence, event });
      return;
    }
    if (sequence <= this.#sequence) return;
    if (sequence > this.#sequence + 1) {
      this.#early.push({ sequence, event });
      this.open().catch((cause: unknown) => console.error(cause));
      return;
    }
    this.#sequence = sequence;
    this.#state = reduceWorkflow(this.#state, event);
    this.#draw();
  }

  #draw(): void {
    if (this.#showing) return;
    this.#showing = true;
    this.schedule(() => {
      this.#showing = false;
      if (this.#state) this.show(this.#state);
    });
  }
}
