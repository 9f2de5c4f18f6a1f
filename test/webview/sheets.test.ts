import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CanvasView } from "../../src/model/canvasView.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import { eventually } from "../eventually.js";
import { fresh, FN, gr, graph, node, workflow } from "./graphs.js";
import { inline, type FakeHost } from "./fakeHost.js";
import { startHarness, visit, type Harness } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const SHEETS = [
  { id: "main", name: "main" },
  { id: "b", name: "Night" },
  { id: "c", name: "Rename…" },
];

/** Two cards, with a text and a number to type. */
function scene(extra: Partial<WorkflowState> = {}): WorkflowState {
  const one = node("one", FN("one"), { text: gr("Textbox", { label: "Text" }, "x") }, { output: gr("Textbox") });
  const two = node("two", FN("two"), { number: gr("Number", { label: "Number" }, 1) }, { output: gr("Textbox") });
  return { ...workflow(graph([one, two], [])), sheets: SHEETS, ...extra };
}

/** Goes over to another sheet as the engine tells it. */
function switchTo(host: FakeHost, id: string, values: WorkflowState["sheet"]["values"], view: CanvasView | null): void {
  const name = SHEETS.find((sheet) => sheet.id === id)!.name;
  host.emit({ type: "view-changed", view });
  host.emit({ type: "sheet-changed", sheet: { id, name, values } });
}

describe("the sheet menu", () => {
  it("tells the sheet in use, and switches by keyboard alone", async () => {
    await visit(harness, scene(), async ({ page, host }) => {
      const button = page.getByRole("toolbar").getByRole("button", { name: "Sheet: main" });
      expect(await button.innerText()).toBe("main");
      await button.focus();
      await page.keyboard.press("ArrowDown");
      const list = page.getByRole("menu", { name: "Sheet: main" });
      await eventually(async () => expect(await list.locator(":focus").innerText()).toBe("main"));
      expect(await list.getByRole("menuitemradio").allInnerTexts()).toEqual(["main", "Night", "Rename…"]);
      expect(await list.getByRole("menuitemradio", { checked: true }).innerText()).toBe("main");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await eventually(() =>
        expect(host.callsTo("changeSheets").map(({ args }) => args)).toEqual([[{ type: "select", sheet: "b" }]]),
      );
      await eventually(async () => expect(await button.evaluate(isFocused)).toBe(true));
    });
  });

  it.each([
    ["New sheet…", "new"],
    ["Duplicate…", "duplicate"],
    ["Rename…", "rename"],
    ["Reset", "reset"],
    ["Delete", "delete"],
    ["Restore deleted…", "restore"],
  ])("%s is carried out by the host, for the sheet in use", async (label, question) => {
    await visit(harness, scene({ sheet: { id: "b", name: "Night", values: {} } }), async ({ page, host }) => {
      await page.getByRole("button", { name: "Sheet: Night" }).click();
      await page
        .locator("[role=menuitem]")
        .filter({ hasText: new RegExp(`^\\s*${label}`) })
        .click();
      await eventually(() => expect(host.callsTo("askSheets").map(({ args }) => args)).toEqual([[question, "b"]]));
    });
  });

  it("moves the sheet in use, as far as there is room", async () => {
    await visit(harness, scene(), async ({ page, host }) => {
      await page.getByRole("button", { name: "Sheet: main" }).click();
      expect(await page.getByRole("menuitem", { name: "Move up" }).isDisabled()).toBe(true);
      await page.getByRole("menuitem", { name: "Move down" }).click();
      await eventually(() =>
        expect(host.callsTo("changeSheets").at(-1)?.args).toEqual([{ type: "move", sheet: "main", to: 1 }]),
      );
    });
  });

  it("offers no other sheet during a run, and says so", async () => {
    const run = { runId: "r", startedAt: Date.now(), total: 1, done: 0 };
    await visit(harness, scene({ run }), async ({ page }) => {
      await page.getByRole("button", { name: "Sheet: main" }).click();
      const night = page.getByRole("menuitemradio", { name: /Night/ });
      expect(await night.isDisabled()).toBe(true);
      expect(await night.innerText()).toContain("Not during a run");
      for (const name of ["New sheet…", "Duplicate…", /^Reset/, /^Delete$/])
        expect(await page.getByRole("menuitem", { name }).isDisabled()).toBe(true);
      expect(await page.getByRole("menuitem", { name: "Rename…" }).isDisabled()).toBe(false);
    });
  });

  it("doesn't delete the only sheet", async () => {
    await visit(harness, scene({ sheets: SHEETS.slice(0, 1) }), async ({ page }) => {
      await page.getByRole("button", { name: "Sheet: main" }).click();
      expect(await page.getByRole("menuitem", { name: /^Delete$/ }).isDisabled()).toBe(true);
    });
  });

  it("gives way in a narrow panel, where everything else stays in reach", async () => {
    const name = "A very long name that no toolbar of this world has room for";
    const extra = { sheet: { id: "b", name, values: {} }, sheets: [SHEETS[0]!, { id: "b", name }] };
    const options = { width: 270, height: 500 };
    await visit(
      harness,
      scene(extra),
      async ({ page }) => {
        const toolbar = (await page.getByRole("toolbar").boundingBox())!;
        const menu = (await page.getByRole("button", { name: `Sheet: ${name}` }).boundingBox())!;
        const more = (await page.getByRole("button", { name: "More", exact: true }).first().boundingBox())!;
        expect(menu.width).toBeGreaterThan(40);
        expect(menu.x + menu.width).toBeLessThanOrEqual(more.x);
        expect(more.x + more.width).toBeLessThanOrEqual(toolbar.x + toolbar.width);
        await page.getByRole("button", { name: `Sheet: ${name}` }).click();
        const list = (await page.getByRole("menu").boundingBox())!;
        expect(list.x + list.width).toBeLessThanOrEqual(270);
      },
      options,
    );
  });
});

describe("another sheet", () => {
  it("shows its own values and results, in its own arrangement", async () => {
    const nodes = { one: fresh({ output: "of main" }) };
    await visit(harness, scene({ nodes }), async ({ page, host, card }) => {
      await card("one").getByRole("textbox").fill("typed on main");
      await eventually(() => expect(host.callsTo("setInput").at(-1)?.args).toEqual(["one.text", "typed on main"]));
      await page.getByRole("button", { name: "Sheet: main" }).focus();
      const cards = { one: { x: 0, y: 0, moved: true }, two: { x: 40, y: 600, moved: true } };
      const view = { viewport: { x: 20, y: 30, zoom: 0.9 }, cards, collapsed: ["one"] };
      switchTo(host, "b", { "two.number": inline(7) }, view);
      host.emit({ type: "nodes-restored", nodes: { one: fresh({ output: "of night" }) } });

      await eventually(async () => {
        expect(await card("one").getByRole("textbox").count()).toBe(0);
        const [a, b] = [(await card("one").boundingBox())!, (await card("two").boundingBox())!];
        expect([Math.round((b.x - a.x) / 0.9), Math.round((b.y - a.y) / 0.9)]).toEqual([40, 600]);
      });
      expect(await card("two").getByRole("textbox").inputValue()).toBe("7");

      const kept = host.callsTo("keepView").filter(({ args }) => args[1] === "main");
      expect(kept.at(-1)?.args[0]).toMatchObject({ collapsed: [] });
      const values = { "one.text": inline("typed on main") };
      switchTo(host, "main", values, kept.at(-1)!.args[0] as CanvasView); // the protocol's first argument
      await eventually(async () =>
        expect(await card("one").getByRole("textbox").first().inputValue()).toBe("typed on main"),
      );
      await eventually(() => expect(host.callsTo("keepView").at(-1)?.args[1]).toBe("main"));
    });
  });

  it("gets nothing of what was typed before it came into use, and the one before gets all of it", async () => {
    await visit(harness, scene(), async ({ host, card }) => {
      const field = card("one").getByRole("textbox");
      await field.press("End");
      await field.pressSequentially(" and more", { delay: 5 });
      // Typing hasn't come to rest.
      switchTo(host, "b", {}, null);
      await eventually(async () => expect(await card("one").getByRole("textbox").inputValue()).toBe("x"));
      await eventually(() => expect(host.callsTo("setInput")).not.toEqual([]));
      expect(host.callsTo("setInput").at(-1)?.args).toEqual(["one.text", "x and more"]);
      expect(new Set(host.typedOn)).toEqual(new Set(["main"]));
    });
  });

  it("comes into use after everything that was typed has been kept", async () => {
    await visit(harness, scene(), async ({ page, host, card }) => {
      await card("one").getByRole("textbox").fill("just typed");
      await page.getByRole("button", { name: "Sheet: main" }).click();
      await page.getByRole("menuitemradio", { name: "Night" }).click();
      await eventually(() => expect(host.callsTo("changeSheets")).toHaveLength(1));
      const methods = host.calls.map(({ method }) => method);
      expect(methods.indexOf("setInput")).toBeGreaterThanOrEqual(0);
      expect(methods.indexOf("setInput")).toBeLessThan(methods.indexOf("changeSheets"));
    });
  });

  it("has nothing of what can't be sent on the one before, which keeps it", async () => {
    await visit(harness, scene(), async ({ host, card }) => {
      const number = card("two").getByRole("textbox");
      await number.fill("1e");
      await eventually(() => expect(host.callsTo("unsent").at(-1)?.args[0]).toHaveProperty(["two.number"]));
      switchTo(host, "b", {}, null);
      await eventually(() => expect(host.callsTo("unsent").at(-1)?.args[0]).toEqual({}));
      switchTo(host, "main", {}, null);
      await eventually(() => expect(host.callsTo("unsent").at(-1)?.args[0]).toHaveProperty(["two.number"]));
    });
  });
});

it("a sheet that somebody else has deleted can be brought back", async () => {
  await visit(harness, scene(), async ({ page, host }) => {
    host.emit({ type: "sheets-changed", sheets: SHEETS.slice(1) });
    const banner = page.getByRole("status").filter({ hasText: "Sheet “main” was deleted in another window." });
    await banner.getByRole("button", { name: "Restore" }).click();
    await eventually(() =>
      expect(host.callsTo("changeSheets").at(-1)?.args).toEqual([{ type: "restore", sheet: "main", use: true }]),
    );
    host.emit({ type: "sheets-changed", sheets: SHEETS });
    await eventually(async () => expect(await banner.count()).toBe(0));
  });
});

/** Runs in the page. */
function isFocused(element: unknown): boolean {
  return (element as { matches(selector: string): boolean }).matches(":focus");
}
