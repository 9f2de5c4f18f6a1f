/**
 * A postcard from nowhere: no network, no keys, only functions.
 *
 * Type another word, press Run on a card, and see which other cards it concerns: a new word repaints everything, a new
 * tempo only plays the melody again.
 */
import { readFile, writeFile } from "node:fs/promises";
import { FnNode, Graph, InputNode, gr, type FnContext } from "daggr";
import { encodePng, type Colour } from "./landscape/png";
import { randomFrom, ridge } from "./landscape/skyline";
import { encodeWav } from "./landscape/wav";

const WIDTH = 960;
const HEIGHT = 600;

type Hour = "dawn" | "noon" | "dusk" | "night";

const skies: Record<Hour, { top: Colour; horizon: Colour; ground: Colour; sun: Colour }> = {
  dawn: { top: [74, 92, 150], horizon: [255, 196, 160], ground: [44, 58, 84], sun: [255, 236, 200] },
  noon: { top: [58, 134, 216], horizon: [196, 226, 246], ground: [40, 92, 72], sun: [255, 250, 220] },
  dusk: { top: [60, 40, 98], horizon: [255, 138, 92], ground: [40, 26, 58], sun: [255, 214, 130] },
  night: { top: [8, 12, 36], horizon: [44, 62, 110], ground: [8, 14, 28], sun: [232, 236, 248] },
};

const scene = new InputNode({
  name: "Scene",
  ports: {
    place: gr.Textbox({ label: "Place", value: "Evermoor", info: "Any word: the hills grow from its letters." }),
    hour: gr.Radio({ label: "Hour", choices: ["dawn", "noon", "dusk", "night"], value: "dusk" }),
    ridges: gr.Slider({ label: "Ridges", minimum: 2, maximum: 8, step: 1, value: 5 }),
  },
});

function mix(from: Colour, to: Colour, share: number): Colour {
  const blend = (a: number, b: number): number => Math.round(a + (b - a) * share);
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

/** Paints hills, one ridge behind the other, under the sky of that hour. */
async function paintHills(
  { place, hour, ridges }: { place: string; hour: string; ridges: number },
  { outputFile, progress }: FnContext,
): Promise<{ picture: string; skyline: number[]; colours: string[] }> {
  const random = randomFrom(place);
  const sky = skies[hour as Hour];
  const sun = { x: WIDTH * (0.2 + 0.6 * random()), y: HEIGHT * (0.18 + 0.22 * random()), radius: 34 };
  const layers = Array.from({ length: ridges }, (_, layer) => {
    progress(layer / ridges, `ridge ${layer + 1} of ${ridges}`);
    const depth = (layer + 1) / ridges;
    const heights = ridge(random, WIDTH, 0.45 + 0.15 * depth);
    const base = HEIGHT * (0.42 + 0.42 * depth);
    return {
      tops: heights.map((height) => base - height * HEIGHT * 0.26 * (1.1 - 0.5 * depth)),
      colour: mix(sky.horizon, sky.ground, 0.25 + 0.75 * depth),
    };
  });

  const picture = outputFile(`${place || "nowhere"}.png`);
  const image = encodePng(WIDTH, HEIGHT, (x, y) => {
    const front = layers.findLast(({ tops }) => y > (tops[x] ?? HEIGHT));
    if (front) return front.colour;
    const distance = Math.hypot(x - sun.x, y - sun.y);
    const air = mix(sky.top, sky.horizon, Math.min(1, y / (HEIGHT * 0.7)));
    if (distance < sun.radius) return sky.sun;
    return mix(sky.sun, air, Math.min(1, 0.55 + (distance - sun.radius) / 320));
  });
  await writeFile(picture, image);

  const nearest = layers.at(-1)?.tops ?? [];
  const skyline = Array.from({ length: 48 }, (_, step) => 1 - (nearest[Math.floor((step * WIDTH) / 48)] ?? 0) / HEIGHT);
  const colours = [sky.sun, sky.top, sky.horizon, ...layers.map(({ colour }) => colour)].map(
    (colour) => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`,
  );
  return { picture, skyline, colours };
}

const painting = new FnNode(paintHills, {
  name: "Painting",
  inputs: { place: scene.place, hour: scene.hour, ridges: scene.ridges },
  outputs: {
    picture: gr.Image({ label: "Picture" }),
    colours: gr.JSON({ label: "Colours" }),
    skyline: null, // wired to the melody, not shown
  },
});

/** Walks along the skyline and plays a note of the pentatonic scale for every step: the higher the hill, the higher the note. */
async function playSkyline(
  { skyline, tempo }: { skyline: number[]; tempo: number },
  { outputFile, log }: FnContext,
): Promise<string> {
  const scale = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24];
  const lowest = Math.min(...skyline);
  const span = Math.max(...skyline) - lowest || 1;
  const notes = skyline.map((height) => {
    const step = scale[Math.round(((height - lowest) / span) * (scale.length - 1))] ?? 0;
    return { pitch: 220 * 2 ** (step / 12), seconds: 30 / tempo };
  });
  log(`${notes.length} notes at ${tempo} beats a minute`);
  const file = outputFile("skyline.wav");
  await writeFile(file, encodeWav(notes));
  return file;
}

const melody = new FnNode(playSkyline, {
  name: "Melody",
  inputs: {
    skyline: painting.skyline,
    tempo: gr.Slider({ label: "Tempo", minimum: 60, maximum: 240, step: 10, value: 140 }),
  },
  outputs: { tune: gr.Audio({ label: "Tune of the skyline" }) },
});

/** Writes a few lines, word by word, the way a language model would. */
async function* writeGreeting({
  place,
  hour,
  to,
}: {
  place: string;
  hour: string;
  to: string;
}): AsyncGenerator<string> {
  const random = randomFrom(place + hour);
  const pick = (choices: readonly string[]): string => choices[Math.floor(random() * choices.length)] ?? "";
  const text =
    `**Dear ${to},**\n\nit is ${hour} in *${place}*, and the hills are ${pick(["humming", "asleep", "on their best behaviour", "further away than they look"])}. ` +
    `I had ${pick(["soup", "two kinds of bread", "a pear", "tea with strangers"])} and thought of you ${pick(["twice", "all afternoon", "at once"])}.\n\n— yours, from over the ${pick(["third", "nearest", "bluest"])} ridge`;
  let written = "";
  for (const word of text.split(/(?<= )/)) {
    written += word;
    yield written;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const greeting = new FnNode(writeGreeting, {
  name: "Greeting",
  inputs: { place: scene.place, hour: scene.hour, to: gr.Textbox({ label: "To", value: "Ada" }) },
  outputs: { text: gr.Markdown({ label: "Greeting" }) },
});

/** Prints the picture and the greeting side by side, as a postcard. */
async function printPostcard(
  { picture, text, colours }: { picture: string; text: string; colours: string[] },
  { outputFile }: FnContext,
): Promise<string> {
  const image = (await readFile(picture)).toString("base64");
  const plain = text.replaceAll("*", "").replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const lines = plain.split("\n").flatMap((paragraph) => wrap(paragraph, 38));
  const words = lines
    .map(
      (line, row) => `<text x="1000" y="${120 + row * 34}" font-family="Georgia, serif" font-size="23">${line}</text>`,
    )
    .join("");
  const stripes = colours
    .map((colour, index) => `<rect x="${1000 + index * 36}" y="520" width="30" height="30" rx="4" fill="${colour}"/>`)
    .join("");
  const file = outputFile("postcard.svg");
  await writeFile(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1500 640" width="1500" height="640">` +
      `<rect width="1500" height="640" rx="16" fill="#fbf6ea"/>` +
      `<image x="20" y="20" width="940" height="600" preserveAspectRatio="xMidYMid slice" href="data:image/png;base64,${image}"/>` +
      `<g fill="#3a3430">${words}</g>${stripes}</svg>`,
  );
  return file;
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

const postcard = new FnNode(printPostcard, {
  name: "Postcard",
  inputs: { picture: painting.picture, text: greeting.text, colours: painting.colours },
  outputs: { card: gr.Image({ label: "Postcard" }) },
});

export default new Graph({ name: "A postcard from nowhere", nodes: [postcard, melody] });
