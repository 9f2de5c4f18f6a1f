/** The module `daggr`: what workflow files import. */
export { ApproveNode, ChooseOneNode } from "./humanNodes.js";
export { choice, type ChoiceNode } from "./choice.js";
export { itemList, type Component, type ItemList } from "./component.js";
export type { ChoiceItem } from "./components/choice.js";
export type { DataframeValue, LabelValue } from "./components/data.js";
export type { ChatMessage, DialogueLine, HighlightedSpans } from "./components/text.js";
export type { FilePath } from "./filePath.js";
export type { FnContext } from "./fnContext.js";
export { FnNode, type FnOptions } from "./fnNode.js";
export { gr, type Components } from "./gr.js";
export { GradioNode, type GradioOptions } from "./gradioNode.js";
export { Graph, type GraphOptions } from "./graph.js";
export { InferenceNode, type InferenceOptions, type InferenceTask } from "./inferenceNode.js";
export { InputNode, type InputOptions } from "./inputNode.js";
export type { WorkflowNode } from "./node.js";
export type { GatherOptions, ItemListPort, Port, Scatter, Wire } from "./port.js";
export type { Inputs, Outputs, Source, Sources } from "./source.js";
export type { Untyped } from "./untyped.js";
