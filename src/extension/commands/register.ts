import * as vscode from "vscode";
import type { CommandId } from "./ids.js";

/** What each command does. The argument comes from lenses, menus, keybindings, or not at all: see `Targets`. */
export type Handlers = Record<CommandId, (argument?: unknown) => unknown>;

/** Registers every command; one without a handler is a compile error. */
export function registerCommands(handlers: Handlers): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
  );
}
