import type { NodeId } from "../../src/model/graph.js";

/** Ids of the handles that edges are fastened to. */
export const inputHandle = (port: string): string => `in:${port}`;
export const outputHandle = (port: string): string => `out:${port}`;
/** On a choice's card: where one of its alternatives is tied in. */
export const variantHandle = (variant: NodeId): string => `variant:${variant}`;
/** On an alternative's card: the tie to its choice. */
export const CHOICE_HANDLE = "choice";
