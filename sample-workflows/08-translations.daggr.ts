/**
 * An app's words, translated by a service that is often busy: a node that runs once a word, four at a time, and tries again what was
 * turned away. No network, only functions.
 *
 * Run all, and see in the log of "Translate" what was tried again. Then add a line: only that one is translated. Another language is
 * another batch; go back to the first, and every word is found again.
 */
import { FnNode, Graph, gr, type FnContext } from "daggr";

const DICTIONARY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  German: {
    save: "Speichern",
    cancel: "Abbrechen",
    undo: "Rückgängig",
    open: "Öffnen",
    close: "Schließen",
    print: "Drucken",
  },
  Italian: { save: "Salva", cancel: "Annulla", undo: "Ripristina", open: "Apri", close: "Chiudi", print: "Stampa" },
};

const words = new FnNode(
  ({ lines }: { lines: string }) =>
    lines
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  {
    name: "Words",
    inputs: { lines: gr.TextArea({ label: "One a line", value: "Save\nCancel\nUndo\nOpen\nClose", lines: 6 }) },
    outputs: { list: gr.JSON({ label: "Words" }) },
  },
);

interface Job {
  readonly word: string;
  readonly language: string;
}

/** What a service in the network would be: slow, and busy one time in five. */
async function ask({ word, language }: Job, { signal }: FnContext): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  signal.throwIfAborted();
  if (Math.random() < 0.2) throw new Error("503: the service is busy, try again later.");
  return DICTIONARY[language]?.[word.toLowerCase()] ?? `(${word})`;
}

const translate = new FnNode(ask, {
  name: "Translate",
  inputs: {
    word: words.list.each,
    language: gr.Dropdown({ label: "Into", choices: ["German", "Italian"], value: "German" }),
  },
  outputs: { translation: gr.Textbox({ label: "Translation" }) },
  retries: 5,
  timeout: 10,
  maxConcurrent: 4,
});

const table = new FnNode(
  ({ list, translations }: { list: string[]; translations: string[] }) => ({
    headers: ["Word", "Translation"],
    data: translations.map((translation, at) => [list[at] ?? "", translation]),
  }),
  {
    name: "Table",
    inputs: { list: words.list, translations: translate.translation.all() },
    outputs: { rows: gr.Dataframe({ label: "Translations" }) },
  },
);

export default new Graph({ name: "Translations", nodes: [table] });
