import { join } from "node:path";
import { changeTime, SETTLED_MS } from "./changeTime.js";
import { namesIn } from "./disk.js";
import { fingerprintPrefix } from "./resultId.js";

/** While this process writes, it believes what it has listed for so long. Milliseconds. */
const BRIEF_MS = 1000;

interface Listing {
  /** Ids by the fingerprint's digits that they end in. */
  readonly ids: Map<string, string[]>;
  readonly listedAt: number;
  /** The folder's time stamp, as far as its changes are in the listing. */
  changedAt: number;
}

/**
 * Which results there are, by fingerprint. A folder is only listed again where it may have changed otherwise than by
 * {@link add}: listing for every node of a thousand would take a good part of a run's time. While this process adds to a
 * folder, what another one adds to it may go unseen for up to a second.
 */
export class ResultNames {
  readonly #folder: string;
  /** By the first two digits. */
  readonly #listings = new Map<string, Listing>();

  /** @param folder absolute path of the folder of all results. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Ids of results whose fingerprint begins like this one, in no order. Some may be gone by now.
   *
   * @param fingerprint - SHA-256 in hex.
   */
  of(fingerprint: string): readonly string[] {
    const digits = fingerprint.slice(0, 2);
    const folder = join(this.#folder, digits);
    const changedAt = changeTime(folder);
    if (changedAt === null) return []; // no result begins with these digits yet
    let listing = this.#listings.get(digits);
    if (listing?.changedAt !== changedAt || !isGood(listing)) {
      listing = { ids: idsIn(folder), listedAt: Date.now(), changedAt };
      this.#listings.set(digits, listing);
    }
    return listing.ids.get(fingerprint.slice(0, 16)) ?? [];
  }

  /** This process has written a result. */
  add(id: string): void {
    const prefix = fingerprintPrefix(id) ?? "";
    const listing = this.#listings.get(prefix.slice(0, 2));
    if (!listing) return;
    const ids = listing.ids.get(prefix);
    if (ids) ids.push(id);
    else listing.ids.set(prefix, [id]);
    listing.changedAt = changeTime(join(this.#folder, prefix.slice(0, 2))) ?? NaN;
  }
}

function isGood({ listedAt, changedAt }: Listing): boolean {
  return listedAt - changedAt > SETTLED_MS || Date.now() - listedAt < BRIEF_MS;
}

function idsIn(folder: string): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const id = name.endsWith(".json") ? name.slice(0, -".json".length) : "";
    const prefix = fingerprintPrefix(id);
    if (prefix === null) continue;
    const others = ids.get(prefix);
    if (others) others.push(id);
    else ids.set(prefix, [id]);
  }
  return ids;
}
