/** What is wrong with a name for a new workflow, in a sentence; `null`: nothing. */
export function nameProblem(name: string, taken: (fileName: string) => boolean): string | null {
  const base = baseName(name);
  if (base === "") return "Give the workflow a name.";
  if (!/^[\w][\w .-]*$/u.test(base)) return "Use letters, digits, spaces, dots, dashes and underscores.";
  if (taken(`${base}.daggr.ts`)) return `${base}.daggr.ts is there already.`;
  return null;
}

/** The name without the ending, which people may type or not. */
export function baseName(name: string): string {
  return name.trim().replace(/(\.daggr)?(\.ts)?$/, "");
}

/** A workflow that runs as it stands, without a network: two functions and something to type. */
export function workflowTemplate(name: string): string {
  return `import { FnNode, Graph, gr } from "daggr";

/** Counts how often each word occurs. */
function countWords({ text }: { text: string }) {
  const words = text.toLowerCase().match(/\\p{L}+/gu) ?? [];
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const counts = new FnNode(countWords, {
  name: "Count words",
  inputs: {
    text: gr.Textbox({ label: "Text", lines: 4, value: "The quick brown fox jumps over the lazy dog. The dog sleeps." }),
  },
  outputs: { counts: gr.JSON({ label: "Counts" }) },
});

const summary = new FnNode(
  ({ counts, top }: { counts: Record<string, number>; top: number }) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .slice(0, top)
      .map(([word, count]) => \`- **\${word}**: \${count}\`)
      .join("\\n"),
  {
    name: "Most frequent",
    inputs: {
      counts: counts.counts,
      top: gr.Slider({ label: "How many", minimum: 1, maximum: 10, step: 1, value: 3 }),
    },
    outputs: { markdown: gr.Markdown({ label: "Summary" }) },
  },
);

export default new Graph({ name: ${JSON.stringify(name)}, nodes: [counts, summary] });
`;
}
