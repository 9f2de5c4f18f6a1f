/**
 * A script that two voices play: a node that runs once a line, and one that puts the lines together. No network, only functions.
 *
 * Run all, then edit a line on the card of the script: only that line is played again. A voice that is out of range fails for its own
 * lines alone; turn it down and press "Retry failed".
 */
import { readFile, writeFile } from "node:fs/promises";
import { FnNode, Graph, gr, itemList, type FnContext } from "daggr";
import { randomFrom } from "./landscape/skyline";
import { encodeWav, type Note } from "./landscape/wav";

interface Line {
  readonly speaker: string;
  readonly text: string;
}

/** Questions and answers about a topic, by turns. */
function write({ topic, turns }: { topic: string; turns: number }): Line[] {
  const asks = ["Why do people love", "What is the secret of", "Who first thought of", "Where would you look for"];
  const tells = [
    "It begins with patience.",
    "Nobody really knows.",
    "Ask me again in spring.",
    "Mostly luck, and some rain.",
  ];
  const first = Math.floor(randomFrom(topic)() * asks.length);
  return Array.from({ length: turns }, (_, turn): Line[] => {
    const at = (first + turn) % asks.length;
    const last = turn === turns - 1;
    return [
      { speaker: "host", text: `${asks[at] ?? ""} ${topic}?` },
      { speaker: "guest", text: last ? `That is all I know about ${topic}.` : (tells[at] ?? "") },
    ];
  }).flat();
}

const script = new FnNode(write, {
  name: "Script",
  inputs: {
    topic: gr.Textbox({ label: "Topic", value: "bees" }),
    turns: gr.Slider({ label: "Turns", minimum: 1, maximum: 8, step: 1, value: 3 }),
  },
  outputs: {
    lines: itemList({
      speaker: gr.Dropdown({ label: "Speaker", choices: ["host", "guest"] }),
      text: gr.Textbox({ label: "Text" }),
    }),
  },
});

interface Spoken extends Line {
  readonly host: number;
  readonly guest: number;
}

/** A note a syllable, as a music box would say it; a question goes up at the end. */
async function speak({ speaker, text, host, guest }: Spoken, { outputFile }: FnContext): Promise<string> {
  const pitch = speaker === "host" ? host : guest;
  if (pitch > 600) throw new Error(`The ${speaker}'s voice can't go as high as ${pitch} Hz.`);
  const syllables = text.match(/[aeiouy]+/gi) ?? [];
  const notes = syllables.map((syllable, at): Note => {
    const last = at === syllables.length - 1;
    const step = last ? (text.endsWith("?") ? 5 : -3) : (syllable.toLowerCase().codePointAt(0) ?? 0) % 4;
    return { pitch: pitch * 2 ** (step / 12), seconds: last ? 0.35 : 0.16 };
  });
  const file = outputFile(`${speaker}.wav`);
  await writeFile(file, encodeWav(notes));
  return file;
}

const speech = new FnNode(speak, {
  name: "Speech",
  inputs: {
    speaker: script.lines.speaker,
    text: script.lines.text,
    host: gr.Slider({ label: "Host's pitch in Hz", minimum: 100, maximum: 800, step: 10, value: 320 }),
    guest: gr.Slider({ label: "Guest's pitch in Hz", minimum: 100, maximum: 800, step: 10, value: 220 }),
  },
  outputs: { audio: gr.Audio({ label: "Line" }) },
});

/** The lines one after the other. Their headers are all alike: 44 bytes, then samples. */
async function join({ clips }: { clips: string[] }, { outputFile }: FnContext): Promise<string> {
  const files = await Promise.all(clips.map((clip) => readFile(clip)));
  const samples = Buffer.concat(files.map((file) => file.subarray(44)));
  const header = Buffer.from((files[0] ?? Buffer.alloc(44)).subarray(0, 44));
  header.writeUInt32LE(36 + samples.length, 4);
  header.writeUInt32LE(samples.length, 40);
  const file = outputFile("dialogue.wav");
  await writeFile(file, Buffer.concat([header, samples]));
  return file;
}

const dialogue = new FnNode(join, {
  name: "Dialogue",
  inputs: { clips: speech.audio.all() },
  outputs: { audio: gr.Audio({ label: "Dialogue" }) },
});

export default new Graph({ name: "Dialogue", nodes: [dialogue] });
