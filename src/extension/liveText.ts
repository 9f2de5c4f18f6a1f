import * as vscode from "vscode";
import { dataFiles } from "../model/graph.js";
import { coalesce } from "./coalesce.js";
import type { EngineClient } from "./engineProcess.js";
import { isWorkflowFile } from "./workflowFile.js";
import type { Workflows } from "./workflows.js";

/**
 * Keeps the engine's idea of every text that matters the same as the editor's: workflow files that are open, and open
 * local modules that a workflow is made of. What is not open counts as it is on disk, which the engine itself looks after.
 */
export class LiveText implements vscode.Disposable {
  readonly #engine: EngineClient;
  readonly #workflows: Workflows;
  /** Documents whose text the engine has been given. */
  readonly #given = new Set<string>();
  readonly #changed = new Set<vscode.TextDocument>();
  readonly #flushSoon = coalesce(() => this.flush(), 0);
  readonly #subscriptions: vscode.Disposable;

  constructor(engine: EngineClient, workflows: Workflows) {
    this.#engine = engine;
    this.#workflows = workflows;
    this.#subscriptions = vscode.Disposable.from(
      this.#flushSoon,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.give(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      workflows.onDidChange(({ event }) => {
        if (event === null || event.type === "graph-changed") this.#giveUnsaved();
      }),
    );
  }

  /** Sends a document's text at the end of this tick, if it matters to any workflow. */
  give(document: vscode.TextDocument): void {
    if (!this.#matters(document)) return;
    this.#changed.add(document);
    this.#flushSoon();
  }

  /** Sends what waits, now: before a request that builds on it. */
  flush(): void {
    for (const document of this.#changed) {
      if (document.isClosed) continue;
      const { fsPath } = document.uri;
      this.#given.add(fsPath);
      const text = document.getText();
      this.#engine.tell((engine) => engine.setText.asEvent(fsPath, text));
    }
    this.#changed.clear();
  }

  /** Sends everything again, to a new engine. */
  resend(): void {
    this.#given.clear();
    for (const document of vscode.workspace.textDocuments) if (this.#matters(document)) this.#changed.add(document);
    this.flush();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #matters({ uri }: vscode.TextDocument): boolean {
    return uri.scheme === "file" && (isWorkflowFile(uri.fsPath) || this.#isPart(uri.fsPath));
  }

  #isPart(path: string): boolean {
    return this.#workflows
      .states()
      .some(({ graph }) => graph !== null && [...graph.files, ...dataFiles(graph)].includes(path));
  }

  /** A module that was edited before it became part of a workflow. */
  #giveUnsaved(): void {
    for (const document of vscode.workspace.textDocuments)
      if (document.isDirty && !this.#given.has(document.uri.fsPath)) this.give(document);
  }

  #closed(document: vscode.TextDocument): void {
    this.#changed.delete(document);
    const { fsPath } = document.uri;
    if (this.#given.delete(fsPath)) this.#engine.tell((engine) => engine.setText.asEvent(fsPath, null));
  }
}
