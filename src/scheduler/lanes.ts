import type { GraphNode } from "../model/graph.js";

/** Executions that share a bound on how many of them run at a time. */
export interface Lane {
  readonly name: string;
  readonly limit: number;
}

/** Calls to servers wait rather than compute: several at a time, but no flood. */
const REMOTE: Lane = { name: "remote", limit: 8 };
/** People see all that they are asked, and answer in the order that they like. */
const PEOPLE: Lane = { name: "people", limit: Infinity };
const FUNCTIONS: Lane = { name: "functions", limit: 1 };
const CONCURRENT_FUNCTIONS: Lane = { name: "concurrent functions", limit: 8 };

/** The lane in which a node is executed, or each of its items where it runs once an item. */
export function laneOf({ id, kind, limits }: GraphNode): Lane {
  const { concurrencyGroup, maxConcurrent } = limits;
  if (concurrencyGroup !== undefined) return { name: `group ${concurrencyGroup}`, limit: maxConcurrent ?? 1 };
  if (maxConcurrent !== undefined) return { name: `node ${id}`, limit: maxConcurrent };
  if (kind === "approve" || kind === "choose-one") return PEOPLE;
  if (kind !== "fn") return REMOTE;
  return limits.concurrent === true ? CONCURRENT_FUNCTIONS : FUNCTIONS;
}

interface Job {
  /** Those that come first in the plan go first. */
  readonly position: number;
  start(): Promise<void>;
}

interface Traffic {
  under: number;
  readonly waiting: Job[];
}

/** Starts jobs as their lanes have room, in the order of the plan. */
export class Lanes {
  readonly #lanes = new Map<string, Traffic>();

  /** `start` is called at once or later; it must not reject. */
  enter(lane: Lane, job: Job): void {
    let traffic = this.#lanes.get(lane.name);
    if (!traffic) this.#lanes.set(lane.name, (traffic = { under: 0, waiting: [] }));
    const { waiting } = traffic;
    const before = waiting.findLastIndex((other) => other.position < job.position);
    waiting.splice(before + 1, 0, job);
    this.#advance(lane, traffic);
  }

  #advance(lane: Lane, traffic: Traffic): void {
    while (traffic.under < Math.max(1, lane.limit)) {
      const job = traffic.waiting.shift();
      if (!job) return;
      traffic.under++;
      void job.start().finally(() => {
        traffic.under--;
        this.#advance(lane, traffic);
      });
    }
  }
}
