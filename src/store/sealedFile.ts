import { readSmall } from "./disk.js";
import type { Damage } from "./notices.js";
import { unseal } from "./sealed.js";

/**
 * The content of a file with sealed JSON, which is an object; `null`: there is none. What isn't whole is set aside.
 *
 * @param what - as for {@link Damage.setAside}.
 */
export function readSealed(path: string, damage: Damage, what: string): Record<string, unknown> | null {
  try {
    const text = readSmall(path);
    if (text === null) return null;
    const content = unseal(text);
    if (isObject(content)) return content;
  } catch {
    // A link, a folder, a bad sector: no entry in any case.
  }
  damage.setAside(path, what);
  return null;
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
