import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import { editControl } from "../../src/model/editedLists.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import { dialogue, GIVEN, SCRIPT, type Line } from "./dialogue.js";
import { inline, type FakeHost } from "./fakeHost.js";
import { FN, fresh, gr, graph, node, wire, workflow } from "./graphs.js";
import { startHarness, visit, type Harness, type OpenCanvas } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** The same with a list that is kept as a large value. */
function long(lines: readonly Line[]): (host: FakeHost) => WorkflowState {
  return (host) => {
    const { digest } = inline([...lines]);
    host.large.set(digest, [...lines]);
    const state = dialogue(lines);
    const given = state.nodes.write!;
    const blob = { kind: "blob" as const, digest, blob: digest, size: 90_000, preview: "[{" };
    return { ...state, nodes: { write: { ...given, result: { ...given.result!, outputs: { lines: blob } } } } };
  };
}

const many = (count: number): Line[] =>
  Array.from({ length: count }, (_, index) => ({ speaker: "host", text: `line ${index + 1}`, pause: null }));

const controlOf = (lines: readonly Line[]): string => editControl("write", "lines", inline([...lines]).digest);

interface Opened extends OpenCanvas {
  readonly write: Locator;
  readonly item: (number: number) => Locator;
  readonly text: (number: number) => Locator;
  /** The list that was sent last. */
  readonly sent: () => unknown;
  readonly texts: () => Promise<string[]>;
}

function withList(
  use: (opened: Opened) => Promise<void>,
  lines: readonly Line[] = GIVEN,
  options: Parameters<typeof visit>[3] = {},
): Promise<void> {
  return visit(
    harness,
    dialogue(lines),
    async (canvas) => {
      const write = canvas.card("write");
      const item = (number: number): Locator => write.getByRole("group", { name: `Item ${number}`, exact: true });
      await item(1).waitFor();
      const opened = {
        ...canvas,
        write,
        item,
        text: (number: number) => item(number).getByRole("textbox", { name: `Text of item ${number}`, exact: true }),
        sent: () => {
          const call = canvas.host.callsTo("setInput").at(-1);
          expect(call?.args[0]).toBe(controlOf(lines));
          return call?.args[1];
        },
        texts: () =>
          // Runs in the page, where fields of the toolkit have a value.
          write
            .locator('[data-field="text"] vscode-text-field')
            .evaluateAll((fields) => fields.map((field) => (field as unknown as { value: string }).value)),
      };
      await use(opened);
    },
    options,
  );
}

/** Runs in the page: whether the focus is in the element. */
const holdsFocus = (element: unknown): boolean =>
  (element as { matches(of: string): boolean }).matches(":focus-within, :focus");

const press = (scope: Locator, name: string): Promise<void> => scope.getByRole("button", { name, exact: true }).click();

describe("a list whose items can be edited", () => {
  it("has each field in its own control, and no value is markup", async () => {
    await withList(async ({ item, text, write, host }) => {
      expect(await item(1).getByRole("combobox", { name: "Speaker of item 1" }).count()).toBe(1);
      expect(await text(2).inputValue()).toBe("<b>Thanks</b>");
      expect(await write.locator("b").count()).toBe(0);
      expect(await write.getByText("Edited").count()).toBe(0);
      expect(host.callsTo("setInput")).toEqual([]);
    });
  });

  it("sends the whole list for a text that was typed and a choice that was made, with all that the items have", async () => {
    await withList(async ({ item, text, write, sent, host }) => {
      await text(1).press("End");
      await text(1).pressSequentially(" All!");
      await eventually(() => expect(sent()).toEqual([{ ...GIVEN[0], text: "Welcome. All!" }, GIVEN[1]]));
      expect(await text(1).evaluate(holdsFocus)).toBe(true);
      await write.getByText("Edited · 2 items, 2 given").waitFor();
      await item(2).getByRole("combobox", { name: "Speaker of item 2" }).click();
      await item(2).getByRole("option", { name: "host" }).click();
      const both = [
        { ...GIVEN[0], text: "Welcome. All!" },
        { ...GIVEN[1], speaker: "host" },
      ];
      await eventually(() => expect(sent()).toEqual(both));
      expect(host.callsTo("setInput")).toHaveLength(2);
    });
  });

  it("is drawn as it was edited before, and goes back to what was given", async () => {
    const edited = [{ speaker: "guest", text: "Once more." }];
    const state = dialogue();
    const sheet = { ...state.sheet, values: { [controlOf(GIVEN)]: inline(edited) } };
    await withList(
      async ({ write, sent, texts, page }) => {
        expect(await texts()).toEqual(["Once more."]);
        await write.getByText("Edited · 1 item, 2 given").waitFor();
        await press(write, "Undo edits");
        await eventually(async () => expect(await texts()).toEqual(["Welcome.", "<b>Thanks</b>"]));
        expect(sent()).toBeNull();
        expect(await write.getByText("Edited").count()).toBe(0);
        expect(await page.locator("body").evaluate(holdsFocus)).toBe(true);
      },
      GIVEN,
      { prepare: () => ({ ...state, sheet }) },
    );
  });

  it("takes new items, after another or at the end, with what untouched controls hold", async () => {
    const item0 = { speaker: "host", text: "…", pause: null };
    await withList(async ({ write, item, sent }) => {
      await press(item(1), "Add an item after item 1");
      await eventually(() => expect(sent()).toEqual([GIVEN[0], item0, GIVEN[1]]));
      await eventually(async () =>
        expect(await item(2).getByRole("combobox", { name: "Speaker of item 2" }).evaluate(holdsFocus)).toBe(true),
      );
      await press(write, "Add item");
      await eventually(() => expect(sent()).toEqual([GIVEN[0], item0, GIVEN[1], item0]));
      await eventually(async () => expect(await item(4).evaluate(holdsFocus)).toBe(true));
    });
  });

  it("lets go of an item, and takes it back", async () => {
    await withList(async ({ write, item, sent, texts }) => {
      await press(item(1), "Remove item 1");
      await eventually(() => expect(sent()).toEqual([GIVEN[1]]));
      await eventually(async () =>
        expect(await item(1).getByRole("button", { name: "Remove item 1" }).evaluate(holdsFocus)).toBe(true),
      );
      await write.getByRole("status").getByText("Item 1 removed").waitFor();
      await press(write, "Undo");
      await eventually(() => expect(sent()).toEqual([...GIVEN]));
      expect(await texts()).toEqual(["Welcome.", "<b>Thanks</b>"]);
      expect(await write.getByText("Item 1 removed").count()).toBe(0);
      await press(item(2), "Remove item 2");
      await press(item(1), "Remove item 1");
      await eventually(() => expect(sent()).toEqual([]));
      await write.getByText("No items").waitFor();
    });
  });

  it("is put in another order by buttons and by keys, which keep the focus where it was", async () => {
    await withList(async ({ item, text, sent, texts, page }) => {
      const [first, second, third] = many(3) as [Line, Line, Line];
      await press(item(3), "Move item 3 up");
      await eventually(() => expect(sent()).toEqual([first, third, second]));
      const up = item(2).getByRole("button", { name: "Move item 2 up", exact: true });
      expect(await up.evaluate(holdsFocus)).toBe(true);
      await page.keyboard.press("Enter");
      await eventually(() => expect(sent()).toEqual([third, first, second]));
      // There it cannot go up any more.
      const down = item(1).getByRole("button", { name: "Move item 1 down", exact: true });
      await eventually(async () => expect(await down.evaluate(holdsFocus)).toBe(true));
      await text(1).click();
      await page.keyboard.press("Alt+ArrowDown");
      await page.keyboard.press("Alt+ArrowDown");
      await eventually(() => expect(sent()).toEqual(many(3)));
      await eventually(async () => expect(await text(3).evaluate(holdsFocus)).toBe(true));
      await page.keyboard.press("Alt+ArrowDown");
      await page.keyboard.press("Alt+ArrowUp");
      await eventually(() => expect(sent()).toEqual([first, third, second]));
      expect(await texts()).toEqual(["line 1", "line 3", "line 2"]);
    }, many(3));
  });

  it("keeps what is typed with its item when that is moved before typing rests, and a run reads both", async () => {
    await withList(async ({ write, text, sent, host, page }) => {
      await text(1).fill("typed");
      await page.keyboard.press("Alt+ArrowDown");
      await press(write, "Run");
      await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
      expect(sent()).toEqual([GIVEN[1], { ...GIVEN[0], text: "typed" }]);
      expect(host.calls.findLastIndex(({ method }) => method === "setInput")).toBeLessThan(
        host.calls.findIndex(({ method }) => method === "run"),
      );
    });
  });

  it("refuses a run of what takes it while a field holds what cannot be sent", async () => {
    await withList(async ({ item, write, page, host }) => {
      const pause = item(2).getByRole("textbox", { name: "Pause of item 2" });
      await pause.fill("10");
      await item(2).getByText("The most is 9.").waitFor();
      await press(page.locator('.svelte-flow__node[data-id="speak"]'), "Run");
      await page
        .locator(".banner")
        .getByText(/write · lines: Item 2, pause: The most is 9\./)
        .waitFor();
      expect(host.callsTo("run")).toEqual([]);
      await press(item(1), "Remove item 1");
      expect(await item(1).getByRole("textbox", { name: "Pause of item 1" }).inputValue()).toBe("10");
      await item(1).getByRole("button", { name: "Discard" }).click();
      await press(page.locator('.svelte-flow__node[data-id="speak"]'), "Run");
      await eventually(() => expect(host.callsTo("run")).toHaveLength(1));
      expect(await write.getByText("The most is 9.").count()).toBe(0);
    });
  });

  it("shows what the sheet holds where the host did not take an edit", async () => {
    await withList(async ({ host, item, texts }) => {
      const keep = host.state;
      await press(item(1), "Remove item 1");
      expect(await texts()).toEqual(["<b>Thanks</b>"]);
      await eventually(() => expect(host.callsTo("setInput")).toHaveLength(1));
      host.emit({ type: "sheet-changed", sheet: keep.sheet });
      await eventually(async () => expect(await texts()).toEqual(["Welcome.", "<b>Thanks</b>"]));
    });
  });

  it("stands still while its node runs, and is only shown where the node runs once an item", async () => {
    await withList(async ({ host, text, write }) => {
      const plan = { steps: [{ node: "write", action: "run" as const, reason: "asked for" }] };
      host.emit({ type: "started", runId: "1", at: 0, request: { scope: "all", targets: [], reuse: "fresh" }, plan });
      host.emit({ type: "node-started", runId: "1", node: "write", at: Date.now(), count: 1 });
      await eventually(async () => expect(await text(1).isDisabled()).toBe(true));
      expect(await write.getByRole("button", { name: "Add item" }).isDisabled()).toBe(true);
    });
    const words = node("words", FN("words"), {}, { list: gr("JSON") });
    const mapped = node("write", FN("write"), { word: "edge" }, { lines: SCRIPT });
    const of = graph([words, mapped], [wire("words.list -> write.word", "scatter")]);
    const state = workflow(of, { words: fresh({ list: ["a"] }), write: fresh({ lines: [[...GIVEN]] }) });
    await visit(harness, state, async ({ card }) => {
      await card("write").getByRole("region", { name: "Items" }).waitFor();
      expect(await card("write").getByRole("button", { name: "Add item" }).count()).toBe(0);
    });
  });

  it("stays usable with thousands of items that are kept as a large value", async () => {
    const lines = many(10_000);
    await withList(
      async ({ write, item, text, sent, page }) => {
        expect(await write.locator("[data-key]").count()).toBeLessThanOrEqual(200);
        await write.getByRole("textbox", { name: "From item" }).fill("9990");
        await page.keyboard.press("Enter");
        await item(10_000).waitFor();
        const from = Date.now();
        await text(10_000).fill("the last");
        await eventually(() => expect((sent() as Line[])[9999]).toMatchObject({ text: "the last" }));
        await press(write, "Add item");
        await item(10_001).waitFor();
        await press(item(10_001), "Move item 10001 up");
        await eventually(() => expect((sent() as Line[])[9999]).toMatchObject({ text: "…" }));
        expect(Date.now() - from).toBeLessThan(6000);
        await text(9951).waitFor();
        await text(9951).click();
        await page.keyboard.press("Alt+ArrowUp");
        await eventually(async () => expect(await text(9950).evaluate(holdsFocus)).toBe(true));
        await press(write, "Items after these");
        await text(9951).waitFor();
        await write.getByText("Edited · 10,001 items, 10,000 given").waitFor();
      },
      lines,
      { prepare: long(lines) },
    );
  });

  it("is edited in a thousand items, without a jump while the sheet's large value comes back", async () => {
    const lines = many(1000);
    await withList(
      async ({ host, write, item, text, texts, sent }) => {
        const setInput = host.emit.bind(host);
        // As the engine does: large values come back by name only.
        host.emit = (event) => {
          if (event.type !== "sheet-changed") return setInput(event);
          const values = Object.entries(event.sheet.values).map(([name, value]) => {
            if (value.kind === "inline") host.large.set(value.digest, value.value);
            const { digest } = value;
            return [name, { kind: "blob" as const, digest, blob: digest, size: 90_000, preview: "[{" }] as const;
          });
          setInput({ ...event, sheet: { ...event.sheet, values: Object.fromEntries(values) } });
        };
        await text(2).press("End");
        await text(2).pressSequentially("!");
        await eventually(() => expect((sent() as Line[])[1]).toMatchObject({ text: "line 2!" }));
        await write.getByText("Edited · 1,000 items, 1,000 given").waitFor();
        await write.page().waitForTimeout(1500);
        expect(await text(2).evaluate(holdsFocus)).toBe(true);
        expect((await texts()).slice(0, 3)).toEqual(["line 1", "line 2!", "line 3"]);
        await press(item(1), "Remove item 1");
        await eventually(() => expect(sent()).toHaveLength(999));
        await press(write, "Undo edits");
        await eventually(async () => expect((await texts()).slice(0, 2)).toEqual(["line 1", "line 2"]));
      },
      lines,
      { prepare: long(lines) },
    );
  });
});
