import { escapeControls } from "../../src/model/controlCharacters.js";

/** What a program writes to colour or move about in a terminal: control sequences, titles and links, and single escapes. */
const SEQUENCES =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u001B\u009B](?:\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[[(#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~@])/g;

/** A program's output as text: no colours, of a line that was written over (a progress bar) its last state, other controls as escapes. */
export function terminalText(text: string): string {
  const plain = text.replaceAll(SEQUENCES, "").replaceAll("\r\n", "\n");
  return escapeControls(plain.replaceAll(/^.*\r(?=.)/gm, "").replaceAll("\r", ""));
}
