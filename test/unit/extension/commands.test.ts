import { describe, expect, it } from "vitest";
import { mayOpen } from "../../../src/extension/canvas/externalAddress.js";
import { canvasPage } from "../../../src/extension/canvas/page.js";
import { tokenProblem } from "../../../src/extension/commands/token.js";
import { baseName, nameProblem } from "../../../src/extension/commands/workflowTemplate.js";
import { isInside, storeFolder, topFolder } from "../../../src/extension/workflowFile.js";

describe("a Hugging Face token", () => {
  it.each(["", "  ", "api_abcdefgh", "hf_", "hf_with space12", "sk-abcdefghijk"])("is refused: %j", (text) => {
    expect(tokenProblem(text)).not.toBeNull();
  });

  it("is taken with blanks around it", () => {
    expect(tokenProblem(" hf_abcdefghIJKL1234 \n")).toBeNull();
  });
});

describe("the name of a new workflow", () => {
  it("may be given with or without the ending", () => {
    expect([baseName(" cats "), baseName("cats.daggr.ts"), baseName("cats.ts")]).toEqual(["cats", "cats", "cats"]);
  });

  it("is refused when it is empty, taken, or would leave the folder", () => {
    const taken = (name: string): boolean => name === "cats.daggr.ts";
    expect(nameProblem("dogs", taken)).toBeNull();
    for (const name of ["", ".daggr.ts", "cats", "../cats2", "a/b", "a\\b", "-x"])
      expect(nameProblem(name, taken), name).not.toBeNull();
  });
});

describe("the canvas page", () => {
  const page = canvasPage({
    nonce: "n0nce",
    cspSource: "https://host.example",
    worker: "https://host.example/elk-worker.js",
    start: "https://host.example/start.js",
    script: "https://host.example/canvas.js",
    shared: "https://host.example/shared.js",
    style: "https://host.example/canvas.css",
    file: '/w/"quoted" & <odd>.daggr.ts',
    title: "<script>alert(1)</script>",
    view: null,
  });
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;

  it("lets only its own script run", () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-n0nce' https://host.example;");
    expect(policy).not.toContain("unsafe-eval");
    const scripts = [...page.matchAll(/<script[^>]*>(.)/g)];
    expect(scripts.map(([tag]) => /src="([^"]*)"/.exec(tag)?.[1])).toEqual([
      "https://host.example/start.js",
      "https://host.example/canvas.js",
    ]);
    for (const [tag, within] of scripts) {
      expect(tag).toContain('nonce="n0nce"');
      // None has text of its own.
      expect(within).toBe("<");
    }
  });

  it("escapes what comes from file names", () => {
    expect(page).toContain('data-file="/w/&quot;quoted&quot; &amp; &lt;odd&gt;.daggr.ts"');
  });
});

describe("addresses that a canvas may open", () => {
  it.each(["https://huggingface.co/x", "http://127.0.0.1:7860/", "http://localhost:7860"])("%s", (address) => {
    expect(mayOpen(address)).toBe(true);
  });

  it.each(["http://example.com", "file:///etc/passwd", "command:daggr.runAll", "vscode://x/y", "nonsense"])(
    "not %s",
    (address) => expect(mayOpen(address)).toBe(false),
  );
});

describe("the store's folder", () => {
  it("lies in the nearest root, or else beside the file", () => {
    expect(storeFolder("/a/b/c/x.daggr.ts", ["/a", "/a/b", "/z"])).toBe("/a/b/.daggr");
    expect(storeFolder("/q/x.daggr.ts", ["/a"])).toBe("/q/.daggr");
  });

  it("is all that is opened of the temporary folder", () => {
    expect(topFolder("/tmp/daggr-x1/views/ab/a.png", "/tmp")).toBe("/tmp/daggr-x1");
    expect(topFolder("/var/q/a.png", "/tmp")).toBe("/var/q");
  });

  it("is not fooled by a folder whose name goes on", () => {
    expect(isInside("/a/bc/x", "/a/b")).toBe(false);
    expect(isInside("/a/b", "/a/b")).toBe(true);
  });
});
