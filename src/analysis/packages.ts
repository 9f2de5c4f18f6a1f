import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import type { SourceReader } from "./modules.js";

/** An installed package, as a module finds it. */
export interface InstalledPackage {
  /** `name@version`. */
  readonly version: string;
  /** Absolute path of its package.json. */
  readonly manifest: string;
  /** For a package that is linked to its sources (a workspace, `npm link`): where the specifier leads to, if text tells. */
  readonly linkedFile: string | null;
}

/** Finds packages in `node_modules`, from a module's folder upwards, as Node does. */
export class Packages {
  readonly #reader: SourceReader;
  /** By path of a package.json, or of a place where one might be. */
  readonly #manifests = new Map<string, string | undefined>();

  constructor(reader: SourceReader) {
    this.#reader = reader;
  }

  /** The file may be different. Answers whether that makes any difference. */
  changed(path: string): boolean {
    if (!this.#manifests.has(path)) return false;
    const before = this.#manifests.get(path);
    this.#manifests.delete(path);
    return this.#reader.read(path) !== before;
  }

  /** `null`: it isn't installed, or is one of Node's own. @param folder absolute path of the importing module's folder */
  find(specifier: string, folder: string): InstalledPackage | null {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
    if (name === undefined || isBuiltin(specifier) || /^[a-z]+:/.test(specifier)) return null;
    for (let at = folder; ; at = dirname(at)) {
      const manifest = join(at, "node_modules", name, "package.json");
      const text = this.#read(manifest);
      if (text !== undefined) return this.#installed(name, specifier.slice(name.length), manifest, text);
      if (dirname(at) === at) return null;
    }
  }

  #installed(name: string, subpath: string, manifest: string, text: string): InstalledPackage {
    const fields = parse(text);
    const real = this.#reader.realPath?.(manifest) ?? manifest;
    const linked = !/[\\/]node_modules[\\/]/.test(real);
    const target = linked ? entryOf(fields, subpath) : null;
    return {
      version: `${name}@${typeof fields.version === "string" ? fields.version : ""}`,
      manifest,
      linkedFile: target === null ? null : join(dirname(real), target),
    };
  }

  #read(path: string): string | undefined {
    if (!this.#manifests.has(path)) this.#manifests.set(path, this.#reader.read(path));
    return this.#manifests.get(path);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields {
  try {
    const fields: unknown = JSON.parse(text);
    return isFields(fields) ? fields : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The file that a specifier names within its package, by `exports` or `main`. @param subpath "" or `/part` */
function entryOf(fields: Fields, subpath: string): string | null {
  const { exports, main } = fields;
  if (exports === undefined) {
    if (subpath !== "") return `.${subpath}`;
    return typeof main === "string" ? main : "index.js";
  }
  const paths =
    isFields(exports) && Object.keys(exports).some((key) => key.startsWith(".")) ? exports : { ".": exports };
  return Object.hasOwn(paths, `.${subpath}`) ? conditional(paths[`.${subpath}`]) : null;
}

function conditional(target: unknown): string | null {
  if (typeof target === "string") return target;
  if (!isFields(target)) return null;
  for (const condition of ["node", "import", "module", "default", "require"]) {
    const found = Object.hasOwn(target, condition) ? conditional(target[condition]) : null;
    if (found !== null) return found;
  }
  return null;
}
