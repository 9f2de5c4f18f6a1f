import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useWorkbench } from "./workbench.js";

const FILE = "shouting.daggr.ts";

describe("a node that runs once for each item of a list", () => {
  const workbench = useWorkbench({ source: fileURLToPath(new URL("workflows/items", import.meta.url)) });

  test("tells how many are done, and which failed, while the others are kept", async () => {
    const { openFile, runCommand, canvas } = workbench.now;
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await canvas.fit();
    await canvas.watch();
    await canvas.runEverything();
    const shout = canvas.card("shout");
    await shout.becomes("failed");
    const told = (await canvas.seen()).filter(({ node }) => node === "shout").map(({ status }) => status);
    // A machine that is busy draws some of the numbers only.
    const numbers = told.flatMap((status) => /^(\d) of 6$/.exec(status)?.[1] ?? []);
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers).toEqual([...new Set(numbers)].sort());
    expect(await shout.status.innerText()).toBe("1 of 6 failed");
    expect(await calls()).toEqual(["the", "quick", "bad", "fox", "jumps", "over"]);
    await item(1, "succeeded").getByText("THE", { exact: true }).waitFor();
    expect(await item(3, "failed").innerText()).toContain("bad cannot be shouted");
    expect(await canvas.card("together").failure.innerText()).toContain("item 3 failed");
  });

  test("an item leads to the line that threw, and has its own log", async () => {
    const { canvas, editor } = workbench.now;
    await canvas.find("Shout");
    await item(3, "failed").click();
    const detail = canvas.card("shout").root.getByRole("group", { name: "Item 3" });
    expect((await detail.getByRole("log").innerText()).trim()).toBe("shouting bad");
    const { line, column } = await editor.find(FILE, "new RangeError");
    await detail.getByRole("button", { name: `${FILE}:${line}` }).click();
    await expect.poll(() => editor.cursor()).toEqual({ line, column });
    await item(3, "failed").click();
  });

  test("once what it was given is put right, only the item that failed is run again", async () => {
    const { canvas } = workbench.now;
    await canvas.find("Words");
    await canvas.card("words").field("text").fill("the quick good fox jumps over");
    await canvas.card("words").becomes("stale");
    await canvas.card("words").run.click();
    await canvas.card("words").becomes("fresh");
    await canvas.idle();
    await canvas.find("Shout");
    await canvas.card("shout").root.getByRole("button", { name: "Retry failed (1)" }).click();
    await canvas.card("shout").becomes("fresh");
    await canvas.idle();
    expect(await calls()).toEqual(["good"]);
    await item(3, "succeeded").getByText("GOOD", { exact: true }).waitFor();
    await item(1, "reused").waitFor();
    await canvas.runEverything();
    expect(await calls()).toEqual([]);
    expect(await canvas.card("together").output("All of it").innerText()).toBe("THE QUICK GOOD FOX JUMPS OVER");
  });

  test("one item is replayed alone, and all is there after the window was reloaded", async () => {
    const { canvas, reload } = workbench.now;
    await canvas.find("Shout");
    await canvas.card("shout").root.getByRole("button", { name: "Replay item 2" }).click();
    await canvas.card("shout").becomes("running");
    await canvas.card("shout").becomes("fresh");
    expect(await calls()).toEqual(["quick"]);
    await reload();
    await canvas.shown();
    await item(2, "succeeded").getByText("QUICK", { exact: true }).waitFor();
    expect(await canvas.card("shout").root.locator(".card-header").innerText()).toContain("× 6");
  });

  /** The row of an item, from 1. */
  function item(number: number, word: string): Locator {
    return workbench.now.canvas
      .card("shout")
      .root.getByRole("button", { name: new RegExp(`^${word} Item ${number} `) });
  }

  /** The words that were shouted since this was asked last. */
  async function calls(): Promise<string[]> {
    const path = join(workbench.now.folder, "calls.txt");
    const text = await readFile(path, "utf8").catch(() => "");
    await rm(path, { force: true });
    return text.split("\n").filter((line) => line !== "");
  }
});
