import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import type { Plan, PlanStep } from "../model/plan.js";
import { indexOf } from "./graphIndex.js";

/**
 * ```text
 * waiting ──all upstream done──▶ under way ──▶ done
 *    │                               ├───────▶ failed, cancelled
 *    └──something upstream failed────┴───────▶ blocked
 * ```
 */
export type Course = "waiting" | "under way" | End;
export type End = "done" | "failed" | "cancelled" | "blocked";

type Deferred = ReturnType<typeof Promise.withResolvers<undefined>>;

/** One node's part in a run. */
export interface Task {
  readonly step: PlanStep;
  readonly node: GraphNode;
  /** In the plan. */
  readonly position: number;
  readonly cancel: AbortController;
  readonly ended: Deferred;
  course: Course;
  /** Whether its execution has begun; until then it only waits for room. */
  executing: boolean;
  /** Upstream nodes of the plan that are not done yet. */
  missing: number;
}

export function hasEnded({ course }: Task): boolean {
  return course !== "waiting" && course !== "under way";
}

/** The nodes of a plan and the order that their edges impose. Every change costs no more than the edges it touches. */
export class Tasks {
  readonly #graph: Graph;
  readonly #tasks = new Map<NodeId, Task>();
  readonly #allEnded = Promise.withResolvers<undefined>();
  #left: number;

  constructor(graph: Graph, plan: Plan) {
    this.#graph = graph;
    const { nodes } = indexOf(graph);
    for (const [position, step] of plan.steps.entries()) {
      const node = nodes.get(step.node);
      if (!node) continue;
      const ended = Promise.withResolvers<undefined>();
      const cancel = new AbortController();
      this.#tasks.set(step.node, {
        step,
        node,
        position,
        cancel,
        ended,
        course: "waiting",
        executing: false,
        missing: 0,
      });
    }
    for (const task of this.#tasks.values()) task.missing = this.#upstream(task).length;
    this.#left = this.#tasks.size;
    if (this.#left === 0) this.#allEnded.resolve(undefined);
  }

  get allEnded(): Promise<unknown> {
    return this.#allEnded.promise;
  }

  get(node: NodeId): Task | undefined {
    return this.#tasks.get(node);
  }

  /** In the order of the plan. */
  all(): Task[] {
    return [...this.#tasks.values()];
  }

  /** Those that wait for nothing. */
  roots(): Task[] {
    return this.all().filter(({ missing }) => missing === 0);
  }

  /** Ends a task as done. Answers the tasks that nothing holds back any more. */
  done(task: Task): Task[] {
    this.end(task, "done");
    return this.#downstream(task).filter((next) => next.course === "waiting" && --next.missing === 0);
  }

  /** Ends a task otherwise, and with it all that depend on it. Answers those. */
  block(task: Task, course: "failed" | "cancelled"): Task[] {
    this.end(task, course);
    const blocked: Task[] = [];
    const next = this.#downstream(task);
    for (let other = next.pop(); other; other = next.pop()) {
      if (other.course !== "waiting") continue;
      this.end(other, "blocked");
      blocked.push(other);
      next.push(...this.#downstream(other));
    }
    return blocked.sort((a, b) => a.position - b.position);
  }

  /** Ends this task alone. */
  end(task: Task, course: End): void {
    task.course = course;
    task.ended.resolve(undefined);
    if (--this.#left === 0) this.#allEnded.resolve(undefined);
  }

  #upstream({ node }: Task): Task[] {
    return this.#known((indexOf(this.#graph).into.get(node.id) ?? []).map((edge) => edge.from.node));
  }

  #downstream({ node }: Task): Task[] {
    return this.#known((indexOf(this.#graph).outOf.get(node.id) ?? []).map((edge) => edge.to.node));
  }

  #known(nodes: readonly NodeId[]): Task[] {
    return [...new Set(nodes)].flatMap((id) => this.#tasks.get(id) ?? []);
  }
}
