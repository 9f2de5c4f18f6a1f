import * as vscode from "vscode";
import type { Failure } from "../../model/failure.js";
import type { Result } from "../../model/outcome.js";
import { TOKEN_KEY } from "../engineOptions.js";
import type { EngineClient } from "../engineProcess.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { tokenProblem } from "./token.js";

const TOKEN_PAGE = "https://huggingface.co/settings/tokens";

interface GivenToken {
  readonly token: string;
  /** Whose it is; a failure: nobody could say. One that was refused is not given at all. */
  readonly account: Result<string>;
}

/** The Hugging Face token, kept in VS Code's secret storage and nowhere else. */
export function signInCommands(secrets: vscode.SecretStorage, engine: EngineClient) {
  return {
    [COMMANDS.signIn]: async () => {
      const given = await askForToken((token) => engine.ask((remote) => remote.whoami(token)));
      if (given === undefined) return;
      const { token, account } = given;
      if (!account.ok && !(await mayKeepUnverified(account.failure))) return;
      await secrets.store(TOKEN_KEY, token);
      const done = account.ok ? `Signed in to Hugging Face as ${account.value}.` : "The token is kept, unverified.";
      vscode.window.setStatusBarMessage(`$(check) ${done}`, 5000);
    },
    [COMMANDS.signOut]: async () => {
      await secrets.delete(TOKEN_KEY);
      vscode.window.setStatusBarMessage("Signed out of Hugging Face; HF_TOKEN and the token file still count.", 5000);
    },
  } satisfies Partial<Handlers>;
}

async function mayKeepUnverified({ message }: Failure): Promise<boolean> {
  const question = `The token could not be verified. ${message} Keep it all the same?`;
  return (await vscode.window.showWarningMessage(question, "Keep Token")) !== undefined;
}

/** Asks until there is a token that the Hub doesn't refuse, or the user gives up. */
function askForToken(verify: (token: string) => Promise<Result<string>>): Promise<GivenToken | undefined> {
  const box = vscode.window.createInputBox();
  const page: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("link-external"), tooltip: "Get a token" };
  box.title = "Sign In to Hugging Face";
  box.prompt = `An access token from ${TOKEN_PAGE} (read access will do). It is sent to Hugging Face only.`;
  box.placeholder = "hf_…";
  box.password = true;
  box.ignoreFocusOut = true;
  box.buttons = [page];
  return new Promise((resolve) => {
    const accept = async (): Promise<void> => {
      const problem = tokenProblem(box.value);
      box.validationMessage = problem ?? undefined;
      if (problem !== null || box.busy) return;
      const token = box.value.trim();
      box.busy = true;
      box.enabled = false;
      const account = await verify(token);
      box.busy = false;
      box.enabled = true;
      if (!account.ok && account.failure.reason === "unauthorised") {
        const { message, hint = "" } = account.failure;
        box.validationMessage = `${message} ${hint}`;
        return;
      }
      resolve({ token, account });
      box.hide();
    };
    box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(TOKEN_PAGE)));
    box.onDidChangeValue(() => (box.validationMessage = undefined));
    box.onDidAccept(() => void accept());
    box.onDidHide(() => {
      // While the token was being verified, too: then it isn't wanted any more.
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
