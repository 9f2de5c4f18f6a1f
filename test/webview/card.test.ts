import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.js";
import { pinControl } from "../../src/model/pins.js";
import { RUN_ALL } from "../../src/model/runRequest.js";
import { IDLE_NODE, type WorkflowState } from "../../src/model/workflowState.js";
import { fresh, FN, gr, graph, node, wire, workflow } from "./graphs.js";
import { startHarness, visit, type Harness } from "./harness.js";
import { pair } from "./scenes.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const FAILED = {
  kind: "failed",
  durationMs: 5,
  failure: { reason: "thrown", message: "no paint" },
} as const;

/** One function with a text field and an output. */
function paint(state: Partial<typeof IDLE_NODE> = {}): WorkflowState {
  const prompt = gr("Textbox", { label: "Prompt" }, "a hill");
  const only = node("paint", FN("paint"), { prompt }, { output: gr("Textbox", { label: "Output" }) });
  return workflow(graph([only], []), { paint: { ...IDLE_NODE, ...state } });
}

describe("a card whose node failed", () => {
  it("says what has changed since, until it runs again", async () => {
    await visit(harness, paint({ outcome: FAILED, count: 1 }), async ({ card, host }) => {
      const since = card("paint").getByText("Input prompt changed since this failure");
      expect(await since.count()).toBe(0);
      host.emit({ type: "freshness-changed", nodes: {}, sinceFailure: { paint: "input `prompt` changed" } });
      await since.waitFor();
      host.emit({ type: "node-started", runId: "r", node: "paint", at: 0, count: 2 });
      await since.waitFor({ state: "detached" });
    });
  });
});

describe("a card whose node was running when the window was reloaded", () => {
  it("says so, until it runs again", async () => {
    const outcome = { kind: "cancelled", durationMs: 5, closed: true } as const;
    await visit(harness, paint({ outcome, count: 1 }), async ({ card, host }) => {
      const why = card("paint").getByText("Stopped: the window was reloaded or closed");
      await why.waitFor();
      host.emit({ type: "node-started", runId: "r", node: "paint", at: 0, count: 2 });
      await why.waitFor({ state: "detached" });
      host.emit({ type: "node-cancelled", runId: "r", node: "paint", at: 9, durationMs: 9 });
      await card("paint").locator('[data-status="stopped"]').waitFor();
      expect(await why.count()).toBe(0);
    });
  });
});

describe("a card whose node was not let in", () => {
  const refused = (reason: "unauthorised" | "forbidden" | "login-needed", page?: string) =>
    paint({
      outcome: {
        kind: "failed",
        durationMs: 5,
        failure: { reason, message: "No.", ...(page !== undefined && { page }) },
      },
      count: 1,
    });

  it("offers to sign in to Hugging Face only where that helps", async () => {
    await visit(harness, refused("unauthorised"), async ({ card, host }) => {
      await card("paint").getByRole("button", { name: "Sign in" }).click();
      await eventually(() => expect(host.callsTo("signIn")).toHaveLength(1));
    });
    await visit(harness, refused("login-needed"), async ({ card }) => {
      await card("paint").getByText("The app's own login is missing or wrong").waitFor();
      expect(await card("paint").getByRole("button", { name: "Sign in" }).count()).toBe(0);
    });
  });

  it("leads to the page where access is asked for", async () => {
    const page = "https://huggingface.co/acme/gated";
    await visit(harness, refused("forbidden", page), async ({ card, host }) => {
      await card("paint").getByText("The account has no access").waitFor();
      await card("paint").getByRole("button", { name: "Open its page" }).click();
      await eventually(() => expect(host.callsTo("openExternal")[0]?.args).toEqual([page]));
    });
  });
});

describe("the run action", () => {
  it("is in the header too, in sight however many inputs a card has, and no second stop of the Tab key", async () => {
    await visit(harness, paint(), async ({ card, host, page }) => {
      const header = card("paint").locator(".card-header");
      const run = header.getByRole("button", { name: "Run paint" });
      await run.click();
      await eventually(() => expect(host.callsTo("run")[0]?.args[0]).toMatchObject({ targets: ["paint"] }));
      expect(await run.getAttribute("tabindex")).toBe("-1");

      host.emit({ type: "node-started", runId: "r", node: "paint", at: Date.now(), count: 1 });
      await header.getByRole("button", { name: "Stop paint" }).click();
      await eventually(() => expect(host.callsTo("stop")[0]?.args).toEqual(["paint"]));
      host.emit({ type: "node-cancelled", runId: "r", node: "paint", at: Date.now(), durationMs: 9 });

      await card("paint").getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: "Collapse" }).click();
      await eventually(async () => expect(await run.getAttribute("tabindex")).toBe("0"));
    });
  });

  it("shows what it would do while it is pointed at or has the focus, and no longer", async () => {
    await visit(harness, paint(), async ({ card, host, page }) => {
      host.plan = { steps: [{ node: "paint", action: "run", reason: "input `prompt` changed", expectedMs: 2100 }] };
      const mark = card("paint").locator(".planned-mark");
      const summary = page.getByRole("toolbar").getByRole("status");
      const run = card("paint").getByRole("button", { name: "Run", exact: true });
      await run.hover();
      await mark.waitFor();
      expect(await mark.innerText()).toBe("will run · input prompt changed · took 2.1 s last time");
      expect(await summary.innerText()).toBe("Plan: 1 will run · about 2.1 s");
      expect(host.callsTo("plan")[0]?.args[0]).toMatchObject({ scope: "step", targets: ["paint"] });
      await page.mouse.move(5, 300);
      await mark.waitFor({ state: "detached" });

      await card("paint").getByRole("button", { name: "Ways to run" }).click();
      await page.keyboard.press("End");
      await mark.waitFor();
      expect(host.callsTo("plan").at(-1)?.args[0]).toMatchObject({ scope: "downstream" });
      await page.keyboard.press("Escape");
      await mark.waitFor({ state: "detached" });
      expect(host.callsTo("run")).toEqual([]);
    });
  });

  it.each([1500, 270])("shows what it would do beside how far the run under way is (%d px)", async (width) => {
    await visit(
      harness,
      pair(),
      async ({ card, host, page }) => {
        const step = { node: "greet", action: "run", reason: "never run" } as const;
        host.plan = { steps: [{ ...step, expectedMs: 2100 }] };
        const plan = { steps: [{ ...step, node: "shout" }] };
        host.emit({ type: "started", runId: "r", at: 1, request: RUN_ALL, plan });
        const told = page.getByRole("toolbar").getByRole("status").locator(".told");
        await told.getByText("Running · 0 of 1").waitFor();
        await card("greet").getByRole("button", { name: "Run", exact: true }).hover();
        await eventually(async () =>
          expect(await told.allInnerTexts()).toEqual(["Running · 0 of 1", "Plan: 1 will run · about 2.1 s"]),
        );
        const bar = (await page.getByRole("toolbar").boundingBox())!;
        for (const line of await told.all()) {
          const box = (await line.boundingBox())!;
          expect(box.width).toBeGreaterThan(60);
          expect(box.y).toBeGreaterThanOrEqual(bar.y);
          expect(box.y + box.height).toBeLessThanOrEqual(bar.y + bar.height);
        }
        await page.mouse.move(5, 300);
        await eventually(async () => expect(await told.allInnerTexts()).toEqual(["Running · 0 of 1"]));
      },
      { width },
    );
  });

  it("forgets what it would do when its button goes while it has the focus", async () => {
    await visit(harness, paint(), async ({ card, host }) => {
      host.plan = { steps: [{ node: "paint", action: "run", reason: "input `prompt` changed", expectedMs: 2100 }] };
      const mark = card("paint").locator(".planned-mark");
      const run = card("paint").locator(".card-header").getByRole("button", { name: "Run paint" });
      await card("paint").locator("article").focus();
      await run.evaluate((button: { focus(options: object): void }) => button.focus({ focusVisible: true }));
      await mark.waitFor();
      host.emit({ type: "node-started", runId: "r", node: "paint", at: Date.now(), count: 1 });
      await run.waitFor({ state: "detached" });
      await mark.waitFor({ state: "detached" });
    });
  });

  it("says that a run is starting until it has begun or could not begin, and can be stopped all the while", async () => {
    await visit(harness, paint(), async ({ host, page }) => {
      const end = Promise.withResolvers<undefined>();
      host.runEnd = end.promise;
      const summary = page.getByRole("toolbar").getByRole("status");
      const runAll = page.getByRole("button", { name: "Run all" });
      await runAll.click();
      expect(await summary.innerText()).toBe("Starting…");
      expect(await runAll.isDisabled()).toBe(true);
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await eventually(() => expect(host.callsTo("stop")).toHaveLength(1));
      const plan = { steps: [{ node: "paint", action: "run" as const, reason: "asked for" }] };
      host.emit({
        type: "started",
        runId: "r",
        at: 0,
        request: { scope: "all", targets: [], reuse: "fresh" },
        plan,
      });
      await eventually(async () => expect(await summary.innerText()).toBe("Running · 0 of 1"));
      host.emit({ type: "finished", runId: "r", at: 1, status: "cancelled", executed: 0, reused: 0, savedMs: 0 });
      end.resolve(undefined);
      await eventually(async () => expect(await summary.innerText()).toBe("Stopped"));
      expect(await runAll.isEnabled()).toBe(true);
    });
  });

  it("is off where nothing may run, and an input node has none", async () => {
    const off = { ...paint(), trusted: false };
    await visit(harness, off, async ({ card }) => {
      const run = card("paint").locator(".card-header").getByRole("button", { name: "Run paint" });
      expect(await run.isDisabled()).toBe(true);
      expect(await run.getAttribute("title")).toBe("Running is off in Restricted Mode");
    });
    const inputs = node("inputs", { kind: "input" }, {}, { size: gr("Number", { label: "Size" }, 1) });
    await visit(harness, workflow(graph([inputs], [])), async ({ card }) => {
      expect(await card("inputs").getByRole("button", { name: /^Run/ }).count()).toBe(0);
    });
  });
});

describe("pinned outputs", () => {
  const pinned = (value: string): WorkflowState => {
    const state = paint();
    const pin = { kind: "inline", digest: "d", value } as const;
    return { ...state, sheet: { ...state.sheet, values: { [pinControl("paint", "output")]: pin } } };
  };

  it("stand in for the node: its card says so, shows them and cannot run", async () => {
    await visit(harness, pinned("mine"), async ({ card, host }) => {
      const paint = card("paint");
      expect(await paint.locator(".status").innerText()).toBe("pinned");
      await paint.locator(".value", { hasText: "mine" }).waitFor();
      expect(await paint.getByRole("button", { name: /^Run/ }).count()).toBe(0);
      await paint.getByRole("button", { name: "Unpin" }).click();
      await eventually(() => expect(host.callsTo("pin").map(({ args }) => args)).toEqual([["paint", false]]));
    });
  });

  it("are kept from a result, or given by hand", async () => {
    await visit(harness, paint(fresh({ output: "a result" })), async ({ card, host, page }) => {
      const more = card("paint").getByRole("button", { name: "More" });
      await more.click();
      await page.getByRole("menuitem", { name: "Pin outputs" }).click();
      await eventually(() => expect(host.callsTo("pin").map(({ args }) => args)).toEqual([["paint", true]]));

      await more.click();
      await page.getByRole("menuitem", { name: "Give outputs by hand…" }).click();
      const given = card("paint").getByRole("region", { name: "Outputs given by hand" });
      await given.getByText("Not pinned until you give a value").waitFor();
      await given.getByRole("textbox").fill("of my own");
      await given.getByRole("button", { name: "Done" }).click();
      await eventually(() =>
        expect(host.callsTo("setInput").map(({ args }) => args)).toEqual([
          [pinControl("paint", "output"), "of my own"],
        ]),
      );
      await card("paint").getByRole("region", { name: "Outputs", exact: true }).waitFor();
    });
  });

  it("that cannot be sent are shown again wherever a run is refused for them, and forgotten by unpinning", async () => {
    const made = node("made", FN("made"), {}, { count: gr("Number", { label: "Count" }) });
    const next = node("next", FN("next"), { count: "edge" }, { output: gr("Textbox") });
    const state = workflow(graph([made, next], [wire("made.count -> next.count")]), { made: fresh({ count: 1 }) });
    const control = pinControl("made", "count");
    const pin = { kind: "inline", digest: "d", value: 2 } as const;
    const pinned = { ...state, sheet: { ...state.sheet, values: { [control]: pin } } };
    await visit(harness, pinned, async ({ card, host, page }) => {
      const field = card("made").getByRole("textbox", { name: "Count" });
      await card("made").getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: "Change what is pinned…" }).click();
      await field.fill("many");
      await eventually(() => expect(host.callsTo("unsent").at(-1)?.args[0]).toHaveProperty([control]));
      await card("made").getByRole("button", { name: "Done" }).click();
      await field.waitFor({ state: "detached" });

      await card("next").getByRole("button", { name: "Run", exact: true }).click();
      await field.waitFor();
      expect(await field.inputValue()).toBe("many");
      await card("made").getByRole("button", { name: "Done" }).click();
      await page.getByRole("button", { name: "Show it" }).click();
      await field.waitFor();
      expect(host.callsTo("run")).toEqual([]);

      await card("made").getByRole("button", { name: "Unpin", exact: true }).click();
      await eventually(() => expect(host.callsTo("unsent").at(-1)?.args[0]).toEqual({}));
    });
  });
});
