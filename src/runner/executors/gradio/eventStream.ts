export interface StreamListener {
  /** Bytes of any kind arrived: the connection lives. */
  readonly heard: () => void;
  /** The server closed the stream in an orderly way. */
  readonly ended: () => void;
  /** The connection broke, or the server refused. */
  readonly broken: (error: unknown) => void;
}

/**
 * What the Gradio client listens to for the events of its calls. The client's own version tells nobody when a stream ends in the
 * middle of a call, and nothing of the heartbeats between events.
 */
export function openEventStream(
  fetched: Promise<Response>,
  url: string,
  close: () => void,
  listener: StreamListener,
): EventSource {
  const source: Pick<EventSource, "url" | "withCredentials" | "CONNECTING" | "OPEN" | "CLOSED" | "close"> & {
    readyState: number;
    onmessage: ((event: { readonly data: string }) => void) | null;
    onerror: null;
    onopen: null;
  } = {
    url,
    withCredentials: false,
    CONNECTING: 0,
    OPEN: 1,
    CLOSED: 2,
    readyState: 0,
    close,
    onmessage: null,
    onerror: null,
    onopen: null,
  };
  const read = async () => {
    const response = await fetched;
    if (!response.ok || !response.body)
      throw new Error(`The app answered ${response.status} to the request for events.`);
    source.readyState = source.OPEN;
    let rest = "";
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      listener.heard();
      const messages = (rest + text).split(/\r?\n\r?\n/);
      rest = messages.pop() ?? "";
      for (const message of messages) {
        const data = dataOf(message);
        if (data !== "") source.onmessage?.({ data });
      }
    }
  };
  read()
    .then(listener.ended, listener.broken)
    .finally(() => (source.readyState = source.CLOSED));
  // Of all that browsers' event sources have, the client uses what is here.
  return source as unknown as EventSource;
}

function dataOf(message: string): string {
  return message
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).replace(/^ /, ""))
    .join("\n");
}
