import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "01-landscape.daggr.ts";

describe("the main path: a sample, from the file to results that stay", () => {
  const workbench = useWorkbench();

  test("its graph shows beside the code", async () => {
    const { openFile, editor, canvas, page } = workbench.now;
    await openFile(FILE);
    await editor.clickLens(FILE, "new Graph(", "Open graph", canvas.panel);
    await canvas.shown();
    await canvas.fit();
    expect((await canvas.ids()).sort()).toEqual(["greeting", "melody", "painting", "postcard", "scene"]);
    const code = await page.locator(".editor-instance .monaco-editor").first().boundingBox();
    const graph = await canvas.panel.boundingBox();
    expect(graph!.x).toBeGreaterThanOrEqual(code!.x + code!.width - 1);
    expect(await canvas.card("postcard").status.innerText()).toBe("not run");
  });

  test("a lens runs a node, with what it needs, while one watches", async () => {
    const { editor, canvas } = workbench.now;
    await canvas.watch();
    const postcard = canvas.card("postcard");
    await editor.clickLens(FILE, "const postcard = new", "▷ Run node", canvas.summary.filter({ hasText: /\w/ }));
    await postcard.becomes("fresh");
    await canvas.idle();
    const seen = await canvas.seen();
    // The greeting is written word by word.
    const whole = seen.findLast(({ node }) => node === "greeting")!.length;
    const greetings = seen.filter(({ node, tone }) => node === "greeting" && tone === "running");
    expect(greetings.map(({ length }) => length).some((length) => length > 0 && length < whole)).toBe(true);
    expect(seen.some(({ node, tone }) => node === "painting" && tone === "running")).toBe(true);
    expect(await canvas.counts()).toEqual({ scene: 0, painting: 1, greeting: 1, postcard: 1, melody: 0 });
  });

  test("the outputs are in the cards", async () => {
    const { canvas } = workbench.now;
    await canvas.find("Greeting");
    expect(await canvas.card("greeting").output("Greeting").innerText()).toContain("Dear Ada,");
    await canvas.find("Painting");
    expect(await canvas.card("painting").pictureWidth("Picture")).toBe(960);
    expect(await canvas.card("painting").output("Colours").innerText()).toContain("#");
    await canvas.find("Postcard");
    expect(await canvas.card("postcard").pictureWidth("Postcard")).toBe(1500);
    const lens = await workbench.now.editor.lensesOver(FILE, "const postcard = new");
    expect(await lens.innerText()).toMatch(/✓ /);
  });

  test("an edited input makes what depends on it stale, and says why", async () => {
    const { canvas } = workbench.now;
    await canvas.find("Scene");
    await canvas.card("scene").field("place").fill("Windhover");
    await canvas.card("painting").becomes("stale");
    expect(await canvas.card("painting").reason.innerText()).toMatch(/^Input place changed/);
    expect(await canvas.card("greeting").reason.innerText()).toMatch(/^Input place changed/);
    await canvas.card("postcard").becomes("stale");
    expect(await canvas.card("postcard").reason.innerText()).toMatch(/painting|greeting/i);
    expect(await canvas.document.getByRole("button", { name: "Run stale 3" }).isEnabled()).toBe(true);
    expect(await canvas.card("melody").status.innerText()).toBe("not run");
  });

  test("a card runs its own step again, and no other", async () => {
    const { canvas } = workbench.now;
    await canvas.find("Painting");
    await canvas.card("painting").run.click();
    await canvas.card("painting").becomes("fresh");
    await canvas.idle();
    expect(await canvas.counts()).toEqual({ scene: 0, painting: 2, greeting: 1, postcard: 1, melody: 0 });
    await canvas.card("postcard").becomes("stale");
    await canvas.card("greeting").becomes("stale");
    // The old output stays to be looked at.
    expect(await canvas.card("postcard").pictureWidth("Postcard")).toBe(1500);
  });

  test("a reloaded window shows everything where it was", async () => {
    const { canvas, reload } = workbench.now;
    await canvas.runEverything();
    const before = await whenStill();
    expect(before.counts).toEqual({ scene: 0, painting: 2, greeting: 2, postcard: 2, melody: 1 });
    await reload();
    await canvas.shown();
    await expect.poll(wholeOf, { timeout: PATIENCE }).toEqual(before);
  });

  test("so does VS Code when it was closed and is opened again", async () => {
    const { canvas, restart, processes } = workbench.now;
    const before = await whenStill();
    const old = await processes();
    expect(old.engines).toHaveLength(1);
    await restart();
    await canvas.shown();
    await expect.poll(wholeOf, { timeout: PATIENCE }).toEqual(before);
    const { engines, runners } = await processes();
    expect(engines).toHaveLength(1);
    for (const pid of [...old.engines, ...old.runners]) expect([...engines, ...runners]).not.toContain(pid);
  });

  test("there is nothing to run then, and it says so", async () => {
    const { canvas } = workbench.now;
    const before = await wholeOf();
    expect(await executionsIn(workbench.now.folder)).toBe(7);
    await canvas.runAll.click();
    await expect
      .poll(() => canvas.summary.textContent(), { timeout: PATIENCE })
      .toBe("Nothing to run: all 4 results are fresh");
    expect((await wholeOf()).counts).toEqual(before.counts);
    expect(await executionsIn(workbench.now.folder)).toBe(7);
  });

  test("a pinned result stands in for its node, until it is unpinned", async () => {
    const { canvas, editor } = workbench.now;
    const painting = canvas.card("painting");
    await canvas.find("Painting");
    await painting.root.getByRole("button", { name: "More" }).click();
    await canvas.document.getByRole("menuitem", { name: "Pin outputs" }).click();
    await painting.root.getByText("pinned", { exact: true }).waitFor();
    expect(await painting.pictureWidth("Picture")).toBe(960);
    await canvas.find("Scene");
    await canvas.card("scene").field("place").fill("Saltmarsh");
    await canvas.card("greeting").becomes("stale");
    const before = await canvas.counts();
    await canvas.runEverything();
    expect(await canvas.counts()).toEqual({ ...before, greeting: 3, postcard: 3 });

    await editor.clickLens(FILE, "const painting = new", "Unpin", painting.root.locator("[data-status].stale"));
    expect(await painting.reason.innerText()).toMatch(/^Input place changed/);
  });

  /** Cards glide to their places when others have grown: what is to be found again is how it is after that. */
  async function whenStill() {
    let last = await wholeOf();
    await expect
      .poll(
        async () => {
          const before = last;
          last = await wholeOf();
          return isDeepStrictEqual(last, before);
        },
        { timeout: PATIENCE, interval: 500 },
      )
      .toBe(true);
    return last;
  }

  /** What a person would miss if it were gone. */
  async function wholeOf() {
    const { canvas } = workbench.now;
    const places = Object.fromEntries(
      await Promise.all((await canvas.ids()).map(async (id) => [id, await canvas.card(id).place()] as const)),
    );
    return {
      counts: await canvas.counts(),
      places,
      input: await canvas.card("scene").field("place").inputValue(),
      greeting: await canvas.card("greeting").output("Greeting").innerText(),
      picture: await canvas.card("painting").pictureWidth("Picture"),
      postcard: await canvas.card("postcard").pictureWidth("Postcard"),
      fresh: await canvas.document.locator("[data-status].fresh").count(),
    };
  }
});

/** How many executions are written down in a workspace's `.daggr`. */
async function executionsIn(folder: string): Promise<number> {
  const workflows = join(folder, ".daggr", "workflows");
  const files = (await readdir(workflows, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
  const history = (await Promise.all(files.map((name) => readFile(join(workflows, name), "utf8")))).join("");
  return history.split('"status":"succeeded"').length - 1;
}
