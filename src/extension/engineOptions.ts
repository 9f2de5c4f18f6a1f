import * as vscode from "vscode";
import type { EngineOptions } from "../protocol/engine.js";
import { CONTEXT_KEYS } from "./commands/ids.js";
import type { EngineProcess } from "./engineProcess.js";

/** Where secret storage keeps the Hugging Face token. */
export const TOKEN_KEY = "daggr.huggingFaceToken";

export async function engineOptions(secrets: vscode.SecretStorage): Promise<EngineOptions> {
  return {
    trusted: vscode.workspace.isTrusted,
    // A keyring that is locked or absent must not keep everything else from working.
    token: await Promise.resolve(secrets.get(TOKEN_KEY)).then(
      (token) => token ?? null,
      () => null,
    ),
    roots: workspaceRoots(),
  };
}

/** Absolute paths of the workspace folders on this machine. */
export function workspaceRoots(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
}

/** Tells the engine when trust, the token or the workspace folders change. */
export function registerEngineOptions(engine: EngineProcess, secrets: vscode.SecretStorage): vscode.Disposable {
  const showSignedIn = async (): Promise<void> => {
    const { token } = await engineOptions(secrets);
    await vscode.commands.executeCommand("setContext", CONTEXT_KEYS.signedIn, token !== null);
  };
  void showSignedIn();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(() => engine.reconfigure()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => engine.reconfigure()),
    secrets.onDidChange(({ key }) => {
      if (key !== TOKEN_KEY) return;
      engine.reconfigure();
      void showSignedIn();
    }),
  );
}
