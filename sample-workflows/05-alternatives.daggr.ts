/**
 * Two summarisers, one switch: no network, only functions.
 *
 * Run all, then choose the other alternative on the card of the choice: what follows is stale until it runs, and costs nothing when
 * you switch back. From a terminal: `daggr run 05-alternatives.daggr.ts --variant summary=central`.
 */
import { FnNode, Graph, choice, gr } from "daggr";

const article = gr.Textbox({
  label: "Article",
  lines: 8,
  value:
    "Bees find their way by the sun. Even when clouds hide it, they read its place from the pattern of light in the sky. " +
    "A bee that has found flowers flies home and dances on the comb. The dance tells the others how far the flowers are, " +
    "and in which direction from the sun they lie. Farmers value bees for another reason. A third of what we eat " +
    "grows only because insects carry pollen from flower to flower. Where bees vanish, orchards bear less fruit. " +
    "Some orchards are already pollinated by hand, flower by flower, with small brushes.",
});
const sentences = gr.Slider({ label: "Sentences", minimum: 1, maximum: 5, step: 1, value: 2 });

interface Summarised {
  readonly text: string;
  readonly sentences: number;
}

function sentencesOf(text: string): string[] {
  return text.match(/[^.!?]+[.!?]+/g)?.map((sentence) => sentence.trim()) ?? [text.trim()];
}

/** Words that carry meaning, in lower case. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.replace(/s$/, ""));
}

/** The beginning: news is written so that it says most. */
function takeLead({ text, sentences }: Summarised): string {
  return sentencesOf(text).slice(0, sentences).join(" ");
}

/** The sentences whose words the rest of the text uses most, in their own order. */
function takeCentral({ text, sentences }: Summarised): { summary: string; scores: Record<string, number> } {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const all = sentencesOf(text);
  const scores = all.map((sentence) => {
    const words = wordsOf(sentence);
    return words.reduce((sum, word) => sum + (counts.get(word) ?? 0) - 1, 0) / Math.max(1, words.length);
  });
  const best = new Set([...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, sentences));
  return {
    summary: all.filter((_sentence, at) => best.has(at)).join(" "),
    scores: Object.fromEntries(all.map((sentence, at) => [sentence, Math.round((scores[at] ?? 0) * 100) / 100])),
  };
}

const lead = new FnNode(takeLead, {
  name: "Lead",
  inputs: { text: article, sentences },
  outputs: { summary: gr.Textbox({ label: "Summary" }) },
});

const central = new FnNode(takeCentral, {
  name: "Central sentences",
  inputs: { text: article, sentences },
  outputs: { summary: gr.Textbox({ label: "Summary" }), scores: gr.JSON({ label: "Scores" }) },
});

const summary = choice([lead, central], { name: "Summary" });

/** How much of what the text is about the summary still speaks of, and in how many words. */
function compare({ text, summary }: { text: string; summary: string }) {
  const kept = new Set(wordsOf(summary));
  const words = new Set(wordsOf(text));
  const covered = [...words].filter((word) => kept.has(word)).length / words.size;
  const shorter = summary.split(/\s+/).length / text.split(/\s+/).length;
  return {
    marked: sentencesOf(text).map((sentence): [string, string | null] => [
      `${sentence} `,
      summary.includes(sentence) ? "kept" : null,
    ]),
    measures: `**${Math.round(covered * 100)} %** of its words in **${Math.round(shorter * 100)} %** of its length`,
  };
}

const comparison = new FnNode(compare, {
  name: "Comparison",
  inputs: { text: article, summary: summary.summary },
  outputs: { measures: gr.Markdown({ label: "Kept" }), marked: gr.HighlightedText({ label: "Where it lies" }) },
});

export default new Graph({ name: "Alternatives", nodes: [comparison] });
