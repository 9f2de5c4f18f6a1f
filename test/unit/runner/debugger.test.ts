import { SourceMap } from "node:module";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WAIT_FOR_DEBUGGER } from "../../../src/protocol/runner.js";
import { buildRunner, startRunner, workspace } from "./runnerProcess.js";

let built: Awaited<ReturnType<typeof buildRunner>>;
beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** As much of a debugger as it takes to stop somewhere. */
async function attach(address: string) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const replies = new Map<number, (result: Message["result"]) => void>();
  const waiting: { holds: (message: Message) => boolean; resolve: (message: Message) => void }[] = [];
  const seen: Message[] = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message; // the inspector's protocol
    if (message.id !== undefined) replies.get(message.id)?.(message.result);
    seen.push(message);
    for (const each of waiting) if (each.holds(message)) each.resolve(message);
  };
  let count = 0;
  return {
    send: (method: string, params: object = {}) =>
      new Promise<Message["result"]>((resolve) => {
        replies.set(++count, resolve);
        socket.send(JSON.stringify({ id: count, method, params }));
      }),
    event: (holds: (message: Message) => boolean) =>
      new Promise<Message>((resolve) => {
        const before = seen.find(holds);
        if (before) resolve(before);
        else waiting.push({ holds, resolve });
      }),
    close: () => socket.close(),
  };
}

test("a breakpoint in the TypeScript file stops there, with the file's own name and line", async () => {
  const space = workspace(`import { FnNode, Graph } from "daggr";
interface Unused {
  a: string;
}
enum E { A, B }

const node = new FnNode(function work({ n }: { n: number }): number {
  const doubled: number = n * 2;
  return doubled + E.B;
}, { name: "n", inputs: { n: 20 } });
export default new Graph({ name: "g", nodes: [node] });
`);
  const runner = startRunner(built.path, space, { fork: { execArgv: ["--inspect-brk=127.0.0.1:0"] } });
  try {
    await expect.poll(() => /ws:\/\/\S+/.exec(runner.stderr())?.[0]).toBeDefined();
    const inspector = await attach(/ws:\/\/\S+/.exec(runner.stderr())![0]);
    await inspector.send("Debugger.enable");
    await inspector.send("Runtime.runIfWaitingForDebugger");
    await inspector.event(({ method }) => method === "Debugger.paused");
    await inspector.send("Debugger.resume");
    expect(await runner.load()).toMatchObject({ ok: true });

    const url = pathToFileURL(space.file).href;
    const script = await inspector.event(
      ({ method, params }) => method === "Debugger.scriptParsed" && params?.url === url,
    );
    const encoded = String(script.params?.sourceMapURL).split("base64,")[1]!;
    const payload = JSON.parse(Buffer.from(encoded, "base64").toString()) as ConstructorParameters<typeof SourceMap>[0];
    // A relative source is resolved against the script's own address, which must lead to the file itself.
    expect(new URL(payload.sources[0]!, url).href).toBe(url);
    const map = new SourceMap(payload);
    const written = 9; // `return doubled + E.B`, counted from 1
    const lines = Array.from({ length: 60 }, (_, line) => line);
    const generated = lines.find((line) => {
      const entry = map.findEntry(line, 4);
      return "originalLine" in entry && entry.originalLine === written - 1 && entry.generatedLine === line;
    });
    const set = await inspector.send("Debugger.setBreakpointByUrl", { url, lineNumber: generated });
    expect(set?.locations).toHaveLength(1);

    const outputs = runner.outputs("n");
    const paused = await inspector.event(
      ({ method, params }) => method === "Debugger.paused" && (params?.hitBreakpoints as string[]).length > 0,
    );
    const [frame] = paused.params?.callFrames as [
      { functionName: string; callFrameId: string; location: { lineNumber: number; columnNumber: number } },
    ];
    expect(frame.functionName).toBe("work");
    const at = map.findEntry(frame.location.lineNumber, frame.location.columnNumber);
    expect("originalLine" in at && at.originalLine + 1).toBe(written);
    const value = await inspector.send("Debugger.evaluateOnCallFrame", {
      callFrameId: frame.callFrameId,
      expression: "doubled",
    });
    expect(value).toMatchObject({ result: { value: 40 } });
    await inspector.send("Debugger.resume");
    expect(await outputs).toEqual({ output: 41 });
    inspector.close();
  } finally {
    await runner.stop();
    space.remove();
  }
});

test("a runner that waits for a debugger loads once one has attached", async () => {
  const space = workspace(`import { FnNode, Graph } from "daggr";
export default new Graph({ name: "g", nodes: [new FnNode(() => process.argv.length, { name: "n" })] });
`);
  const runner = startRunner(built.path, space, { args: [WAIT_FOR_DEBUGGER] });
  try {
    let isLoaded = false;
    const loaded = runner.load().finally(() => (isLoaded = true));
    await expect.poll(() => /ws:\/\/\S+/.exec(runner.stderr())?.[0]).toBeDefined();
    const inspector = await attach(/ws:\/\/\S+/.exec(runner.stderr())![0]);
    await inspector.send("Debugger.enable");
    expect(isLoaded).toBe(false);
    await inspector.send("Runtime.runIfWaitingForDebugger");
    expect(await loaded).toMatchObject({ ok: true });
    // User code sees nothing of the argument.
    expect(await runner.outputs("n")).toEqual({ output: 2 });
    inspector.close();
  } finally {
    await runner.stop();
    space.remove();
  }
});
