/** Where the items of a long list lie, of which only those in sight are drawn. Lengths in pixels; positions count from 0. */
export interface Listing {
  /** How many items there are. */
  readonly count: number;
  /** Items beside each other. */
  readonly columns: number;
  readonly lineHeight: number;
  /** What is unfolded below the line of the item at this position. */
  readonly open: { readonly position: number; readonly height: number } | null;
}

export function lineOf(position: number, { columns }: Pick<Listing, "columns">): number {
  return Math.floor(position / columns);
}

export function lineCount({ count, columns }: Pick<Listing, "count" | "columns">): number {
  return Math.ceil(count / columns);
}

/** How far the line is from the top of the list. */
export function lineTop(line: number, { columns, lineHeight, open }: Listing): number {
  return line * lineHeight + (open && lineOf(open.position, { columns }) < line ? open.height : 0);
}

export function heightOf(listing: Listing): number {
  return lineCount(listing) * listing.lineHeight + (listing.open?.height ?? 0);
}

/** The items between two heights, from the first to before the last. */
export function positionsBetween(listing: Listing, top: number, bottom: number): { from: number; to: number } {
  const from = lineAt(listing, top) * listing.columns;
  const to = (lineAt(listing, Math.max(top, bottom)) + 1) * listing.columns;
  return { from: Math.min(from, listing.count), to: Math.min(to, listing.count) };
}

function lineAt(listing: Listing, height: number): number {
  const { columns, lineHeight, open } = listing;
  let above = Math.max(0, height);
  if (open) {
    const end = (lineOf(open.position, { columns }) + 1) * lineHeight;
    if (above >= end) above = Math.max(end - 1, above - open.height);
  }
  return Math.floor(above / lineHeight);
}
