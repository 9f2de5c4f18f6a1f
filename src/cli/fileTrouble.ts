import { accessSync, constants, statSync } from "node:fs";

/**
 * Why a path is no file that can be read, as the end of a sentence; `null`: it is one. Nothing is opened for it, for opening a
 * pipe waits until somebody writes to it.
 * @param path absolute
 */
export function fileTrouble(path: string): string | null {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return "is a directory";
    if (!stat.isFile()) return "is a pipe, a device or a socket, not a file";
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    return TROUBLES[codeOf(error)] ?? `can't be read (${codeOf(error)})`;
  }
}

const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: "doesn't exist",
  ENOTDIR: "doesn't exist",
  ELOOP: "is a symbolic link that leads back to itself",
  EACCES: "can't be read: permission denied",
  EPERM: "can't be read: permission denied",
  ENAMETOOLONG: "is too long a path",
};

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
