import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";

/** How the items of a node are drawn. Pixels. */
export interface ListLook {
  /** `row`: a line each; `player`: with the sound below; `tile`: a grid of pictures. */
  readonly shape: "row" | "player" | "tile";
  /** Height of a line, and of how many the list shows at once. */
  readonly lineHeight: number;
  readonly lines: number;
  /** The least width of an item that stands beside others; `null`: each has a line of its own. */
  readonly tileWidth: number | null;
}

const ROW: ListLook = { shape: "row", lineHeight: 28, lines: 6, tileWidth: null };
const PLAYER: ListLook = { shape: "player", lineHeight: 92, lines: 4, tileWidth: null };
const TILE: ListLook = { shape: "tile", lineHeight: 114, lines: 3, tileWidth: 90 };
const LARGE_TILE: ListLook = { ...TILE, lineHeight: 224, tileWidth: 190 };

/** @param spec - of the output that the items are told apart by: the first one shown. */
export function listLook(spec: ComponentSpec | ItemListSpec | undefined, large: boolean): ListLook {
  if (spec?.component === "Image" || spec?.component === "Video") return large ? LARGE_TILE : TILE;
  return spec?.component === "Audio" ? PLAYER : ROW;
}
