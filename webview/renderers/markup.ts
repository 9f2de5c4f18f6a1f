import DOMPurify from "dompurify";
import { Marked } from "marked";

/** What HTML from a value may never hold: styles could cover the panel, forms and frames could ask for things. */
const RULES = {
  FORBID_TAGS: [
    "style",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "iframe",
    "object",
    "embed",
    "base",
    "link",
    "meta",
  ],
  FORBID_ATTR: ["style", "id", "name", "class", "srcset", "action", "formaction", "autoplay"],
  ALLOW_DATA_ATTR: false,
};

const markdown = new Marked({ gfm: true, breaks: true, async: false });

// Pictures only from the value itself: anything else would be asked for from wherever the panel happens to live.
DOMPurify.addHook("afterSanitizeAttributes", (element) => {
  const source = element.getAttribute("src");
  if (source !== null && !/^data:(image|audio|video)\//i.test(source)) element.remove();
});

/** HTML that is safe to put into the page. */
export function sanitised(html: string): string {
  return DOMPurify.sanitize(html, RULES);
}

export function renderedMarkdown(text: string): string {
  return sanitised(markdown.parse(text, { async: false }));
}
