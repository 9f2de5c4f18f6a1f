import type { WithValue } from "./options.js";

export interface TextboxOptions extends WithValue<string> {
  readonly placeholder?: string;
  /** Rows shown at first. Default 1. */
  readonly lines?: number;
  /** Rows it may grow to. */
  readonly maxLines?: number;
  /** Characters. */
  readonly maxLength?: number;
  readonly type?: "text" | "password" | "email";
  readonly textAlign?: "left" | "right";
  readonly rtl?: boolean;
  readonly autofocus?: boolean;
  readonly autoscroll?: boolean;
  readonly showCopyButton?: boolean;
}

export interface CodeOptions extends WithValue<string> {
  readonly language?: CodeLanguage | null;
  readonly lines?: number;
  readonly maxLines?: number;
  readonly wrapLines?: boolean;
  readonly showLineNumbers?: boolean;
}

export type CodeLanguage =
  | "python"
  | "c"
  | "cpp"
  | "markdown"
  | "latex"
  | "json"
  | "html"
  | "css"
  | "javascript"
  | "jinja2"
  | "typescript"
  | "yaml"
  | "dockerfile"
  | "shell"
  | "r"
  | "sql"
  | `sql-${string}`;

export interface MarkdownOptions extends WithValue<string> {
  readonly height?: number | string;
  readonly maxHeight?: number | string;
  readonly minHeight?: number | string;
  readonly rtl?: boolean;
  readonly lineBreaks?: boolean;
  readonly headerLinks?: boolean;
  readonly sanitizeHtml?: boolean;
  readonly latexDelimiters?: readonly { readonly left: string; readonly right: string; readonly display: boolean }[];
  readonly showCopyButton?: boolean;
}

export interface HtmlOptions extends WithValue<string> {
  readonly maxHeight?: number | string;
  readonly minHeight?: number | string;
  readonly padding?: boolean;
}

export interface HighlightedTextOptions extends WithValue<HighlightedInput> {
  readonly colorMap?: Readonly<Record<string, string>>;
  readonly showLegend?: boolean;
  readonly showInlineCategory?: boolean;
  readonly combineAdjacent?: boolean;
  readonly adjacentSeparator?: string;
  readonly rtl?: boolean;
}

/** Stretches of text, each with its category or score; `null`: not highlighted. */
export type HighlightedSpans = [text: string, category: string | number | null][];

/** What is shown as such: also spans as TypeScript types a literal that a function returns, `[["a", null], ["b", "X"]]`. */
export type HighlightedInput = readonly (readonly (string | number | null)[])[] | EntityText;

/** A text with entities, as token classifiers give it. */
export interface EntityText {
  readonly text: string;
  readonly entities: readonly { readonly entity: string; readonly start: number; readonly end: number }[];
}

export interface DialogueOptions extends WithValue<readonly DialogueLine[] | string> {
  readonly speakers?: readonly string[] | null;
  readonly tags?: readonly string[] | null;
  readonly separator?: string;
  readonly colorMap?: Readonly<Record<string, string>>;
  readonly placeholder?: string;
  readonly autofocus?: boolean;
  readonly autoscroll?: boolean;
  readonly maxLines?: number;
  readonly uiMode?: "dialogue" | "text" | "both";
  readonly showCopyButton?: boolean;
}

export interface DialogueLine {
  readonly speaker: string;
  readonly text: string;
}

export interface ChatbotOptions extends WithValue<readonly ChatMessage[]> {
  readonly type?: "messages" | "tuples";
  readonly height?: number | string;
  readonly maxHeight?: number | string;
  readonly minHeight?: number | string;
  readonly layout?: "panel" | "bubble";
  readonly placeholder?: string;
  readonly avatarImages?: readonly [user: string | null, assistant: string | null];
  readonly renderMarkdown?: boolean;
  readonly lineBreaks?: boolean;
  readonly sanitizeHtml?: boolean;
  readonly rtl?: boolean;
  readonly autoscroll?: boolean;
  readonly showCopyButton?: boolean;
  readonly showCopyAllButton?: boolean;
}

export interface ChatMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: string;
}

/** What is shown as a chat: messages of any role, or pairs of what the user and the assistant said. */
export type ChatInput =
  readonly { readonly role: string; readonly content: string }[] | readonly (readonly (string | null)[])[];
