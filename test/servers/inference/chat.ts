import type { ServerResponse } from "node:http";

export interface ChatCall {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly stream?: boolean;
  readonly max_tokens?: number;
}

/** The reply names what was asked, so that a test sees whether the right messages arrived. */
function reply(call: ChatCall): string[] {
  const asked = call.messages?.findLast(({ role }) => role === "user")?.content;
  const text = typeof asked === "string" ? asked : JSON.stringify(asked);
  const words = `You said: ${text}`.split(/(?<=\s)/);
  return call.max_tokens === undefined ? words : words.slice(0, call.max_tokens);
}

const about = (call: ChatCall, object: string) => ({
  id: "chatcmpl-1",
  object,
  created: 1_760_000_000,
  model: call.model ?? "",
  system_fingerprint: "fp_test",
});

/** The body of a chat completion that isn't streamed. */
export function chatCompletion(call: ChatCall): unknown {
  const words = reply(call);
  return {
    ...about(call, "chat.completion"),
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: words.join("") } }],
    usage: { prompt_tokens: 3, completion_tokens: words.length, total_tokens: 3 + words.length },
  };
}

/** Sends a completion word by word, as server-sent events. `beforeWord` may hold it back. */
export async function streamChat(
  call: ChatCall,
  response: ServerResponse,
  beforeWord: (index: number) => Promise<void>,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (delta: object, finish: "stop" | null) => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...about(call, "chat.completion.chunk"), choices })}\n\n`);
  };
  for (const [index, content] of reply(call).entries()) {
    await beforeWord(index);
    if (response.destroyed) return;
    send({ role: "assistant", content }, null);
  }
  send({}, "stop");
  response.end("data: [DONE]\n\n");
}
