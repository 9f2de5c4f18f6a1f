import type { NodeId } from "../../model/graph.js";
import type { EngineClient } from "../engineProcess.js";
import { showFailure } from "../running.js";
import type { Workflows } from "../workflows.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import type { Targets } from "./target.js";

interface PinningParts {
  readonly engine: EngineClient;
  readonly workflows: Workflows;
  readonly targets: Targets;
}

/** Lets what a node gave stand in for running it, and takes that back. */
export function pinningCommands({ engine, workflows, targets }: PinningParts) {
  const pin = async (file: string, node: NodeId, on: boolean): Promise<void> => {
    const hold = workflows.hold(file);
    try {
      await workflows.opened(file);
      const pinned = await engine.ask((remote) => remote.pin(file, node, on));
      if (!pinned.ok) void showFailure(pinned.failure, { file, node });
    } finally {
      hold.dispose();
    }
  };
  const about = async (argument: unknown, title: string, on: boolean): Promise<void> => {
    const target = await targets.node(argument, title);
    if (target) await pin(target.file, target.node, on);
  };
  return {
    [COMMANDS.pinOutputs]: (argument) => about(argument, "Pin Outputs", true),
    [COMMANDS.unpinOutputs]: (argument) => about(argument, "Unpin Outputs", false),
  } satisfies Partial<Handlers>;
}
