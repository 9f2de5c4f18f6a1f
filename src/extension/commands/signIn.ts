import * as vscode from "vscode";
import { TOKEN_KEY } from "../engineOptions.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { tokenProblem } from "./token.js";

const TOKEN_PAGE = "https://huggingface.co/settings/tokens";

/** The Hugging Face token, kept in VS Code's secret storage and nowhere else. */
export function signInCommands(secrets: vscode.SecretStorage) {
  return {
    [COMMANDS.signIn]: async () => {
      const token = await askForToken();
      if (token === undefined) return;
      await secrets.store(TOKEN_KEY, token);
      vscode.window.setStatusBarMessage("$(check) Signed in to Hugging Face.", 5000);
    },
    [COMMANDS.signOut]: async () => {
      await secrets.delete(TOKEN_KEY);
      vscode.window.setStatusBarMessage("Signed out of Hugging Face; HF_TOKEN and the token file still count.", 5000);
    },
  } satisfies Partial<Handlers>;
}

function askForToken(): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  const page: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: "Get a token" };
  box.title = "Sign In to Hugging Face";
  box.prompt = `An access token from ${TOKEN_PAGE} (read access will do). It is sent to Hugging Face only.`;
  box.placeholder = "hf_…";
  box.password = true;
  box.ignoreFocusOut = true;
  box.buttons = [page];
  return new Promise((resolve) => {
    box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(TOKEN_PAGE)));
    box.onDidChangeValue(() => (box.validationMessage = undefined));
    box.onDidAccept(() => {
      const problem = tokenProblem(box.value);
      box.validationMessage = problem ?? undefined;
      if (problem !== null) return;
      resolve(box.value.trim());
      box.hide();
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
