import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import latex from "highlight.js/lib/languages/latex";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

/** By Gradio's names of languages; highlight.js's own aliases (`ts`, `sh`, …) come with each. */
const LANGUAGES = {
  bash,
  c,
  cpp,
  css,
  dockerfile,
  go,
  java,
  javascript,
  json,
  latex,
  markdown,
  python,
  r,
  rust,
  sql,
  typescript,
  yaml,
  html: xml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(["shell"], { languageName: "bash" });

/** Longer text isn't worth the time it takes. */
const HIGHLIGHTED = 200_000;

/** HTML with every special character of `code` escaped, and marks where the language is known. */
export function highlighted(code: string, language: string): string {
  const known = hljs.getLanguage(language) && code.length <= HIGHLIGHTED;
  if (known) return hljs.highlight(code, { language, ignoreIllegals: true }).value;
  return code.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;" })[character] ?? "&gt;");
}
