import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import type { LogLine } from "../../src/model/result.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import type { FakeHost } from "./fakeHost.js";
import { FN, fresh, gr, graph, node, result, workflow } from "./graphs.js";
import { landscape } from "./pictures.js";
import { startHarness, visit, type Harness } from "./harness.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

function telling(props: Parameters<typeof gr>[1] = {}): WorkflowState {
  return workflow(graph([node("tell", FN("tell"), {}, { output: gr("Textbox", { label: "Story", ...props }) })], []));
}

function start(host: FakeHost): void {
  const plan = { steps: [{ node: "tell", action: "run" as const, reason: "asked for" }] };
  host.emit({ type: "started", runId: "1", at: 0, request: { scope: "all", targets: [], reuse: "fresh" }, plan });
  host.emit({ type: "node-started", runId: "1", node: "tell", at: Date.now(), count: 1 });
}

const story = (lines: number): string => Array.from({ length: lines }, (_, at) => `line ${at + 1}`).join("\n");
const tell = (host: FakeHost, lines: number): void =>
  host.emit({ type: "node-partial", runId: "1", node: "tell", outputs: result({ output: story(lines) }).outputs });
/** How far a box is from its end, in pixels. */
const left = (box: Locator): Promise<number> =>
  box.evaluate((element) => {
    // Runs in the page.
    const { scrollHeight, scrollTop, clientHeight } = element as unknown as Record<string, number>;
    return scrollHeight! - scrollTop! - clientHeight!;
  });

/** Runs in the page. */
function isFocused(element: unknown): boolean {
  return (element as { matches(selector: string): boolean }).matches(":focus");
}

describe("text that is being made", () => {
  it("stays at its end, until the user scrolls up", async () => {
    await visit(harness, telling(), async ({ card, page, host }) => {
      const box = card("tell").locator(".text");
      start(host);
      for (const lines of [3, 40, 200, 3000]) {
        tell(host, lines);
        await card("tell").getByText(`line ${lines}`).waitFor();
        await eventually(async () => expect(await left(box)).toBeLessThan(2));
      }
      await box.hover();
      await page.mouse.wheel(0, -80);
      await eventually(async () => expect(await left(box)).toBeGreaterThan(40));
      tell(host, 3010);
      await card("tell").getByText("line 3010").waitFor();
      expect(await left(box)).toBeGreaterThan(40);
    });
  });

  it("takes as many lines as its author says, at least and at most", async () => {
    const heights = async (props: Parameters<typeof gr>[1]): Promise<number[]> => {
      const found: number[] = [];
      await visit(harness, telling(props), async ({ card, host }) => {
        for (const lines of [1, 100]) {
          host.emit({ type: "nodes-restored", nodes: { tell: fresh({ output: story(lines) }) } });
          await card("tell").getByText(`line ${lines}`).waitFor();
          found.push((await card("tell").locator(".text").boundingBox())!.height);
        }
      });
      return found;
    };
    const [one, three, most] = [
      await heights({}),
      await heights({ lines: 3, maxLines: 3 }),
      await heights({ lines: 2, maxLines: 20 }),
    ];
    expect(three[0]).toBeGreaterThan(one[0]! * 1.7);
    expect(three[1]).toBe(three[0]);
    expect(most[1]).toBeGreaterThan(300);
  });
});

describe("a log", () => {
  it("says what of it is left, counts errors and warnings, and shows no escape sequences", async () => {
    await visit(harness, telling(), async ({ card, host }) => {
      start(host);
      const line = (text: string, level: LogLine["level"] = "log"): LogLine => ({ level, text, at: 1 });
      const log = (...lines: LogLine[]): void => host.emit({ type: "node-log", runId: "1", node: "tell", lines });
      log(line("careful", "warn"), line("broken", "error"), line("broken", "error"));
      for (let batch = 0; batch < 3; batch++) log(...Array.from({ length: 1000 }, () => line("x")));
      log(line("\u001b[32mgreen\u001b[0m light"));
      const header = card("tell").locator(".fold");
      await header.getByText("1,000 of 3,004 lines").waitFor();
      await header.getByText("2 errors").waitFor();
      await header.getByText("1 warning", { exact: true }).waitFor();
      await header.click();
      await card("tell").getByText("green light", { exact: true }).waitFor();
      const lines = card("tell").getByRole("log");
      expect(await left(lines)).toBeLessThan(2);
      log(...Array.from({ length: 50 }, (_, at) => line(`more ${at}`)));
      await lines.getByText("more 49").waitFor();
      await eventually(async () => expect(await left(lines)).toBeLessThan(2));
    });
  });
});

describe("an output that nobody declared", () => {
  it("shows its value, where one that is declared not to be shown stays hidden", async () => {
    const plain = node("plain", FN("plain"), {}, { output: null });
    const open = { ...plain, outputs: plain.outputs.map((output) => ({ ...output, undeclared: true as const })) };
    const secret = node("secret", FN("secret"), {}, { output: null });
    const states = { plain: fresh({ output: { answer: 42 } }), secret: fresh({ output: "hush" }) };
    await visit(harness, workflow(graph([open, secret], []), states), async ({ card, host }) => {
      await card("plain").getByText("answer").waitFor();
      await card("plain").getByText("42", { exact: true }).waitFor();
      expect(await card("secret").getByText("hush").count()).toBe(0);
      host.emit({ type: "nodes-restored", nodes: { plain: fresh({ output: "just text" }) } });
      await card("plain").locator(".text").getByText("just text", { exact: true }).waitFor();
    });
  });
});

describe("what was chosen of several choices", () => {
  it("is drawn as a list of texts, in the words of the choices", async () => {
    const groups = gr("CheckboxGroup", {
      label: "Colours",
      choices: [
        ["Red", "r"],
        ["Blue", "b"],
      ],
    });
    const several = gr("Dropdown", { label: "Sizes", choices: ["small", "large"], multiselect: true });
    const outputs = { colours: groups, sizes: several, none: gr("CheckboxGroup", { label: "None" }) };
    const chosen = workflow(graph([node("pick", FN("pick"), {}, outputs)], []), {
      pick: fresh({ colours: ["r", "b"], sizes: ["large"], none: [] }),
    });
    await visit(harness, chosen, async ({ card }) => {
      const texts = (label: string) => card("pick").getByRole("list", { name: label }).locator("li").allInnerTexts();
      expect(await texts("Colours")).toEqual(["Red", "Blue"]);
      expect(await texts("Sizes")).toEqual(["large"]);
      expect(await card("pick").getByText("None chosen").count()).toBe(1);
    });
  });
});

describe("an output that is shown large", () => {
  it("says whose it is and how much, has the card's actions, and gives the focus back", async () => {
    const prepare = (host: FakeHost): WorkflowState => {
      const picture = host.takeFile("hill.png", "image/png", landscape(64, 48));
      const outputs = { picture: gr("Image", { label: "Picture" }), table: gr("Dataframe", { label: "Table" }) };
      const made = { picture: { ...picture }, table: [{ name: "hill", size: 3 }] };
      return workflow(graph([node("paint", FN("paint"), {}, outputs, { name: "Paint it" })], []), {
        paint: fresh(made),
      });
    };
    await visit(
      harness,
      telling(),
      async ({ card, page, host }) => {
        const open = card("paint").getByRole("button", { name: "Show Picture large" });
        await open.click();
        const dialog = page.getByRole("dialog", { name: "Paint it · Picture" });
        await dialog.getByText(/64 × 48 · \d+ B/).waitFor();
        await dialog.getByRole("button", { name: "Save Picture" }).click();
        await eventually(() => expect(host.callsTo("saveFile")).toHaveLength(1));
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "detached" });
        expect(await open.evaluate(isFocused)).toBe(true);

        await card("paint").getByRole("button", { name: "Show Table large" }).click();
        const table = page.getByRole("dialog", { name: "Paint it · Table" });
        await table.getByText("1 item").waitFor();
        await table.getByRole("button", { name: "Copy Table" }).click();
        await eventually(() => expect(host.callsTo("copy")[0]?.args).toEqual(["name\tsize\nhill\t3"]));
        await table.getByRole("button", { name: "Close" }).click();
        await table.waitFor({ state: "detached" });
      },
      { prepare },
    );
  });
});
