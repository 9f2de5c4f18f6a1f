import type { Attachment } from "svelte/attachments";

/** This near to its end, in pixels, a box counts as scrolled to it. */
const NEAR = 24;

/**
 * Keeps the end of a box in sight while what it shows grows, unless the user has scrolled away from it.
 *
 * @param grown reads what is shown, as it changes; `null` while it doesn't grow
 */
export function follow(grown: () => unknown): Attachment<HTMLElement> {
  return (element) => {
    let atEnd = true;
    const onscroll = (): void => {
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    };
    element.addEventListener("scroll", onscroll, { passive: true });
    $effect(() => {
      if (grown() === null) atEnd = true;
      else if (atEnd) element.scrollTop = element.scrollHeight;
    });
    return () => element.removeEventListener("scroll", onscroll);
  };
}
