import { existsSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { giveNodeTypes } from "./nodeTypes.js";

/** The SDK's declarations, seen from `node_modules/daggr-typescript-plugin` within the extension. */
const declarations = join(__dirname, "..", "..", "dist", "types", "sdk", "index.d.ts");

/**
 * A plugin for VS Code's TypeScript server: `import … from "daggr"` has types in a workspace where nothing is installed. A
 * `daggr` that the workspace does have wins.
 */
export default function init({ typescript }: { typescript: typeof ts }): ts.server.PluginModule {
  return {
    create(info) {
      const { languageServiceHost: host, languageService, project } = info;
      giveNodeTypes(typescript, info);
      if (!existsSync(declarations)) {
        project.projectService.logger.info(`daggr: ${declarations} is missing; was the build complete?`);
        return languageService;
      }
      const resolve = host.resolveModuleNameLiterals?.bind(host);
      if (resolve) {
        host.resolveModuleNameLiterals = (literals, ...where) =>
          resolve(literals, ...where).map((resolution, index) =>
            literals[index]?.text === "daggr" && resolution.resolvedModule === undefined ? sdk : resolution,
          );
      }
      return languageService;
    },
  };
}

const sdk: ts.ResolvedModuleWithFailedLookupLocations = {
  resolvedModule: { resolvedFileName: declarations, extension: ".d.ts", isExternalLibraryImport: true },
};
