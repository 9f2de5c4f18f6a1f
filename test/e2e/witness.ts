import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page, Request } from "playwright-core";
import { inPage } from "./inPage.js";

/** How much of each kind is told. */
const LINES = 40;

/** Watches a page from its beginning, so that a test that fails by waiting says what the page was waiting for. */
export class Witness {
  readonly #page: Page;
  readonly #started = performance.now();
  readonly #said: string[] = [];
  readonly #failed: string[] = [];
  readonly #pending = new Map<Request, number>();

  constructor(page: Page) {
    this.#page = page;
    page.on("console", (message) => this.#say(`${message.type()}: ${message.text().slice(0, 500)}`));
    page.on("pageerror", (error) => this.#say(`error: ${error.stack ?? error.message}`));
    page.on("crash", () => this.#say("the page crashed"));
    page.on("request", (request) => this.#pending.set(request, performance.now()));
    page.on("requestfinished", (request) => this.#pending.delete(request));
    page.on("requestfailed", (request) => {
      this.#pending.delete(request);
      this.#failed.push(`${this.#now()} ${request.failure()?.errorText ?? "failed"}: ${request.url().slice(0, 200)}`);
    });
  }

  /**
   * What there is to know about the page, in plain lines.
   * @param userData VS Code's profile, whose logs of this window are told as well
   */
  async report(userData: string): Promise<string> {
    const now = performance.now();
    const pending = [...this.#pending].map(
      ([request, since]) =>
        `${((now - since) / 1000).toFixed(1)} s: ${request.method()} ${request.url().slice(0, 200)}`,
    );
    const parts: [string, readonly string[]][] = [
      ["Frames", await Promise.all(this.#page.frames().map(describeFrame))],
      ["Unanswered requests", pending],
      ["Failed requests", this.#failed],
      ["Console", this.#said],
      ...(await logs(userData)),
    ];
    return parts.map(([title, lines]) => [`${title}:`, ...lines.slice(-LINES)].join("\n    ")).join("\n  ");
  }

  #say(text: string): void {
    this.#said.push(`${this.#now()} ${text}`);
  }

  #now(): string {
    return `+${((performance.now() - this.#started) / 1000).toFixed(1)} s`;
  }
}

async function describeFrame(frame: Frame): Promise<string> {
  const state = inPage<string>(frame.locator("html"), "documentState");
  const silent = new Promise<string>((resolve) => setTimeout(() => resolve("does not answer"), 3_000));
  return `${frame.url().slice(0, 160)}: ${await Promise.race([state, silent]).catch((error: unknown) => String(error).slice(0, 200))}`;
}

/** The ends of the logs that VS Code keeps of a session: its own, the extension host's, and what extensions print. */
async function logs(userData: string): Promise<[string, string[]][]> {
  const folder = join(userData, "logs");
  const sessions = await readdir(folder).catch(() => []);
  const last = sessions.sort().at(-1);
  if (last === undefined) return [];
  const names = await readdir(join(folder, last), { recursive: true });
  const files = names.filter((name) => name.endsWith(".log") && /remoteagent|remoteexthost|Daggr|window/i.test(name));
  return Promise.all(
    files.map(async (name): Promise<[string, string[]]> => {
      const text = await readFile(join(folder, last, name), "utf8");
      return [
        name,
        text
          .trimEnd()
          .split("\n")
          .map((line) => line.slice(0, 300)),
      ];
    }),
  );
}
