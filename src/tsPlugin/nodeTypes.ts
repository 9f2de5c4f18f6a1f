import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type ts from "typescript";

/** Node's declarations as the extension brings them, with the packages that they import beside them. */
const brought = join(__dirname, "..", "..", "dist", "types", "node_modules", "@types", "node", "index.d.ts");

/** How long a folder is believed to have, or not to have, Node's declarations installed. Milliseconds. */
const FOUND_FOR = 3000;

/**
 * A workflow's functions run in Node, so `node:fs` and `Buffer` have types where nothing is installed: for loose files, and for a
 * tsconfig.json that asks for `"types": ["node"]`. What the workspace has installed wins, and a tsconfig.json that does not ask is
 * left alone, as `tsc` would read it.
 */
export function giveNodeTypes(
  typescript: typeof ts,
  { languageServiceHost: host, project }: ts.server.PluginCreateInfo,
) {
  if (!existsSync(brought)) return;
  const resolve = host.resolveTypeReferenceDirectiveReferences?.bind(host);
  if (resolve) {
    host.resolveTypeReferenceDirectiveReferences = (references, ...where) =>
      resolve(references, ...where).map((resolution, index) => {
        const reference = references[index];
        const name = typeof reference === "string" ? reference : reference?.fileName;
        return name === "node" && resolution.resolvedTypeReferenceDirective === undefined ? nodeTypes : resolution;
      });
  }
  if (project.projectKind !== typescript.server.ProjectKind.Inferred) return;
  const found = new Map<string, { readonly file: string | undefined; readonly at: number }>();
  const fileNames = host.getScriptFileNames.bind(host);
  host.getScriptFileNames = () => {
    const files = fileNames();
    const workflow = files.find((file) => file.endsWith(".daggr.ts"));
    if (workflow === undefined) return files;
    const installed = installedBeside(workflow);
    return [...files, installed ?? brought];
  };

  /** By the folder of a workflow, as Node itself would look for it. Asked for at every key, so it is looked for now and then only. */
  function installedBeside(workflow: string): string | undefined {
    const folder = dirname(workflow);
    const known = found.get(folder);
    if (known !== undefined && Date.now() - known.at < FOUND_FOR) return known.file;
    const file = lookedUp(folder);
    found.set(folder, { file, at: Date.now() });
    return file;
  }

  function lookedUp(folder: string): string | undefined {
    const { resolvedTypeReferenceDirective } = typescript.resolveTypeReferenceDirective(
      "node",
      join(folder, "any.ts"),
      {},
      typescript.sys,
    );
    return resolvedTypeReferenceDirective?.resolvedFileName;
  }
}

const nodeTypes: ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations = {
  resolvedTypeReferenceDirective: { primary: true, resolvedFileName: brought, isExternalLibraryImport: true },
};
