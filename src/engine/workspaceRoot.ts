import { dirname, relative, isAbsolute, sep } from "node:path";

/** The folder that keeps `.daggr` for a workflow: the nearest of the roots that contains it, or else its own. */
export function workspaceRoot(file: string, roots: readonly string[]): string {
  const around = roots.filter((root) => contains(root, file));
  return around.reduce((nearest, root) => (root.length > nearest.length ? root : nearest), "") || dirname(file);
}

function contains(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
