/** VS Code's own icons, put into the bundle as SVG text so that no font has to be loaded. */
import add from "@vscode/codicons/src/icons/add.svg?raw";
import arrowDown from "@vscode/codicons/src/icons/arrow-down.svg?raw";
import arrowUp from "@vscode/codicons/src/icons/arrow-up.svg?raw";
import check from "@vscode/codicons/src/icons/check.svg?raw";
import chevronDown from "@vscode/codicons/src/icons/chevron-down.svg?raw";
import chevronLeft from "@vscode/codicons/src/icons/chevron-left.svg?raw";
import chevronRight from "@vscode/codicons/src/icons/chevron-right.svg?raw";
import circleSlash from "@vscode/codicons/src/icons/circle-slash.svg?raw";
import close from "@vscode/codicons/src/icons/close.svg?raw";
import cloudUpload from "@vscode/codicons/src/icons/cloud-upload.svg?raw";
import copy from "@vscode/codicons/src/icons/copy.svg?raw";
import stop from "@vscode/codicons/src/icons/debug-stop.svg?raw";
import discard from "@vscode/codicons/src/icons/discard.svg?raw";
import download from "@vscode/codicons/src/icons/desktop-download.svg?raw";
import ellipsis from "@vscode/codicons/src/icons/ellipsis.svg?raw";
import error from "@vscode/codicons/src/icons/error.svg?raw";
import file from "@vscode/codicons/src/icons/file.svg?raw";
import fullScreen from "@vscode/codicons/src/icons/screen-full.svg?raw";
import info from "@vscode/codicons/src/icons/info.svg?raw";
import linkExternal from "@vscode/codicons/src/icons/link-external.svg?raw";
import pause from "@vscode/codicons/src/icons/debug-pause.svg?raw";
import edit from "@vscode/codicons/src/icons/edit.svg?raw";
import pin from "@vscode/codicons/src/icons/pin.svg?raw";
import pinned from "@vscode/codicons/src/icons/pinned.svg?raw";
import play from "@vscode/codicons/src/icons/play.svg?raw";
import refresh from "@vscode/codicons/src/icons/refresh.svg?raw";
import search from "@vscode/codicons/src/icons/search.svg?raw";
import trash from "@vscode/codicons/src/icons/trash.svg?raw";
import warning from "@vscode/codicons/src/icons/warning.svg?raw";
import watch from "@vscode/codicons/src/icons/watch.svg?raw";
import zoomIn from "@vscode/codicons/src/icons/zoom-in.svg?raw";
import zoomOut from "@vscode/codicons/src/icons/zoom-out.svg?raw";
import fit from "@vscode/codicons/src/icons/screen-normal.svg?raw";

const drawn = (paths: string): string =>
  `<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3">${paths}</svg>`;

const ICONS = {
  add,
  arrowDown,
  arrowUp,
  check,
  chevronDown,
  chevronLeft,
  chevronRight,
  circleSlash,
  close,
  cloudUpload,
  copy,
  discard,
  download,
  edit,
  ellipsis,
  error,
  file,
  fit,
  fullScreen,
  info,
  linkExternal,
  pause,
  pin,
  pinned,
  play,
  refresh,
  search,
  stop,
  trash,
  warning,
  watch,
  zoomIn,
  zoomOut,
  /** A dotted ring: what is shown belongs to older inputs. */
  stale: drawn('<circle cx="8" cy="8" r="5.4" stroke-dasharray="2.2 2"/>'),
  /** A ring with a quarter filled: under way. */
  running: drawn(
    '<circle cx="8" cy="8" r="5.4"/><path d="M8 8V4.4A3.6 3.6 0 0 1 11.6 8z" fill="currentColor" stroke="none"/>',
  ),
} as const satisfies Record<string, string>;

export type IconName = keyof typeof ICONS;

const parsed = new Map<IconName, DocumentFragment>();

/** An icon of its own, to put where it is shown. */
export function drawIcon(name: IconName): Node {
  let icon = parsed.get(name);
  if (!icon) {
    icon = document.createRange().createContextualFragment(ICONS[name]);
    parsed.set(name, icon);
  }
  return icon.cloneNode(true);
}
