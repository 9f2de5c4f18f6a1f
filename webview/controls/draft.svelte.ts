import type { Value } from "../../src/model/value.js";
import type { UnsentInput } from "../state/unsentInputs.js";

/** How long typing rests before it is sent, in ms. */
export const REST = 250;

/** Keeps what cannot be sent, for longer than the control is drawn. */
export interface UnsentSlot {
  get(): UnsentInput | undefined;
  /** `null`: there is nothing of the kind. */
  set(input: UnsentInput | null): void;
}

/**
 * What a control shows while it is edited: the user's own text, never overwritten by what comes back from the host while
 * the control has the focus. Sent when typing rests, when the focus leaves, and before a run.
 */
export class Draft {
  #edited = $state.raw<{ readonly value: Value } | null>(null);
  #focused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #unsent: { readonly value: Value } | null = null;

  /**
   * @param stored what the sheet (or else the component's default) holds
   * @param send keeps a value in the sheet; `null` goes back to the default
   * @param slot where it keeps what cannot be sent
   */
  constructor(
    private readonly stored: () => Value,
    private readonly send: (value: Value) => Promise<void>,
    private readonly slot: UnsentSlot,
  ) {}

  get value(): Value {
    return this.#edited ? this.#edited.value : this.stored();
  }

  /** Why what was given last isn't sent, in a sentence; `null`: all is well. */
  get problem(): string | null {
    return this.slot.get()?.problem ?? null;
  }

  /** What was typed, where it cannot be sent. */
  get refused(): string | null {
    return this.slot.get()?.text ?? null;
  }

  /** Takes what was given for what cannot be sent. Nothing runs with the value from before until that is put right. */
  refuse(problem: string, text: string | null): void {
    clearTimeout(this.#timer);
    this.#unsent = null;
    if (text !== null) this.#edited = null;
    this.slot.set({ text, problem });
  }

  /** Back to the value from before what cannot be sent. */
  discard(): void {
    this.slot.set(null);
  }

  /** Typing: sent when it rests. */
  edit(value: Value): void {
    this.slot.set(null);
    this.#edited = { value };
    this.#unsent = this.#edited;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), REST);
  }

  /** A choice made at once, as by a check box: sent now. */
  commit(value: Value): void {
    this.edit(value);
    void this.flush();
  }

  /** Back to the component's default. */
  reset(): void {
    clearTimeout(this.#timer);
    this.slot.set(null);
    this.#unsent = null;
    this.#edited = null;
    this.#sending = this.#sending.then(() => this.send(null)).catch(() => undefined);
  }

  focus(): void {
    this.#focused = true;
  }

  blur(): void {
    this.#focused = false;
    void this.flush();
  }

  /** Sends what has not been sent; answers once the host has everything. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const unsent = this.#unsent;
    this.#unsent = null;
    if (unsent) {
      this.#sending = this.#sending.then(() => this.send(unsent.value)).catch(() => undefined);
    }
    const sent = this.#sending;
    void sent.then(() => {
      if (!this.#focused && !this.#unsent && this.#sending === sent) this.#edited = null;
    });
    return sent;
  }
}
