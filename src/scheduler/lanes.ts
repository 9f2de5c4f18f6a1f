import type { Graph, GraphNode } from "../model/graph.js";

/** Executions that share a bound on how many of them run at a time. */
export interface Lane {
  readonly name: string;
  readonly limit: number;
  /** It is a server's: runs of all workflows share it. */
  readonly shared?: true;
}

/** Calls to a server wait rather than compute: several at a time, but no flood. */
const HOST_LIMIT = 8;
const MODELS: Lane = { name: "models", limit: HOST_LIMIT, shared: true };
/** People see all that they are asked, and answer in the order that they like. */
const PEOPLE: Lane = { name: "people", limit: Infinity };
const FUNCTIONS: Lane = { name: "functions", limit: 1 };
const CONCURRENT_FUNCTIONS: Lane = { name: "concurrent functions", limit: 8 };

/** Tells the lane in which a node of the graph is executed, or each of its items where it runs once an item. */
export function lanesOf(graph: Graph): (node: GraphNode) => Lane {
  const groups = groupLimits(graph);
  return ({ id, kind, target, limits }) => {
    const { concurrencyGroup, maxConcurrent } = limits;
    if (concurrencyGroup !== undefined)
      return { name: `group ${concurrencyGroup}`, limit: groups.get(concurrencyGroup) ?? 1 };
    if (maxConcurrent !== undefined) return { name: `node ${id}`, limit: Math.max(1, maxConcurrent) };
    if (kind === "approve" || kind === "choose-one") return PEOPLE;
    if (target.kind === "gradio") return { name: `app ${hostOf(target.space)}`, limit: HOST_LIMIT, shared: true };
    if (kind !== "fn") return MODELS;
    return limits.concurrent === true ? CONCURRENT_FUNCTIONS : FUNCTIONS;
  };
}

/** Whether the author wants a function never to run beside another. */
export function runsInTurn({ kind, limits }: GraphNode): boolean {
  const { concurrent, concurrencyGroup, maxConcurrent } = limits;
  return kind === "fn" && concurrent !== true && concurrencyGroup === undefined && maxConcurrent === undefined;
}

/** A group's bound is the smallest that its nodes name, for that is what the resource behind it can bear. */
function groupLimits({ nodes }: Graph): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { limits: own } of nodes) {
    const { concurrencyGroup: group, maxConcurrent } = own;
    if (group === undefined || maxConcurrent === undefined) continue;
    limits.set(group, Math.max(1, Math.min(maxConcurrent, limits.get(group) ?? Infinity)));
  }
  return limits;
}

/** Of an app by its address, or of a Space by its name. */
function hostOf(space: string): string {
  return URL.canParse(space) ? new URL(space).host : space.toLowerCase();
}

/** What wants to enter a lane. */
export interface Entry {
  /** Whose it is: owners take turns. */
  readonly owner: object;
  /** Of an owner's, those that come first in its plan go first. */
  readonly position: number;
  /** Once it is aborted, it is no longer wanted. */
  readonly signal: AbortSignal;
}

interface Waiting extends Entry {
  readonly admit: () => void;
}

/** Lets executions begin as their lanes have room: fairly between owners, and in the order of each owner's plan. */
export class Lanes {
  readonly #lanes = new Map<string, Traffic>();

  /**
   * Waits for room.
   *
   * @returns what the caller must call once when it is through; `null`: the signal was aborted first.
   */
  enter(lane: Lane, entry: Entry): Promise<(() => void) | null> {
    let traffic = this.#lanes.get(lane.name);
    if (!traffic) this.#lanes.set(lane.name, (traffic = new Traffic(lane.limit)));
    return traffic.enter(entry);
  }
}

/** What is in one lane, and waits before it. */
class Traffic {
  readonly #limit: number;
  /** How many each owner has under way; those that have none are left out. */
  readonly #under = new Map<object, number>();
  /** By owner, in the order of its plan. The owner that was served longest ago comes first. */
  readonly #waiting = new Map<object, Waiting[]>();
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  enter(entry: Entry): Promise<(() => void) | null> {
    const { owner, signal } = entry;
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const give = (): void => {
        this.#remove(waiting);
        resolve(null);
      };
      const waiting: Waiting = {
        ...entry,
        admit: () => {
          signal.removeEventListener("abort", give);
          resolve(() => this.#leave(owner));
        },
      };
      signal.addEventListener("abort", give);
      this.#add(waiting);
      this.#advance();
    });
  }

  #add(waiting: Waiting): void {
    const queue = this.#waiting.get(waiting.owner) ?? [];
    this.#waiting.set(waiting.owner, queue);
    const before = queue.findLastIndex((other) => other.position <= waiting.position);
    queue.splice(before + 1, 0, waiting);
  }

  #remove(waiting: Waiting): void {
    const queue = this.#waiting.get(waiting.owner) ?? [];
    const at = queue.indexOf(waiting);
    if (at >= 0) queue.splice(at, 1);
    if (queue.length === 0) this.#waiting.delete(waiting.owner);
  }

  #advance(): void {
    while (this.#count < this.#limit) {
      const next = this.#next();
      if (!next) return;
      const { owner } = next;
      this.#remove(next);
      const others = this.#waiting.get(owner);
      if (others) {
        this.#waiting.delete(owner);
        this.#waiting.set(owner, others);
      }
      this.#count++;
      this.#under.set(owner, this.#of(owner) + 1);
      next.admit();
    }
  }

  /** Of the owner that has the fewest under way. */
  #next(): Waiting | undefined {
    let least: readonly Waiting[] = [];
    for (const queue of this.#waiting.values()) {
      const [first] = queue;
      const [best] = least;
      if (first && (!best || this.#of(first.owner) < this.#of(best.owner))) least = queue;
    }
    return least[0];
  }

  #of(owner: object): number {
    return this.#under.get(owner) ?? 0;
  }

  #leave(owner: object): void {
    this.#count--;
    const left = this.#of(owner) - 1;
    if (left === 0) this.#under.delete(owner);
    else this.#under.set(owner, left);
    this.#advance();
  }
}
