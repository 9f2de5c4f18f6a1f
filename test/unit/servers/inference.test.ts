import { InferenceClient } from "@huggingface/inference";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type InferenceServer, startInference } from "../../servers/inference.js";

describe("the inference server that other tests talk to", () => {
  let server: InferenceServer;
  beforeAll(async () => {
    server = await startInference();
  });
  beforeEach(() => server.forgetRequests());
  afterAll(() => server.stop());

  const client = () => new InferenceClient("hf_test", { fetch: server.fetch, retry_on_error: false });

  test("gives an image's bytes for a prompt", async () => {
    const image = await client().textToImage(
      { provider: "hf-inference", model: "test/text-to-image", inputs: "a fox", parameters: { width: 8, height: 8 } },
      { outputType: "blob" },
    );
    expect(image.type).toBe("image/png");
    expect([...new Uint8Array(await image.arrayBuffer())].slice(0, 4)).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  test("hears the audio that was sent", async () => {
    const data = new Blob([new Uint8Array(1234)], { type: "audio/wav" });
    const heard = await client().automaticSpeechRecognition({
      provider: "hf-inference",
      model: "test/automatic-speech-recognition",
      data,
    });
    expect(heard.text).toBe("1234 bytes of audio/wav");
  });

  test.each(["hf-inference", "together", "auto"] as const)(
    "streams a chat through %s, word by word",
    async (provider) => {
      const stream = client().chatCompletionStream({
        provider,
        model: "test/chat",
        messages: [{ role: "user", content: "three little words" }],
      });
      const words = await Array.fromAsync(stream, ({ choices }) => choices[0]?.delta.content ?? "");
      expect(words).toEqual(["You ", "said: ", "three ", "little ", "words", ""]);
    },
  );

  test("answers the tasks whose inputs are objects", async () => {
    const { answer } = await client().questionAnswering({
      provider: "hf-inference",
      model: "test/question-answering",
      inputs: { question: "Who?", context: "Ada wrote it." },
    });
    expect(answer).toBe("Ada");
    const labels = await client().zeroShotClassification({
      provider: "hf-inference",
      model: "test/zero-shot-classification",
      inputs: "text",
      parameters: { candidate_labels: ["a", "b"] },
    });
    expect(labels.map(({ label }) => label)).toEqual(["a", "b"]);
  });

  test("fails as the router does, and only as often as it was told to", async () => {
    const ask = () =>
      client().chatCompletion({
        provider: "hf-inference",
        model: "test/chat",
        messages: [{ role: "user", content: "hi" }],
      });
    server.failNext("test/chat", "loading");
    await expect(ask()).rejects.toMatchObject({ httpResponse: { status: 503 } });
    await expect(ask()).resolves.toMatchObject({ choices: [{ message: { content: "You said: hi" } }] });
  });

  test("records which host was meant to get the token", async () => {
    await client().summarization({ provider: "hf-inference", model: "test/summarization", inputs: "Long text" });
    const [request] = server.requests.filter(({ method }) => method === "POST");
    expect(request).toMatchObject({ host: "router.huggingface.co", headers: { authorization: "Bearer hf_test" } });
  });

  test("sees that a caller gave up in the middle of a stream", async () => {
    const stop = new AbortController();
    const hold = server.hold("test/chat", 2);
    const stream = client().chatCompletionStream(
      { provider: "hf-inference", model: "test/chat", messages: [{ role: "user", content: "go on" }] },
      { signal: stop.signal },
    );
    const reading = Array.fromAsync(stream);
    await hold.reached;
    stop.abort();
    await expect(reading).rejects.toThrow();
    await expect.poll(() => server.requests.at(-1)?.closedEarly).toBe(true);
    hold.release();
  });
});
