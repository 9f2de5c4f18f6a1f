/** Of a button or a list, in pixels of the page. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between a button and its list, and between a list and the page's edge. Pixels. */
const GAP = 4;

/** Where a list opens: below its button, or above where there is no room below, and never over the page's edge. */
export function menuPlace(
  button: Box,
  list: Size,
  page: Size,
  align: "left" | "right",
): { readonly left: number; readonly top: number } {
  const wanted = align === "left" ? button.left : button.right - list.width;
  const below = button.bottom + GAP;
  const above = button.top - GAP - list.height;
  const fits = below + list.height <= page.height - GAP || above < GAP;
  return {
    left: within(wanted, page.width - list.width),
    top: within(fits ? below : above, page.height - list.height),
  };
}

function within(place: number, most: number): number {
  return Math.max(GAP, Math.min(place, most - GAP));
}
