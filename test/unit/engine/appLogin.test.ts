import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GradioServer, startGradio } from "../../servers/gradio.js";
import { Workspace } from "./workspace.js";

let app: GradioServer;
let w: Workspace;

beforeAll(async () => {
  app = await startGradio({ auth: { user: "ann", password: "s3cret" } });
}, 90_000);
afterAll(() => app.stop());
afterEach(() => w.dispose());

const textWith = (login: string) => `import { GradioNode, Graph, gr } from "daggr";
const echo = new GradioNode(${JSON.stringify(app.url.replace("://", `://${login}`))}, {
  apiName: "/echo",
  inputs: { text: "hi" },
  outputs: { text: gr.Textbox() },
});
export default new Graph({ name: "login", nodes: [echo] });
`;

/** The texts of all files that are kept. */
function kept(): string {
  const folder = join(w.folder, ".daggr");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1")).join("\n");
}

test("an app's password is kept nowhere, and another one makes nothing stale; another user does", async () => {
  w = await Workspace.create(textWith("ann:wrongpass@"));
  await w.open();
  await w.run();
  expect(w.node("echo").outcome).toMatchObject({ kind: "failed", failure: { reason: "login-needed" } });
  await w.save(textWith("ann:s3cret@"));
  expect(await w.run()).toMatchObject({ value: { status: "succeeded", executed: 1 } });
  expect(kept()).toContain("ann@127.0.0.1");
  expect(kept()).not.toMatch(/s3cret|wrongpass/);

  await w.save(textWith("ann:newpass@"));
  expect(await w.run()).toMatchObject({ value: { status: "succeeded", executed: 0, reused: 1 } });
  await w.save(textWith("bob:newpass@"));
  await w.run();
  expect(w.node("echo").outcome).toMatchObject({ kind: "failed", failure: { reason: "login-needed" } });
}, 60_000);

test("an app that asks for a login says how to write it", async () => {
  w = await Workspace.create(textWith(""));
  await w.open();
  await w.run();
  const { host } = new URL(app.url);
  expect(w.node("echo").outcome).toMatchObject({
    failure: { hint: `Write its address with user and password before the host: user:password@${host}.` },
  });
}, 60_000);
