/** Whoever loads this file leaves a trace. */
import { writeFileSync } from "node:fs";
import { FnNode, Graph, gr } from "daggr";

writeFileSync(new URL("loaded.txt", import.meta.url), "this module was loaded");

const shout = new FnNode(({ text }: { text: string }) => `${text}!`, {
  inputs: { text: gr.Textbox({ label: "Text", value: ["trust", "me"].join(" ") }) },
  outputs: { text: gr.Textbox({ label: "Shout" }) },
});

const echo = new FnNode(({ text }: { text: string }) => `${text} ${text}`, {
  inputs: { text: shout.text },
  outputs: { text: gr.Textbox({ label: "Echo" }) },
});

export default new Graph({ name: "Telltale", nodes: [shout, echo] });
