import type { Attachment } from "svelte/attachments";

/** Tells whether something is pointed at, or has the focus of the keyboard. */
export function pointing(tell: (on: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    const begin = (): void => tell(true);
    const end = (): void => tell(false);
    const focused = (): void => {
      if (element.matches(":focus-visible")) tell(true);
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
      tell(false);
    };
  };
}
