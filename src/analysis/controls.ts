import { relative, dirname } from "node:path";
import type { ComponentReading } from "./readers/reader.js";
import type { Site } from "./site.js";
import type { SourceModule } from "./sourceModule.js";

/**
 * Names controls, one a component object, however many inputs use it: by the variable that holds it, or by the input when it
 * is written in place.
 */
export class Controls {
  readonly #entry: SourceModule;
  readonly #names = new Map<Site, string>();
  readonly #taken = new Map<string, Site>();

  constructor(entry: SourceModule) {
    this.#entry = entry;
  }

  /** @param node the node that uses it, and `port` the port it feeds */
  of({ site }: ComponentReading, node: string, port: string): string {
    let name = this.#names.get(site);
    if (name === undefined) {
      const { holder } = site;
      const plain =
        holder.kind === "variable" ? holder.name : holder.kind === "member" ? holder.path.join(".") : `${node}.${port}`;
      name = this.#taken.has(plain) ? `${this.#folder(site)}#${plain}` : plain;
      this.#names.set(site, name);
      this.#taken.set(name, site);
    }
    return name;
  }

  /** Two modules may use one name. */
  #folder({ module }: Site): string {
    return relative(dirname(this.#entry.path), module.path).replaceAll("\\", "/");
  }
}
