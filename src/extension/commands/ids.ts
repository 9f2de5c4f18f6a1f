import type { NodeId } from "../../model/graph.js";

/** What a command is about. Menus give a `Uri` instead, keybindings `{ cursor: true }`, the palette nothing. */
export interface CommandTarget {
  /** Absolute path of the workflow file. */
  readonly file: string;
  readonly node?: NodeId;
  /** Id of a sheet. */
  readonly sheet?: string;
}

/** Every command that the manifest contributes, by the name under which the code speaks of it. */
export const COMMANDS = {
  openGraph: "daggr.openGraph",
  runNode: "daggr.runNode",
  rerunNode: "daggr.rerunNode",
  runAll: "daggr.runAll",
  runStale: "daggr.runStale",
  runToHere: "daggr.runToHere",
  runDownstream: "daggr.runDownstream",
  previewRun: "daggr.previewRun",
  debugNode: "daggr.debugNode",
  stop: "daggr.stop",
  pinOutputs: "daggr.pinOutputs",
  unpinOutputs: "daggr.unpinOutputs",
  switchSheet: "daggr.switchSheet",
  newSheet: "daggr.newSheet",
  duplicateSheet: "daggr.duplicateSheet",
  renameSheet: "daggr.renameSheet",
  resetSheet: "daggr.resetSheet",
  deleteSheet: "daggr.deleteSheet",
  restoreSheet: "daggr.restoreSheet",
  clearCache: "daggr.clearCache",
  showLog: "daggr.showLog",
  newWorkflow: "daggr.newWorkflow",
  signIn: "daggr.signIn",
  signOut: "daggr.signOut",
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** VS Code's own commands that are used here. */
export const MANAGE_TRUST = "workbench.trust.manage";

/** The context keys that `when` clauses in the manifest ask for. */
export const CONTEXT_KEYS = {
  /**
   * The workflow that is edited has been read and has no node to run, so keys that run one mean what they mean elsewhere. Until it has
   * been read, and wherever in it the cursor is, they are ours: the editor's own commands behind them would change the file.
   */
  nothingToRun: "daggr.nothingToRun",
  /** A run is under way in some open workflow. */
  running: "daggr.running",
  /** A Hugging Face token lies in secret storage. */
  signedIn: "daggr.signedIn",
} as const;
