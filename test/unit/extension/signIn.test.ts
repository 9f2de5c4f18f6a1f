import { beforeEach, expect, it, vi } from "vitest";
import { COMMANDS } from "../../../src/extension/commands/ids.js";
import { signInCommands } from "../../../src/extension/commands/signIn.js";
import type { Engine, EngineClient } from "../../../src/extension/engineProcess.js";
import type { Failure } from "../../../src/model/failure.js";
import { failed, type Result, success } from "../../../src/model/outcome.js";

const { box, said, choice } = vi.hoisted(() => {
  const listeners: Record<string, () => unknown> = {};
  const on = (event: string) => (listener: () => unknown) => void (listeners[event] = listener);
  const box = {
    value: "",
    validationMessage: undefined as string | undefined,
    busy: false,
    enabled: true,
    shown: false,
    onDidTriggerButton: on("button"),
    onDidChangeValue: on("change"),
    onDidAccept: on("accept"),
    onDidHide: on("hide"),
    show: () => void (box.shown = true),
    hide: () => {
      box.shown = false;
      listeners.hide?.();
    },
    dispose: () => undefined,
    accept: (value: string) => {
      box.value = value;
      listeners.accept?.();
    },
  };
  return { box, said: [] as string[], choice: { now: undefined as string | undefined } };
});

vi.mock("vscode", () => ({
  ThemeIcon: Object,
  window: {
    createInputBox: () => box,
    setStatusBarMessage: (text: string) => void said.push(text),
    showWarningMessage: (text: string) => {
      said.push(text);
      return Promise.resolve(choice.now);
    },
  },
}));

const TOKEN = "hf_abcdefghijklmnop";

beforeEach(() => {
  said.splice(0);
  choice.now = undefined;
  box.validationMessage = undefined;
});

function signingIn() {
  const kept: string[] = [];
  const asked: string[] = [];
  let answer = Promise.withResolvers<Result<string>>();
  const remote = {
    whoami: (token: string) => {
      asked.push(token);
      return answer.promise;
    },
  } as unknown as Engine; // the one call that is made
  const engine: EngineClient = { ask: (call) => call(remote), tell: () => undefined };
  const secrets = { store: async (_key: string, token: string) => void kept.push(token) };
  const commands = signInCommands(secrets as never, engine);
  const done = commands[COMMANDS.signIn]();
  const hubSays = async (account: Result<string>): Promise<void> => {
    answer.resolve(account);
    answer = Promise.withResolvers();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { kept, asked, done, hubSays };
}

const refused: Failure = {
  reason: "unauthorised",
  message: "Hugging Face refuses this token.",
  hint: "Make a new one.",
};
const offline: Failure = { reason: "unreachable", message: "The Hub could not be reached." };

it("keeps a token that the Hub knows, and says whose it is", async () => {
  const { kept, asked, done, hubSays } = signingIn();
  box.accept(` ${TOKEN} `);
  expect([box.busy, box.enabled]).toEqual([true, false]);
  await hubSays(success("ada"));
  await done;
  expect({ asked, kept, said }).toEqual({
    asked: [TOKEN],
    kept: [TOKEN],
    said: ["$(check) Signed in to Hugging Face as ada."],
  });
});

it("keeps nothing that the Hub refuses, says what to do, and lets another be given", async () => {
  const { kept, done, hubSays } = signingIn();
  box.accept(TOKEN);
  await hubSays(failed(refused));
  expect(box).toMatchObject({ validationMessage: "Hugging Face refuses this token. Make a new one.", shown: true });
  expect(kept).toEqual([]);
  box.accept(`${TOKEN}2`);
  await hubSays(success("ada"));
  await done;
  expect(kept).toEqual([`${TOKEN}2`]);
});

it.each([
  [undefined, []],
  ["Keep Token", [TOKEN]],
])("asks whether to keep what can't be verified: %s", async (chosen, expected) => {
  choice.now = chosen;
  const { kept, done, hubSays } = signingIn();
  box.accept(TOKEN);
  await hubSays(failed(offline));
  await done;
  expect(said[0]).toBe("The token could not be verified. The Hub could not be reached. Keep it all the same?");
  expect(kept).toEqual(expected);
});

it("keeps nothing once it was given up, even while the token was being verified", async () => {
  const { kept, done, hubSays } = signingIn();
  box.accept(TOKEN);
  box.hide();
  await hubSays(success("ada"));
  await done;
  expect({ kept, said }).toEqual({ kept: [], said: [] });
});
