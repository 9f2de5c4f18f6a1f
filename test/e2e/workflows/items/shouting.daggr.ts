/** Takes a text apart, shouts each word in a run of its own, and puts the words together again. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { FnNode, Graph, gr } from "daggr";

const words = new FnNode(({ text }: { text: string }) => text.split(" ").filter((word) => word !== ""), {
  name: "Words",
  inputs: { text: gr.Textbox({ label: "Text", value: "the quick bad fox jumps over" }) },
  outputs: { list: gr.JSON({ label: "List" }) },
});

const shout = new FnNode(
  async ({ word }: { word: string }) => {
    // Calls are counted beside this file.
    appendFileSync(join(import.meta.dirname, "calls.txt"), `${word}\n`);
    console.log(`shouting ${word}`);
    await setTimeout(400);
    if (word === "bad") throw new RangeError(`${word} cannot be shouted`);
    return word.toUpperCase();
  },
  { name: "Shout", inputs: { word: words.list.each }, outputs: { loud: gr.Textbox({ label: "Loud" }) } },
);

const together = new FnNode(({ all }: { all: string[] }) => all.join(" "), {
  name: "Together",
  inputs: { all: shout.loud.all() },
  outputs: { text: gr.Textbox({ label: "All of it" }) },
});

export default new Graph({ name: "Shouting", nodes: [together] });
