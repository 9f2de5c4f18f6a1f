import type { CanvasView } from "../../src/model/canvasView.js";
import type { AnswerDraft } from "./answerDrafts.js";
import type { UnsentInput } from "./unsentInputs.js";

/** What of the canvas outlives the panel's page: never anything that belongs to the workflow itself. */
export interface SavedView extends CanvasView {
  /** Absolute path of the workflow file; the extension restores the panel by it. */
  readonly file: string;
  /** Id of the sheet that was in use; absent: the extension gave what was on the file's last canvas, whichever sheet that showed. */
  readonly sheet?: string;
  /** What controls hold that cannot be sent, by control: the workflow itself never gets to see it. */
  readonly unsent: Readonly<Record<string, UnsentInput>>;
  /** What was typed or picked for questions that are open, by question. */
  readonly answers: Readonly<Record<string, AnswerDraft>>;
}

export type SavedCard = CanvasView["cards"][string];

/** What outlives the panel, too: how things are arranged, without what was typed. */
export function arrangementOf({ viewport, cards, collapsed }: SavedView): CanvasView {
  return { viewport, cards, collapsed };
}

/** The saved view if it is one of ours and of this file, or else an empty one. */
export function savedViewOf(saved: unknown, file: string): SavedView {
  const empty: SavedView = { file, viewport: null, cards: {}, collapsed: [], unsent: {}, answers: {} };
  if (typeof saved !== "object" || saved === null) return empty;
  const view = saved as Partial<Record<keyof SavedView, unknown>>; // any of its fields may be missing or of another shape
  if (view.file !== file) return empty;
  return {
    file,
    ...(typeof view.sheet === "string" && { sheet: view.sheet }),
    viewport: isViewport(view.viewport) ? view.viewport : null,
    cards: isObject(view.cards) ? Object.fromEntries(Object.entries(view.cards).filter(isSavedCard)) : {},
    collapsed: Array.isArray(view.collapsed) ? view.collapsed.filter((id) => typeof id === "string") : [],
    unsent: isObject(view.unsent) ? Object.fromEntries(Object.entries(view.unsent).filter(isUnsent)) : {},
    answers: isObject(view.answers) ? Object.fromEntries(Object.entries(view.answers).filter(isAnswerDraft)) : {},
  };
}

/**
 * What a page begins with on a sheet: as it left that itself, or else as the sheet is kept, or else as the file's last canvas was left.
 *
 * @param kept - the sheet's own arrangement, as it was read.
 */
export function viewOfSheet(saved: unknown, file: string, sheet: string, kept: unknown): SavedView {
  const own = savedViewOf(saved, file);
  if (own.sheet === sheet) return own;
  const { viewport, cards, collapsed } =
    isObject(kept) || own.sheet !== undefined ? savedViewOf({ ...(isObject(kept) && kept), file }, file) : own;
  const { unsent, answers } = own.sheet === undefined ? own : savedViewOf(undefined, file);
  return { file, sheet, viewport, cards, collapsed, unsent, answers };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isViewport(value: unknown): value is NonNullable<SavedView["viewport"]> {
  return isObject(value) && [value.x, value.y, value.zoom].every(Number.isFinite);
}

function isSavedCard(entry: [string, unknown]): entry is [string, SavedCard] {
  const [, card] = entry;
  return isObject(card) && Number.isFinite(card.x) && Number.isFinite(card.y) && typeof card.moved === "boolean";
}

function isUnsent(entry: [string, unknown]): entry is [string, UnsentInput] {
  const [, input] = entry;
  return (
    isObject(input) && typeof input.problem === "string" && (input.text === null || typeof input.text === "string")
  );
}

function isAnswerDraft(entry: [string, unknown]): entry is [string, AnswerDraft] {
  const [, draft] = entry;
  return isObject(draft) && typeof draft.why === "string" && (draft.chosen === null || Number.isInteger(draft.chosen));
}
