import { basename, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { Failure } from "../../model/failure.js";
import { rangeFrom, rangeOfText } from "../sourcePlace.js";
import { thrownFailure } from "../thrown.js";
import { TypeScriptSyntaxError } from "./loader.js";

/** Why a workflow file could not be imported. */
export function loadFailure(error: unknown, file: string): Failure {
  const name = basename(file);
  if (error instanceof TypeScriptSyntaxError) {
    const { path, line, column, message } = error;
    return {
      reason: "load-failed",
      message: `${basename(path)} line ${line}: ${message}`,
      location: rangeFrom(path, line, column),
    };
  }
  if (!(error instanceof Error)) return thrownFailure(error, name, "load-failed");
  const thrown = thrownFailure(error, name, "load-failed");
  return missingModule(error) ?? (error instanceof SyntaxError ? syntaxFailure(error, thrown) : thrown);
}

function missingModule(error: Error): Failure | undefined {
  if (!("code" in error) || error.code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const match = /^Cannot find (?:package|module) '([^']+)' imported from (.+)$/.exec(error.message);
  const [, wanted = "", from = ""] = match ?? [];
  if (!match) return undefined;
  const importer = from.startsWith("file:") ? fileURLToPath(from) : from;
  const isPackage = error.message.startsWith("Cannot find package");
  const target = wanted.startsWith("file:") ? fileURLToPath(wanted) : wanted;
  return {
    reason: "load-failed",
    message: isPackage
      ? `${basename(importer)} imports the package "${target}", which is not installed.`
      : `${basename(importer)} imports ${target}, which does not exist.`,
    hint: isPackage ? `Run npm install ${packageName(target)} in the workspace.` : "Check the path in the import.",
    location: rangeOfText(importer, asWritten(wanted)),
  };
}

/** `does not provide an export named 'x'`, or JavaScript that doesn't parse: V8 puts the place before the stack. */
function syntaxFailure(error: SyntaxError, thrown: Failure): Failure {
  const [, address, line] =
    /^((?:file:\/\/|\/|[A-Za-z]:[\\/]).+?):(\d+)$/.exec(error.stack?.split("\n")[0] ?? "") ?? [];
  if (address === undefined) return thrown;
  const path = address.startsWith("file:") ? fileURLToPath(address) : address;
  const missing = /does not provide an export named '([^']+)'/.exec(error.message)?.[1];
  return {
    ...thrown,
    message: `${basename(path)}: ${error.message}.`,
    ...(missing !== undefined && { hint: "If it is a type, import it with `import type`." }),
    location: missing === undefined ? rangeFrom(path, Number(line), 1) : rangeOfText(path, missing),
  };
}

/** Node reports the address that a relative specifier led to; the import has at least its last part, perhaps without extension. */
function asWritten(wanted: string): string {
  const isPath = wanted.startsWith("file:") || isAbsolute(wanted);
  return isPath ? basename(wanted).replace(/\.[cm]?[jt]sx?$/, "") : wanted;
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
