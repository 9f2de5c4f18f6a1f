import type { InferenceClient } from "@huggingface/inference";

/** All that a chat gives; the text is its main part. */
export interface ChatAnswer {
  /** Several texts where several were asked for (`n`). */
  readonly content: string | readonly string[];
  /** What a reasoning model thought; empty: nothing, or nothing that it shows. */
  readonly reasoning: string;
  readonly tool_calls: readonly ToolCall[];
  /** `stop`, `length`, `tool_calls`, `content_filter`; `null`: the provider doesn't say. */
  readonly finish_reason: string | null;
  /** Tokens as the provider counts them, where it does. */
  readonly usage: unknown;
}

/** What has come of it so far. */
export type ChatSoFar = Readonly<Record<"content" | "reasoning", string>>;

interface ToolCall {
  id: string;
  readonly type: "function";
  readonly function: { name: string; arguments: string };
}

/** The parts of a chunk that are read; providers leave out any of them. */
interface Chunk {
  readonly choices?: readonly {
    readonly index?: number;
    readonly finish_reason?: string | null;
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly id?: string | null;
        readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
      }[];
    };
  }[];
  readonly usage?: unknown;
}

/** The connection ended as if all were well, and the answer had not. */
export class CutAnswer extends Error {}

/**
 * Streams a chat.
 *
 * @param partial gets what has come so far and in how many pieces, which are about as many as it has tokens
 * @throws CutAnswer
 */
export async function streamChat(
  client: InferenceClient,
  request: object,
  options: { readonly fetch: typeof fetch },
  partial: (soFar: ChatSoFar, pieces: number) => void,
): Promise<ChatAnswer> {
  const end = { seen: false };
  // The request is checked by name; the client's types want each model's own.
  const stream = client.chatCompletionStream(request as Parameters<InferenceClient["chatCompletionStream"]>[0], {
    ...options,
    fetch: noticingTheEnd(options.fetch, end),
  }) as AsyncIterable<Chunk>;
  const texts: string[] = [""];
  const tools: ToolCall[] = [];
  let reasoning = "";
  let finish: string | null = null;
  let usage: unknown = null;
  let pieces = 0;
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    for (const { index = 0, delta = {}, finish_reason } of chunk.choices ?? []) {
      if (index === 0) finish = finish_reason ?? finish;
      const thought = index === 0 ? (delta.reasoning_content ?? delta.reasoning ?? "") : "";
      reasoning += thought;
      if (index === 0) addTools(tools, delta.tool_calls ?? []);
      const more = delta.content ?? "";
      if (more !== "") texts[index] = (texts[index] ?? "") + more;
      if (thought !== "" || (index === 0 && more !== "")) partial({ content: texts[0] ?? "", reasoning }, ++pieces);
    }
  }
  if (finish === null && !end.seen) throw new CutAnswer();
  const content = texts.length > 1 ? Array.from(texts, (text) => text) : (texts[0] ?? "");
  return { content, reasoning, tool_calls: tools, finish_reason: finish, usage };
}

function addTools(
  tools: ToolCall[],
  deltas: NonNullable<NonNullable<Chunk["choices"]>[0]["delta"]>["tool_calls"],
): void {
  for (const { index = tools.length, id, function: fn } of deltas ?? []) {
    const call = (tools[index] ??= { id: "", type: "function", function: { name: "", arguments: "" } });
    call.id ||= id ?? "";
    call.function.name ||= fn?.name ?? "";
    call.function.arguments += fn?.arguments ?? "";
  }
}

/** The client ends in the same way whether or not the answer's last line came. */
function noticingTheEnd(send: typeof fetch, end: { seen: boolean }): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (!response.ok || !response.body) return response;
    const decoder = new TextDecoder();
    let last = "";
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        last = (last + decoder.decode(bytes, { stream: true })).slice(-200);
        end.seen ||= last.includes("data: [DONE]") || last.includes("data:[DONE]");
        controller.enqueue(bytes);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(watch), { status, statusText, headers });
  };
}
