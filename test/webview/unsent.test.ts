import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import type { CanvasView } from "../../src/model/canvasView.js";
import { FN, fresh, gr, graph, node, wire, workflow } from "./graphs.js";
import { laidOut, startHarness, visit, type Harness } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Runs in the page. */
function isFocused(element: unknown): boolean {
  return (element as { matches(selector: string): boolean }).matches(":focus");
}

/** `seed` (an input node) and `terrain` feed `render`; `other` stands alone. */
function terrain(): WorkflowState {
  const seed = node(
    "seed",
    { kind: "input" },
    {},
    { number: gr("Number", { label: "Seed", maximum: 100 }, 1), look: gr("ColorPicker", { label: "Look" }, "#00ff00") },
  );
  const ridges = node(
    "terrain",
    FN("terrain"),
    { ridges: gr("Number", { label: "Ridges", maximum: 8 }, 3), shape: gr("JSON", { label: "Shape" }, { a: 1 }) },
    { output: gr("Textbox", { label: "Terrain" }) },
  );
  const render = node("render", FN("render"), { seed: "edge", ground: "edge" }, { output: gr("Textbox") });
  const other = node("other", FN("other"), { photo: gr("Image", { label: "Photo" }) }, { output: gr("Textbox") });
  const edges = [wire("seed.number -> render.seed"), wire("terrain.output -> render.ground")];
  const stale = { freshness: { kind: "stale" as const, reason: "input `seed` changed" } };
  return workflow(graph([seed, ridges, render, other], edges), {
    terrain: fresh({ output: "three ridges" }),
    render: fresh({ output: "a picture" }, stale),
  });
}

const field = (card: Locator, name: string): Locator => card.getByRole("textbox", { name, exact: true });

describe("the host", () => {
  it("is told which controls hold what cannot be sent, after every snapshot and change", async () => {
    await visit(harness, terrain(), async ({ card, page, host }) => {
      const told = () => host.callsTo("unsent").at(-1)?.args[0];
      await eventually(() => expect(told()).toEqual({}));
      const ridges = field(card("terrain"), "Ridges");
      await ridges.fill("99");
      await eventually(() => expect(told()).toEqual({ "terrain.ridges": "The most is 8." }));
      await ridges.fill("x");
      await eventually(() => expect(told()).toEqual({ "terrain.ridges": "“x” is not a number." }));
      // What a page that comes back finds saved counts as well.
      await page.waitForTimeout(300);
      await page.reload();
      await laidOut(page);
      const after = host.callsTo("unsent").length;
      await eventually(() => expect(told()).toEqual({ "terrain.ridges": "“x” is not a number." }));
      expect(after).toBeGreaterThan(0);
      await card("terrain")
        .getByRole("button", { name: /^Discard/ })
        .click();
      await eventually(() => expect(told()).toEqual({}));
    });
  });

  it("keeps how cards are arranged, for a panel that is opened anew, and nothing that was typed", async () => {
    let kept: CanvasView | null = null;
    await visit(harness, terrain(), async ({ card, host, page }) => {
      await field(card("terrain"), "Ridges").fill("99 secrets");
      await card("other").getByRole("button", { name: "More" }).click();
      await card("other").getByRole("menuitem", { name: "Collapse" }).click();
      const header = (await card("seed").locator(".card-header").boundingBox())!;
      await page.mouse.move(header.x + 200, header.y + 10);
      await page.mouse.down();
      await page.mouse.move(header.x + 260, header.y + 70, { steps: 4 });
      await page.mouse.up();
      await eventually(() => {
        kept = host.callsTo("keepView").at(-1)?.args[0] as CanvasView; // the protocol's one argument
        expect(kept).toMatchObject({ collapsed: ["other"], cards: { seed: { moved: true } } });
      });
      expect(JSON.stringify(kept)).not.toContain("secrets");
    });
    const { viewport, cards } = kept!;
    await visit(
      harness,
      terrain(),
      async ({ card, host }) => {
        expect(await card("other").getByRole("button", { name: "Expand" }).count()).toBe(1);
        const place = (await card("seed").getAttribute("style")) ?? "";
        expect(Number(/translate\((-?[\d.]+)px/.exec(place)![1])).toBeCloseTo(cards.seed!.x, 2);
        await card("other").getByRole("button", { name: "Expand" }).click();
        await eventually(() => expect(host.callsTo("keepView").at(-1)?.args[0]).toMatchObject({ viewport }));
      },
      { view: kept! },
    );
  });

  it("may have a control shown, on a collapsed card too", async () => {
    await visit(harness, terrain(), async ({ card, host }) => {
      await card("terrain").getByRole("button", { name: "More" }).click();
      await card("terrain").getByRole("menuitem", { name: "Collapse" }).click();
      const ridges = field(card("terrain"), "Ridges");
      await ridges.waitFor({ state: "detached" });
      host.showControl("terrain", "terrain.ridges");
      await eventually(async () => expect(await ridges.evaluate(isFocused)).toBe(true));
    });
  });
});

describe("a run", () => {
  it("is refused, in every way to ask for it, while a field that it reads holds what cannot be sent", async () => {
    await visit(harness, terrain(), async ({ card, page, host }) => {
      const ridges = field(card("terrain"), "Ridges");
      await ridges.fill("99");
      await card("terrain").getByRole("button", { name: "Run", exact: true }).click();
      await card("terrain").getByText("Not run. Ridges: The most is 8. Correct it or discard it, then run.").waitFor();
      await eventually(async () => expect(await ridges.evaluate(isFocused)).toBe(true));

      await page.getByRole("button", { name: "Run all" }).click();
      await page.locator(".banner").getByText("terrain · Ridges: The most is 8.").waitFor();
      await page.getByRole("button", { name: "Run stale" }).click();
      await page.getByRole("button", { name: "More" }).first().click();
      await page.getByRole("menuitem", { name: /^Rerun all/ }).click();
      await card("render").getByRole("button", { name: "Update" }).click();
      await card("render").getByText("Not run. terrain · Ridges: The most is 8.").waitFor();
      for (const way of ["Run node", "Rerun node", "Run to here", "Run downstream"]) {
        await card("terrain").getByRole("button", { name: "Ways to run" }).click();
        await page.getByRole("menuitem", { name: new RegExp(`^${way}`) }).click();
      }
      await card("terrain").focus();
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.waitForTimeout(400);
      expect(host.callsTo("run")).toEqual([]);

      // What it does not read is none of its business.
      await card("other").getByRole("button", { name: "Run", exact: true }).click();
      await eventually(() => expect(host.callsTo("run")).toHaveLength(1));

      await ridges.fill("7");
      await eventually(async () => expect(await page.getByText("Not run.").count()).toBe(0));
      await card("terrain").getByRole("button", { name: "Run", exact: true }).click();
      await eventually(() => expect(host.callsTo("run")).toHaveLength(2));
      expect(host.callsTo("setInput").map(({ args }) => args)).toEqual([["terrain.ridges", 7]]);
    });
  });

  it("is refused for half of a JSON text, a colour that is none, and a file that was not taken", async () => {
    await visit(harness, terrain(), async ({ card, page, host }) => {
      const run = (id: string): Promise<void> =>
        card(id).getByRole("button", { name: "Run", exact: true }).click({ timeout: 5000 });
      await field(card("terrain"), "Shape").fill('{"a": ');
      await run("terrain");
      await card("terrain")
        .getByText(/^Not run\. Shape: Not JSON/)
        .waitFor();
      await field(card("seed"), "Look, as text").fill("grue");
      await run("render");
      await card("render").getByText("Not run. seed · Look: “grue” is not a colour.").waitFor();
      await card("other")
        .locator("input[type=file]")
        .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
      await card("other").getByText("notes.txt is not an image.").waitFor();
      await run("other");
      await card("other").getByText("Not run. Photo: notes.txt is not an image.").waitFor();
      expect(host.callsTo("run")).toEqual([]);
      await card("other").getByRole("button", { name: "Discard" }).click();
      await run("other");
      await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
      expect(await page.getByText("notes.txt").count()).toBe(0);
    });
  });

  it("is refused for a field on a folded card, which unfolds and comes into view", async () => {
    await visit(
      harness,
      terrain(),
      async ({ card, page, host }) => {
        await field(card("seed"), "Seed").fill("1000");
        await card("seed").getByRole("button", { name: "seed", exact: true }).focus();
        await field(card("terrain"), "Ridges").fill("99");
        await card("terrain").getByRole("button", { name: "More" }).click();
        await page.getByRole("menuitem", { name: "Collapse" }).click();
        await card("terrain").getByRole("button", { name: "Expand" }).waitFor();
        await field(card("seed"), "Seed").fill("10");
        await page.getByRole("button", { name: "Run all" }).click();
        const ridges = field(card("terrain"), "Ridges");
        await eventually(async () => expect(await ridges.evaluate(isFocused)).toBe(true));
        expect(await ridges.inputValue()).toBe("99");
        const box = (await ridges.boundingBox())!;
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y + box.height).toBeLessThanOrEqual(940);
        expect(host.callsTo("run")).toEqual([]);
      },
      { width: 700 },
    );
  });
});

describe("what cannot be sent", () => {
  it("is there again, with what is wrong with it, when the panel comes back", async () => {
    await visit(harness, terrain(), async ({ card, page, host }) => {
      await field(card("terrain"), "Shape").fill('{"half": [1, ');
      await field(card("terrain"), "Ridges").fill("99");
      await page.reload();
      await laidOut(page);
      expect(await field(card("terrain"), "Shape").inputValue()).toBe('{"half": [1, ');
      await card("terrain")
        .getByText(/^Not JSON/)
        .waitFor();
      await card("terrain").getByRole("button", { name: "Run", exact: true }).click();
      await card("terrain").getByText("Not run. Ridges: The most is 8.").waitFor();
      await card("terrain").getByRole("button", { name: "Discard" }).first().click();
      expect(await field(card("terrain"), "Ridges").inputValue()).toBe("3");
      expect(host.callsTo("run")).toEqual([]);
    });
  });
});

describe("a large value that was entered", () => {
  const given = (digest: string) => ({ kind: "blob", digest, blob: "0".repeat(64), size: 3_000_000 }) as const;
  const entered = (): WorkflowState => {
    const state = workflow(
      graph([node("note", FN("note"), { text: gr("Textbox", { label: "Text", lines: 2 }, "") }, {})], []),
    );
    const values = { "note.text": { ...given("long"), preview: "It begins" } };
    return { ...state, sheet: { ...state.sheet, values } };
  };

  it("can be loaded, and then changed", async () => {
    await visit(
      harness,
      entered(),
      async ({ card, host }) => {
        const text = field(card("note"), "Text");
        expect(await text.isDisabled()).toBe(true);
        await card("note").getByRole("button", { name: "Load 3.0 MB" }).click();
        await eventually(async () => expect(await text.inputValue()).toBe("It begins and it ends"));
        await text.fill("anew");
        await eventually(() => expect(host.callsTo("setInput").at(-1)?.args).toEqual(["note.text", "anew"]));
      },
      { prepare: (host) => (host.large.set("long", "It begins and it ends"), entered()) },
    );
  });

  it("whose content is gone says so, and can be taken back", async () => {
    await visit(harness, entered(), async ({ card, host }) => {
      await card("note").getByRole("button", { name: "Load 3.0 MB" }).click();
      await card("note").getByText("Its content is gone from the disk.").waitFor();
      await card("note").getByRole("button", { name: "Back to the default of Text" }).click();
      await eventually(() => expect(host.callsTo("setInput").at(-1)?.args).toEqual(["note.text", null]));
    });
  });
});
