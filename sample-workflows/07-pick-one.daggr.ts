/**
 * Variations of a picture, of which you choose one: the run waits until you have. No network, only functions.
 *
 * Run all, pick a picture on the card, and see it framed. The choice is kept: run again, and nobody is asked, until the pictures are
 * others. From a terminal, which asks there: `daggr run 07-pick-one.daggr.ts`, or `--answer favourite=2` for an answer beforehand.
 */
import { writeFile } from "node:fs/promises";
import { ChooseOneNode, FnNode, Graph, gr, type FnContext } from "daggr";
import { encodePng, type Colour } from "./landscape/png";
import { randomFrom } from "./landscape/skyline";

const SIZE = 320;

interface Pattern {
  readonly seed: string;
  readonly rings: number;
}

const seeds = new FnNode(
  ({ word, count }: { word: string; count: number }) => Array.from({ length: count }, (_, at) => `${word} ${at + 1}`),
  {
    name: "Seeds",
    inputs: {
      word: gr.Textbox({ label: "Word", value: "pond" }),
      count: gr.Slider({ label: "Variations", minimum: 2, maximum: 12, step: 1, value: 6 }),
    },
    outputs: { seeds: gr.JSON({ label: "Seeds" }) },
  },
);

/** How bright a place is where drops have fallen into water: rings that meet. */
function waterOf({ seed, rings }: Pattern): (x: number, y: number) => number {
  const random = randomFrom(seed);
  const drops = Array.from({ length: rings }, () => ({
    x: random() * SIZE,
    y: random() * SIZE,
    width: 6 + random() * 12,
  }));
  return (x, y) =>
    drops.reduce((sum, drop) => sum + Math.cos(Math.hypot(x - drop.x, y - drop.y) / drop.width), 0) / rings;
}

async function paint(pattern: Pattern, { outputFile }: FnContext): Promise<string> {
  const random = randomFrom(`${pattern.seed} colours`);
  const [dark, light]: [Colour, Colour] = [
    [20 + random() * 60, 30 + random() * 60, 60 + random() * 90],
    [170 + random() * 80, 160 + random() * 90, 150 + random() * 90],
  ];
  const water = waterOf(pattern);
  const file = outputFile("variation.png");
  const picture = encodePng(SIZE, SIZE, (x, y) => {
    const share = 0.5 + water(x, y) / 2;
    return [0, 1, 2].map((at) =>
      Math.round((dark[at] ?? 0) * (1 - share) + (light[at] ?? 0) * share),
    ) as unknown as Colour;
  });
  await writeFile(file, picture);
  return file;
}

const variations = new FnNode(paint, {
  name: "Variations",
  inputs: {
    seed: seeds.seeds.each,
    rings: gr.Slider({ label: "Drops", minimum: 1, maximum: 8, step: 1, value: 3 }),
  },
  outputs: { picture: gr.Image({ label: "Variation" }) },
  concurrent: true,
});

const favourite = new ChooseOneNode({ name: "Favourite", inputs: { options: variations.picture.all() } });

const label = new FnNode(
  ({ picture, title }: { picture: string; title: string }) => ({ picture, title: `**${title}**, on paper` }),
  {
    name: "Label",
    inputs: { picture: favourite.chosen, title: gr.Textbox({ label: "Title", value: "Drops in a pond" }) },
    outputs: { picture: gr.Image({ label: "Picture" }), title: gr.Markdown({ label: "Title" }) },
  },
);

export default new Graph({ name: "Pick one", nodes: [label] });
