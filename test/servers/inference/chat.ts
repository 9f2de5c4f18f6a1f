import type { ServerResponse } from "node:http";

export interface ChatCall {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: unknown }[];
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly n?: number;
  readonly reasoning_effort?: string;
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly stream_options?: { readonly include_usage?: boolean };
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
  const event = (body: object) => {
    response.write(`data: ${JSON.stringify({ ...about(call, "chat.completion.chunk"), ...body })}\n\n`);
  };
  const send = (delta: object, finish: "stop" | "length" | "tool_calls" | null, index = 0) => {
    event({ choices: [{ index, delta, finish_reason: finish }] });
  };
  if (call.reasoning_effort !== undefined)
    for (const part of ["Let me ", "think."]) send({ reasoning_content: part }, null);
  const [tool] = call.tools ?? [];
  if (tool) sendToolCall(tool.function.name, send);
  else {
    const words = reply(call);
    for (const [index, content] of words.entries()) {
      await beforeWord(index);
      if (response.destroyed) return;
      // Several answers come all at once, each piece with the number of the answer that it belongs to.
      for (let choice = 0; choice < (call.n ?? 1); choice++) {
        send({ role: "assistant", content: choice === 0 ? content : content.toUpperCase() }, null, choice);
      }
    }
    send({}, words.length === call.max_tokens ? "length" : "stop");
  }
  if (call.stream_options?.include_usage === true) event({ choices: [], usage: { total_tokens: 12 } });
  response.end("data: [DONE]\n\n");
}

function sendToolCall(name: string, send: (delta: object, finish: "tool_calls" | null) => void): void {
  send({ tool_calls: [{ index: 0, id: "call-1", type: "function", function: { name, arguments: "" } }] }, null);
  for (const part of ['{"city":', '"Rome"}']) send({ tool_calls: [{ index: 0, function: { arguments: part } }] }, null);
  send({}, "tool_calls");
}
