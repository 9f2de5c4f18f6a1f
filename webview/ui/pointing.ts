import type { Attachment } from "svelte/attachments";

/** What is pointed at now. There is one pointer and one focus, and the later of the two counts. */
let pointedAt: HTMLElement | null = null;

/** Tells whether something is pointed at, or has the focus of the keyboard. */
export function pointing(tell: (on: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const begin = (): void => {
      pointedAt = element;
      tell(true);
    };
    // Not at once: a button that goes loses the focus while the page is being drawn, when nothing may change.
    const end = (): void =>
      queueMicrotask(() => {
        if (pointedAt !== element) return;
        pointedAt = null;
        tell(false);
      });
    const focused = (): void => {
      if (element.matches(":focus-visible")) begin();
    };
    const events = [
      ["mouseenter", begin],
      ["mouseleave", end],
      ["focus", focused],
      ["blur", end],
    ] as const;
    for (const [name, listener] of events) element.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of events) element.removeEventListener(name, listener);
      // What goes is pointed at no more, though nobody has moved.
      end();
    };
  };
}
