/** A workflow of `size` functions, each with a control of its own and wired to the one before. */
export function chainWorkflow(size: number): string {
  const nodes = Array.from({ length: size }, (_, index) => {
    const text = index === 0 ? `gr.Textbox({ label: "Text" })` : `step${index - 1}.text`;
    return `
/** Step ${index} of the chain. */
async function run${index}({ text, word, times }: { text: string; word: string; times: number }) {
  const words = Array.from({ length: times }, (_, at) => \`\${at}: \${word}\`);
  if (words.length > LIMIT) throw new Error("too many words");
  text += words.map((each) => each.toUpperCase()).join(", ");
  return text.trim() + ${index};
}

const step${index} = new FnNode(run${index}, {
  name: "Step ${index}",
  inputs: {
    text: ${text},
    word: gr.Textbox({ label: "Word ${index}", value: "again", lines: 2 }),
    times: ${(index % 5) + 1},
  },
  outputs: { text: gr.Textbox({ label: "Text" }) },
});
`;
  });
  return `import { FnNode, Graph, gr } from "daggr";

const LIMIT = 100;
${nodes.join("")}
export default new Graph({ name: "Chain of ${size}", nodes: [step${size - 1}] });
`;
}
