const hidden = "hf_•••";

/** The text without the token, and without anything else that looks like one or like a password in an address. */
export function redact(text: string, token: string | null): string {
  const own = token !== null && token.length >= 4 ? text.replaceAll(token, hidden) : text;
  // Most texts hold neither: one look before two replacements.
  if (!/hf_|:\/\//.test(own)) return own;
  return own
    .replace(/\bhf_[A-Za-z0-9]{20,}\b/g, hidden)
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@:]*:[^\s/?#]*@/gi, "$1•••@");
}
