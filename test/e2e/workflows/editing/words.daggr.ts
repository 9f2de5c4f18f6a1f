import { FnNode, Graph, gr } from "daggr";

const upper = new FnNode(({ text }: { text: string }) => ({ loud: text.toUpperCase(), size: text.length }), {
  name: "Upper case",
  inputs: { text: gr.Textbox({ label: "Text", value: "quiet words" }) },
  outputs: { loud: gr.Textbox({ label: "Loud" }), size: gr.Number({ label: "Size" }) },
});

const framed = new FnNode(({ text }: { text: string }) => `[ ${text} ]`, {
  inputs: { text: upper.loud },
  outputs: { text: gr.Textbox({ label: "Framed" }) },
});

export default new Graph({ name: "Words", nodes: [upper, framed] });
