import { Client } from "@gradio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GradioServer, startGradio } from "../../servers/gradio.js";

describe("the Gradio server that other tests talk to", () => {
  let server: GradioServer;
  beforeAll(async () => {
    server = await startGradio();
  });
  afterAll(() => server.stop());

  test("answers with one value, with several, and with a list as one value", async () => {
    const client = await Client.connect(server.url);
    expect((await client.predict("/echo", ["hello"])).data).toEqual(["hello"]);
    expect((await client.predict("/two", ["abc", 4])).data).toEqual(["ABC", 8]);
    expect((await client.predict("/items", [2, "line"])).data).toEqual([
      [
        { index: 0, text: "line 0" },
        { index: 1, text: "line 1" },
      ],
    ]);
    client.close();
  });

  test("tells its message when an endpoint fails", async () => {
    const client = await Client.connect(server.url);
    await expect(client.predict("/fail", ["no luck"])).rejects.toMatchObject({ message: "no luck" });
    client.close();
  });

  test("asks for a login when it was started with one", async () => {
    const locked = await startGradio({ auth: { user: "ada", password: "secret" } });
    try {
      await expect(Client.connect(locked.url)).rejects.toThrow();
      const client = await Client.connect(locked.url, { auth: ["ada", "secret"] });
      const { data } = await client.predict("/whoami", []);
      expect(data).toMatchObject([{ user: "ada" }]);
      client.close();
    } finally {
      await locked.stop();
    }
  });
});
