import type { StatusMessage } from "@gradio/client";
import type { Progress } from "../../../model/runEvent.js";

/** What a status event says about how far a call is: its place in the queue, or its steps. `null`: nothing new. */
export function statusProgress(status: StatusMessage): Progress | null {
  // Of nested bars the last is the innermost, the one that moves.
  const bar = status.progress_data?.at(-1);
  if (bar) {
    const { progress, index, length, unit, desc } = bar;
    const fraction = progress ?? (index !== null && length !== null && length > 0 ? index / length : null);
    return {
      ...(fraction !== null && { fraction: Math.min(1, Math.max(0, fraction)) }),
      ...(index !== null && { step: index }),
      ...(length !== null && { steps: length }),
      ...(unit !== null && { unit }),
      ...(desc !== null && { message: desc }),
    };
  }
  if (status.stage !== "pending") return null;
  if (status.original_msg === "process_starts") return { message: "Running" };
  if (status.position === undefined) return null;
  const eta = typeof status.eta === "number" && status.eta > 0 ? `, about ${Math.ceil(status.eta)} s` : "";
  return { queuePosition: status.position + 1, message: `In the queue${eta}` };
}
