/** Every way in which somebody's code goes wrong, a node each, beside one that is well. */
import { existsSync } from "node:fs";
import { FnNode, Graph, gr, type FnContext } from "daggr";

const well = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  inputs: { text: gr.Textbox({ label: "Text", value: "all is well" }) },
  outputs: { text: gr.Textbox({ label: "Loud" }) },
});

function measure(word: string): number {
  throw new RangeError(`${word} cannot be measured`);
}

const throws = new FnNode(
  ({ word }: { word: string }) => {
    console.log(`measuring ${word}`);
    return measure(word);
  },
  { inputs: { word: gr.Textbox({ label: "Word", value: "sorrow" }) }, outputs: { size: gr.Number({ label: "Size" }) } },
);

const exits = new FnNode(
  ({ code }: { code: number }) => {
    console.error("leaving");
    process.exit(code);
  },
  { inputs: { code: gr.Number({ label: "Code", value: 3 }) }, outputs: { never: gr.Textbox({ label: "Never" }) } },
);

const spins = new FnNode(
  ({ on }: { on: boolean }) => {
    let turns = 0;
    while (on) turns += 1;
    return turns;
  },
  { inputs: { on: gr.Checkbox({ label: "On", value: true }) }, outputs: { turns: gr.Number({ label: "Turns" }) } },
);

/** Waits until somebody puts a file of that name beside this one. Only a name in the code itself would count for the result. */
async function waitForGo(
  { greeting, file }: { greeting: string; file: string },
  { signal, progress }: FnContext,
): Promise<string> {
  progress(0.4, `waiting for ${file}`);
  while (!existsSync(new URL(file, import.meta.url))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return `${greeting}, at last`;
}

const waits = new FnNode(waitForGo, {
  inputs: { greeting: gr.Textbox({ label: "Greeting", value: "hello" }), file: "go" },
  outputs: { text: gr.Textbox({ label: "Answer" }) },
});

export default new Graph({ name: "Trouble", nodes: [well, throws, exits, spins, waits] });
