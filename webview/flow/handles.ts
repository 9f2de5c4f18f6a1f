import type { NodeId } from "../../src/model/graph.js";

/** Ids of the handles that edges are fastened to. */
export const inputHandle = (port: string): string => `in:${port}`;
export const outputHandle = (port: string): string => `out:${port}`;
/** On a choice's card: where everything ends that one of the variants takes which isn't selected. */
export const variantHandle = (variant: NodeId): string => `variant:${variant}`;
