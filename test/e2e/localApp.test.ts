import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort, startServer, type Server } from "../../scripts/server.mjs";
import { gradio } from "../../scripts/setup/gradio.mjs";
import { PATIENCE } from "./patience.js";
import { useWorkbench } from "./workbench.js";

const FILE = "02-local-app.daggr.ts";

describe("a Gradio app on this machine", () => {
  let port: number;
  let app: Server;
  const workbench = useWorkbench({
    // Another port than the sample's own, which somebody may be using.
    prepare: async (folder) => {
      port = await freePort();
      for (const name of [FILE, "local-app/app.py"]) {
        const file = join(folder, name);
        await writeFile(file, (await readFile(file, "utf8")).replaceAll("7860", String(port)));
      }
    },
  });
  const start = async () =>
    startServer(await gradio(), [join(workbench.now.folder, "local-app", "app.py")], {
      port,
      env: { GRADIO_ANALYTICS_ENABLED: "False" },
      timeout: PATIENCE,
    });
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.stop());

  test("draws and paints, and the pictures appear in the cards", async () => {
    const { openFile, runCommand, canvas } = workbench.now;
    await openFile(FILE);
    await runCommand("Daggr: Open Graph");
    await canvas.shown();
    await canvas.fit();
    await canvas.runEverything();
    for (const [node, label] of [
      ["rings", "Picture"],
      ["pencil", "Sketch"],
      ["tint", "Tinted"],
    ] as const) {
      await canvas.find(node);
      await canvas.card(node).becomes("fresh");
      expect(await canvas.card(node).pictureWidth(label)).toBe(640);
    }
    expect(await canvas.card("pencil").output("Note").innerText()).toMatch(/^\d+% of the paper is covered$/);
  });

  test("that was stopped is a failed card, which says what to do and keeps the last good picture", async () => {
    const { canvas } = workbench.now;
    await app.stop();
    await canvas.find("pencil");
    const pencil = canvas.card("pencil");
    await pencil.root.getByRole("textbox", { name: "Softness, as a number" }).fill("20");
    await pencil.becomes("stale");
    await pencil.run.click();
    await pencil.becomes("failed");
    const words = await pencil.failure.innerText();
    expect(words).toContain(`127.0.0.1:${port}`);
    expect(words).toMatch(/start/i);
    expect(await pencil.reason.innerText()).toBe("The server cannot be reached");
    expect(await pencil.pictureWidth("Sketch")).toBe(640);
    expect(await pencil.output("Note").innerText()).toMatch(/covered$/);
  });

  test("that is back works again", async () => {
    const { canvas } = workbench.now;
    app = await start();
    await canvas.runEverything();
    await canvas.card("pencil").becomes("fresh");
    await canvas.card("tint").becomes("fresh");
    // The one that failed never answered, and the rings have not changed.
    expect(await canvas.card("rings").count()).toBe(1);
    expect(await canvas.card("tint").count()).toBe(2);
  });
});
