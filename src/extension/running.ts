import * as vscode from "vscode";
import type { Failure } from "../model/failure.js";
import { dataFiles, type NodeId } from "../model/graph.js";
import { type FailedNode, failedNodes, hasCard, nodeName, nodeStateOf } from "../model/nodeState.js";
import type { RunRequest } from "../model/plan.js";
import { refusalOf, type UnsentProblems } from "../model/refusal.js";
import { COMMANDS, MANAGE_TRUST } from "./commands/ids.js";
import { mayOpen } from "./canvas/externalAddress.js";
import { toLocation } from "./editor/ranges.js";
import { summaryText } from "./editor/status.js";
import type { WorkflowState } from "../model/workflowState.js";
import type { LiveText } from "./liveText.js";
import { workflowName } from "./workflowFile.js";
import type { Workflows } from "./workflows.js";

/** How long the end of a run stays in the status bar, ms. */
const SHOWN = 8000;

/** What a run asks of a canvas. */
interface RunningCanvas {
  readonly unsent: UnsentProblems;
  /** It is in sight, so that what it shows needs no notification. */
  readonly visible: boolean;
  showControl(card: NodeId, control: string): void;
}

/** Runs and stops, with all that belongs to it for a person: saving before, and saying what came of it. */
export class Running {
  readonly #workflows: Workflows;
  readonly #liveText: LiveText;
  readonly #canvasOf: (file: string) => RunningCanvas | undefined;
  /** Aborted by a stop, by file: what was asked for before it doesn't begin after it. */
  readonly #stops = new Map<string, AbortController>();

  /** @param canvasOf the workflow's canvas, where one is open */
  constructor(workflows: Workflows, liveText: LiveText, canvasOf: (file: string) => RunningCanvas | undefined) {
    this.#workflows = workflows;
    this.#liveText = liveText;
    this.#canvasOf = canvasOf;
  }

  /** Answers when the run has ended, or couldn't begin, and the user has been told. */
  async run(file: string, request: RunRequest): Promise<void> {
    if (!vscode.workspace.isTrusted) return void refuseUntrusted();
    const hold = this.#workflows.hold(file);
    const stop = this.#stops.get(file) ?? new AbortController();
    this.#stops.set(file, stop);
    try {
      await this.#workflows.opened(file);
      if (this.#refused(file, request)) return;
      const unsaved = await this.#save(file);
      if (unsaved !== null) {
        void vscode.window.showErrorMessage(`Nothing was run: ${unsaved} could not be saved.`);
        return;
      }
      if (stop.signal.aborted) return;
      this.#liveText.flush();
      const gone = this.#workflows.enginesGone;
      const stood = new Set(this.#failures(file).map(({ failure }) => failure));
      const result = await this.#workflows.run(file, request);
      // Whoever watches the engine has told.
      if (!result.ok && this.#workflows.enginesGone !== gone) return;
      if (!result.ok) return void this.#tellFailure(file, request, result.failure);
      const { status, executed, reused } = result.value;
      if (status === "succeeded" && executed === 0) return this.#tellNothingToRun(file, request, reused);
      const name = workflowName(file);
      const savedMs = this.#workflows.state(file)?.lastRun?.savedMs ?? 0;
      const summary = summaryText({ executed, reused, savedMs });
      if (status === "succeeded") vscode.window.setStatusBarMessage(`$(check) ${name}: ${summary}`, SHOWN);
      else if (status === "cancelled") vscode.window.setStatusBarMessage(`$(circle-slash) ${name}: stopped`, SHOWN);
      else
        this.#tellFailedRun(
          file,
          this.#failures(file).filter(({ failure }) => !stood.has(failure)),
        );
    } finally {
      hold.dispose();
    }
  }

  async stop(file: string, node?: NodeId): Promise<void> {
    if (node === undefined) {
      this.#stops.get(file)?.abort();
      this.#stops.delete(file);
    }
    await this.#workflows.stop(file, node);
  }

  /** Stops whatever runs, in any workflow. */
  async stopAll(): Promise<void> {
    const running = this.#workflows.states().filter(({ run }) => run !== null);
    await Promise.all(running.map(({ file }) => this.stop(file)));
  }

  /** Saves what the workflow is made of; answers the name of a document that wouldn't, `null` when all is well. */
  async #save(file: string): Promise<string | null> {
    const graph = this.#workflows.state(file)?.graph;
    const files = new Set([file, ...(graph ? [...graph.files, ...dataFiles(graph)] : [])]);
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty || document.uri.scheme !== "file" || !files.has(document.uri.fsPath)) continue;
      // Rejects where a save participant throws, answers false where the user or the disk refuses.
      const saved = await document.save().then(undefined, () => false);
      if (!saved) return vscode.workspace.asRelativePath(document.uri);
    }
    return null;
  }

  /** Whether the run would read another value than the one in a field of the canvas; the user is told. */
  #refused(file: string, request: RunRequest): boolean {
    const canvas = this.#canvasOf(file);
    const state = this.#workflows.state(file);
    const refusal = canvas && state && refusalOf(state, request, canvas.unsent, null);
    if (!refusal) return false;
    const { text, on, control } = refusal;
    void vscode.window.showErrorMessage(`Not run. ${text.replaceAll("`", "")}`, "Show").then((choice) => {
      // The panel may have been closed meanwhile, and what its field held with it.
      if (choice === "Show") this.#canvasOf(file)?.showControl(on, control);
    });
    return true;
  }

  #tellNothingToRun(file: string, { targets, scope }: RunRequest, reused: number): void {
    const [node] = targets;
    if (scope === "stale" || reused === 0) {
      vscode.window.setStatusBarMessage("$(check) Nothing to run: no result is stale.", SHOWN);
      return;
    }
    const state = this.#workflows.state(file);
    if (!state) return;
    const freshness = node !== undefined ? nodeStateOf(state, node).freshness : null;
    if (node !== undefined && freshness?.kind === "stale") {
      const why = `Nothing new to run in ${nodeName(state, node)} alone: ${freshness.reason.replaceAll("`", "")}.`;
      void vscode.window.showInformationMessage(why, "Run to Here").then((choice) => {
        if (choice) void vscode.commands.executeCommand(COMMANDS.runToHere, { file, node });
      });
      return;
    }
    vscode.window.setStatusBarMessage("$(check) Nothing to run: all results are fresh.", SHOWN);
    // The canvas says so, too, and has Rerun on the node's card.
    if (node === undefined || this.#canvasOf(file)?.visible) return;
    const message = `Nothing to run: the result of ${nodeName(state, node)} is fresh. Rerun to run it again.`;
    void vscode.window.showInformationMessage(message, "Rerun").then((choice) => {
      if (choice === "Rerun") void vscode.commands.executeCommand(COMMANDS.rerunNode, { file, node });
    });
  }

  #failures(file: string): readonly FailedNode[] {
    const state = this.#workflows.state(file);
    return state ? failedNodes(state) : [];
  }

  /**
   * Nodes failed: their cards, their lenses and the Problems view say so for as long as it is so. A notification is for who has none
   * of their cards in sight, and goes by itself: it would stay with a button, also when all is well again.
   *
   * @param failures those of this run
   */
  #tellFailedRun(file: string, failures: readonly FailedNode[]): void {
    const state = this.#workflows.state(file);
    const whole = state?.lastRun?.failure;
    const [first] = failures;
    // Nothing failed, but something could not even begin.
    const blocked = failures.length === 0 && state ? blockedIn(state) : null;
    const failure = whole ?? first?.failure ?? blocked?.failure;
    if (!state || failure === undefined) return;
    const others = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
    const happened = first ? `${nodeName(state, first.node)} failed${others}` : "not everything could be run";
    const what = whole === undefined ? happened : "the run failed";
    const shown = this.#canvasOf(file)?.visible === true && failures.every(({ node }) => hasCard(state, node));
    if (shown) return void vscode.window.setStatusBarMessage(`$(error) ${workflowName(file)}: ${what}`, SHOWN);
    const message = `${workflowName(file)}: ${what}. ${sentence(failure)}`;
    if (failure.reason !== "unauthorised") return void vscode.window.showErrorMessage(message);
    void vscode.window.showErrorMessage(message, "Sign In").then((choice) => {
      if (choice) void vscode.commands.executeCommand(COMMANDS.signIn);
    });
  }

  async #tellFailure(file: string, request: RunRequest, failure: Failure): Promise<void> {
    const [node] = request.targets;
    if (failure.reason === "missing-upstream" && node !== undefined) {
      const choice = await vscode.window.showErrorMessage(sentence(failure), "Run to Here");
      if (choice) void vscode.commands.executeCommand(COMMANDS.runToHere, { file, node });
      return;
    }
    if (failure.reason === "pinned" && node !== undefined) {
      const choice = await vscode.window.showErrorMessage(sentence(failure), "Unpin and Run");
      if (!choice) return;
      await vscode.commands.executeCommand(COMMANDS.unpinOutputs, { file, node });
      await this.run(file, request);
      return;
    }
    await showFailure(failure, { file, ...(node !== undefined && { node }) });
  }
}

/** Says that running needs trust, and offers to give it. */
export async function refuseUntrusted(): Promise<void> {
  const message = "Running a workflow executes the code in this workspace, which you have not trusted yet.";
  const choice = await vscode.window.showWarningMessage(message, "Manage Workspace Trust");
  if (choice) await vscode.commands.executeCommand(MANAGE_TRUST);
}

/** Shows what went wrong, with the one or two actions that help. Answers when the message is gone. */
export async function showFailure(
  failure: Failure,
  about: { readonly file: string; readonly node?: NodeId },
): Promise<void> {
  const { file, node } = about;
  const actions = new Map<string, () => unknown>();
  const { location, reason, page } = failure;
  if (reason === "untrusted") actions.set("Manage Workspace Trust", () => vscode.commands.executeCommand(MANAGE_TRUST));
  if (reason === "unauthorised") actions.set("Sign In", () => vscode.commands.executeCommand(COMMANDS.signIn));
  if (page !== undefined && mayOpen(page))
    actions.set("Open Its Page", () => vscode.env.openExternal(vscode.Uri.parse(page, true)));
  if (location !== undefined)
    actions.set("Go to Line", () => {
      const { uri, range } = toLocation(location);
      return vscode.window.showTextDocument(uri, { selection: range });
    });
  const target = { file, ...(node !== undefined && { node }) };
  actions.set("Show Log", () => vscode.commands.executeCommand(COMMANDS.showLog, target));
  const choice = await vscode.window.showErrorMessage(sentence(failure), ...actions.keys());
  if (choice !== undefined) await actions.get(choice)?.();
}

/** Without the marks around code, which a notification would show as they are. */
function sentence({ message, hint }: Failure): string {
  return (hint === undefined ? message : `${message} ${hint}`).replaceAll("`", "");
}

/** Of the nodes that could not be run, the first that is itself to blame, or else the first. */
function blockedIn({ nodes }: WorkflowState): { readonly failure: Failure } | null {
  const blocked = Object.entries(nodes).flatMap(([id, { outcome }]) =>
    outcome.kind === "blocked" ? [{ id, ...outcome }] : [],
  );
  return blocked.find(({ id, by }) => id === by) ?? blocked[0] ?? null;
}
