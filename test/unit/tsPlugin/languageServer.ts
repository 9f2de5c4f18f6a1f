import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type ts from "typescript";

type Response = ts.server.protocol.Response;

/** TypeScript's real language server in a process of its own, with one plugin, as an editor starts it. */
export class LanguageServer {
  private readonly process: ChildProcess;
  private readonly pending = new Map<number, (response: Response) => void>();
  private sequence = 0;

  /** @param pluginRoot folder whose `node_modules` holds the plugin */
  constructor(plugin: string, pluginRoot: string) {
    const server = join(import.meta.dirname, "../../../node_modules/typescript/lib/tsserver.js");
    this.process = fork(
      server,
      // prettier-ignore
      ["--useNodeIpc", "--disableAutomaticTypingAcquisition", "--globalPlugins", plugin, "--pluginProbeLocations", pluginRoot],
      { stdio: ["ignore", "ignore", "inherit", "ipc"] },
    );
    this.process.on("message", (message: Response | ts.server.protocol.Event) => {
      if (message.type === "response") this.pending.get(message.request_seq)?.(message);
    });
  }

  notify(command: string, args: object): void {
    this.process.send({ seq: ++this.sequence, type: "request", command, arguments: args });
  }

  async request(command: string, args: object): Promise<Response> {
    const answered = new Promise<Response>((resolve) => this.pending.set(this.sequence + 1, resolve));
    this.notify(command, args);
    return answered;
  }

  async stop(): Promise<void> {
    const exited = once(this.process, "exit");
    this.process.kill();
    await exited;
  }
}
