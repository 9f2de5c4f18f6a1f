/**
 * Characters that make a screen do something instead of showing it: controls, line breaks of Unicode's own, and what turns the
 * direction of the text that follows. Tabs and line feeds are not among them.
 */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/** Shows control characters as escapes (`\x07`, `\u202e`), so that nobody's text passes for somebody else's. */
export function escapeControls(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(CONTROLS, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}
