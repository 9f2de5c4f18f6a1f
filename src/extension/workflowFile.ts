import { basename, dirname, join, relative, sep } from "node:path";

/** Whether a path names a workflow. */
export function isWorkflowFile(path: string): boolean {
  return path.endsWith(".daggr.ts");
}

/** `landscape` for `/a/landscape.daggr.ts`. */
export function workflowName(path: string): string {
  return basename(path, ".daggr.ts");
}

/** Whether a path is the folder itself or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The folder directly in `above` that holds the path, or else the path's own folder. */
export function topFolder(path: string, above: string): string {
  const [first, ...rest] = isInside(path, above) ? relative(above, path).split(sep) : [];
  return first === undefined || rest.length === 0 ? dirname(path) : join(above, first);
}

/** The `.daggr` folder of a workflow: in the nearest of the roots that contains it, or else beside it. */
export function storeFolder(file: string, roots: readonly string[]): string {
  const nearest = roots.filter((root) => isInside(file, root)).sort((a, b) => b.length - a.length)[0];
  return join(nearest ?? dirname(file), ".daggr");
}
