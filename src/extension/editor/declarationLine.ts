/**
 * Where a declaration is in a text that does not parse at the moment, so that what hangs on it does not jump about:
 * a line that declares the same name.
 */
export function declarationLine(text: string, name: string): number | undefined {
  const found = new RegExp(String.raw`^[ \t]*(?:export[ \t]+)?(?:const|let|var)[ \t]+${escaped(name)}\b`, "m").exec(
    text,
  );
  return found === null ? undefined : text.slice(0, found.index).split("\n").length - 1;
}

function escaped(name: string): string {
  return name.replace(/[$]/g, String.raw`\$`);
}
