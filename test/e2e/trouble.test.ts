import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "trouble.daggr.ts";

describe("when things go wrong", () => {
  const workbench = useWorkbench({ source: fileURLToPath(new URL("workflows/trouble", import.meta.url)) });

  test("code that throws is a failed card, which leads to the line that threw", async () => {
    const { openFile, runCommand, editor, canvas } = workbench.now;
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    const card = canvas.card("throws");
    await run("throws");
    await card.becomes("failed");
    const { line, column } = await editor.find(FILE, "new RangeError");
    expect(await card.failure.innerText()).toContain("sorrow cannot be measured");
    expect(await card.root.getByRole("log").innerText()).toContain("measuring sorrow");
    await card.failure.getByRole("button", { name: `${FILE}:${line}` }).click();
    await expect.poll(() => editor.cursor()).toEqual({ line, column });
    await stillWell();
  });

  test("code that ends its process is a failed card, and nothing else", async () => {
    const { canvas } = workbench.now;
    await run("exits");
    const card = canvas.card("exits");
    await card.becomes("failed");
    expect(await card.failure.innerText()).toMatch(/exits.*process|process.*exit/is);
    expect(await card.failure.innerText()).toContain("3");
    await stillWell();
  });

  test("code that never returns can be stopped", async () => {
    const { canvas, processes } = workbench.now;
    await run("spins");
    const card = canvas.card("spins");
    await card.becomes("running");
    const { runners } = await processes();
    expect(runners.length).toBeGreaterThan(0);
    await card.stop.click();
    await canvas.idle();
    expect(await card.status.innerText()).toBe("stopped");
    for (const pid of runners) await expect.poll(async () => (await processes()).runners).not.toContain(pid);
    await stillWell();
  });

  test("a runner that is killed fails the step under way, and the next run has another", async () => {
    const { canvas, processes } = workbench.now;
    await run("waits");
    const card = canvas.card("waits");
    await card.becomes("running");
    await expect.poll(() => card.root.locator(".progress").innerText()).toContain("waiting for go");
    const { runners } = await processes();
    expect(runners).toHaveLength(1);
    process.kill(runners[0]!, "SIGKILL");
    await card.becomes("failed");
    expect(await card.failure.innerText()).toMatch(/SIGKILL/);
    await stillWell();
    expect((await processes()).runners).not.toContain(runners[0]);
  });

  test("an engine that is killed is started again, with every result", async () => {
    const { canvas, processes, message } = workbench.now;
    await run("waits");
    await canvas.card("waits").becomes("running");
    const { engines, runners } = await processes();
    expect(engines).toHaveLength(1);
    process.kill(engines[0]!, "SIGKILL");
    await message(/engine stopped unexpectedly.*started again.*run under way is lost/s)
      .first()
      .waitFor();
    await expect.poll(async () => (await processes()).engines, { timeout: PATIENCE }).toHaveLength(1);
    expect((await processes()).engines).not.toEqual(engines);
    // Nobody is left behind without a parent.
    for (const pid of runners) await expect.poll(() => alive(pid), { timeout: PATIENCE }).toBe(false);
    await canvas.card("well").becomes("fresh");
    expect(await canvas.card("well").output("Loud").innerText()).toBe("ALL IS WELL");
    await expect.poll(() => canvas.runAll.isEnabled(), { timeout: PATIENCE }).toBe(true);
    await expect
      .poll(() => canvas.banner("engine stopped unexpectedly").count(), { timeout: PATIENCE })
      .toBeLessThan(2);
    await stillWell();
  });

  test("a run goes on while its panel is closed", async () => {
    const { canvas, page, runCommand, openFile, folder } = workbench.now;
    await run("waits");
    await canvas.card("waits").becomes("running");
    await page.locator(".tab", { hasText: "trouble graph" }).locator(".action-label[aria-label^='Close']").click();
    await canvas.panel.waitFor({ state: "detached" });
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await canvas.card("waits").becomes("running");
    await writeFile(join(folder, "go"), "");
    await canvas.card("waits").becomes("fresh");
    expect(await canvas.card("waits").output("Answer").innerText()).toBe("hello, at last");
  });

  test("a result that was damaged on disk is told, set aside and made again", async () => {
    const { canvas, folder, reload } = workbench.now;
    await stillWell();
    const count = await canvas.card("well").count();
    const results = join(folder, ".daggr", "results");
    const files = (await readdir(results, { recursive: true })).filter((name) => name.endsWith(".jsonl"));
    for (const file of files) await writeFile(join(results, file), "not what it was\n");
    await reload();
    await canvas.shown();
    await canvas.banner(/failed the check.*set aside/s).waitFor();
    await canvas.card("well").becomes("quiet");
    await run("well");
    await canvas.card("well").becomes("fresh");
    expect(await canvas.card("well").count()).toBe(count + 1);
    expect(await readdir(join(folder, ".daggr", "damaged"))).toHaveLength(files.length);
  });

  test("a workflow file that is gone is told, and shows its graph again when it is back", async () => {
    const { canvas, page, folder } = workbench.now;
    await page.locator(".tab", { hasText: FILE }).locator(".action-label[aria-label^='Close']").click();
    await page.locator(".tab", { hasText: FILE }).waitFor({ state: "detached" });
    await rename(join(folder, FILE), join(folder, "elsewhere.txt"));
    await canvas.document.getByText(`${FILE} is no longer on disk`).first().waitFor();
    await rename(join(folder, "elsewhere.txt"), join(folder, FILE));
    await canvas.shown();
    await canvas.card("well").becomes("fresh");
    expect(await canvas.card("well").output("Loud").innerText()).toBe("ALL IS WELL");
    await stillWell();
  });

  /** By its card. */
  async function run(id: string): Promise<void> {
    const { canvas } = workbench.now;
    await canvas.find(id);
    await canvas.card(id).run.click();
  }

  /** The panel lives, and the next run works. */
  async function stillWell(): Promise<void> {
    const { canvas } = workbench.now;
    const card = canvas.card("well");
    const before = await card.count();
    await canvas.find("well");
    const rerun = card.root.getByRole("menuitem", { name: "Rerun node" });
    // A menu closes when the window takes the focus for its own: whoever sees that opens it again.
    for (let pressed = false, tries = 0; !pressed && tries < 8; tries++) {
      await card.root.getByRole("button", { name: "Ways to run" }).click();
      pressed = await rerun.click({ timeout: 4000 }).then(
        () => true,
        () => false,
      );
    }
    await expect.poll(() => card.count(), { timeout: PATIENCE }).toBe(before + 1);
    await card.becomes("fresh");
    await canvas.idle();
  }
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
