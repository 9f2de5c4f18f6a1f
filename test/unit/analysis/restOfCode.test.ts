import { describe, expect, it } from "vitest";
import { dataFiles } from "../../../src/model/graph.js";
import { Sources } from "./sources.js";

const MAIN = `import { FnNode, Graph, gr } from "daggr";
import { paint } from "./paint.js";

const styles = ["ink", "oil"];
const shared = gr.Textbox({ label: "Text" });
const text = new FnNode(({ text }: { text: string }) => text, { name: "Text", inputs: { text: shared } });
const paintings = styles.map((style) => new FnNode(() => paint(style), { inputs: { text: text.output } }));

export default new Graph({ name: "Paintings", nodes: [text, ...paintings] });
`;
const PAINT = `import { readFileSync } from "node:fs";
const size = 1;
export const unused = 1;
export const paint = (style: string) => style + size + readFileSync(new URL("./brush.txt", import.meta.url));
`;

function rest(main = MAIN, paint = PAINT, brush = "soft") {
  const sources = new Sources({ "main.daggr.ts": main, "paint.ts": paint, "brush.txt": brush });
  return sources.analysis.analyse().graph;
}

describe("what stands in for code that text doesn't tell", () => {
  const before = rest()?.rest?.digest;

  it("is there only where it is needed", () => {
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(rest(MAIN.replace(", ...paintings", ""))?.rest).toBeUndefined();
  });

  it.each([
    ["comments and layout", `// a comment\n${MAIN.replaceAll("\n", "\n\n")}`, `/* another */ ${PAINT}`],
    ["another node's name", MAIN.replace(`name: "Text"`, `name: "Words"`), PAINT],
    ["another node's function", MAIN.replace("=> text,", "=> text + 1,"), PAINT],
    ["a node's control", MAIN.replace(`{ label: "Text" }`, `{ label: "Words" }`), PAINT],
    [
      "one more node",
      MAIN.replace("const paintings", "const more = new FnNode(() => 1);\nconst paintings").replace(
        "[text,",
        "[more, text,",
      ),
      PAINT,
    ],
    ["an import", MAIN.replace("{ paint }", "{ paint, unused }"), PAINT],
    ["a type", `type Style = string;\n${MAIN.replace("(style)", "(style: Style)")}`, PAINT],
  ])("stays for %s", (_what, main, paint) => {
    expect(rest(main, paint)?.rest?.digest).toBe(before);
  });

  it.each([
    ["what makes the nodes", MAIN.replace("paint(style)", "paint(style + 1)"), PAINT, "soft"],
    ["what that reaches", MAIN, PAINT.replace("size = 1", "size = 2"), "soft"],
    ["any other declaration", MAIN, PAINT.replace("unused = 1", "unused = 2"), "soft"],
    ["a file that it reads", MAIN, PAINT, "hard"],
  ])("changes with %s", (_what, main, paint, brush) => {
    expect(rest(main, paint, brush)?.rest?.digest).not.toBe(before);
  });

  it("is followed with the files that it covers", () => {
    const graph = rest();
    expect(graph?.rest?.modules).toEqual(["/flow/main.daggr.ts", "/flow/paint.ts"]);
    expect(graph && dataFiles(graph)).toEqual(["/flow/brush.txt"]);
  });

  it("covers a node whose own code isn't known, with all that its declaration says", () => {
    const own = (body: string) =>
      rest(
        MAIN.replace(`./paint.js"`, `#paint"`)
          .replace("=> text,", `=> paint(text + ${body}),`)
          .replace(", ...paintings", ""),
      )?.rest?.digest;
    expect(own("1")).toMatch(/^[0-9a-f]{64}$/);
    expect(own("1")).not.toBe(own("2"));
  });
});
