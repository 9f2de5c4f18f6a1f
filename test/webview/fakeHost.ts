import { createBirpc, type BirpcReturn } from "birpc";
import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { FAILED_LIMIT, type ItemCounts, type ItemsPage, type ItemView } from "../../src/model/items.js";
import type { Plan } from "../../src/model/plan.js";
import { reduceWorkflow } from "../../src/model/reduceWorkflow.js";
import type { SheetChange } from "../../src/model/sheets.js";
import type { FileRef, StoredValue, Value } from "../../src/model/value.js";
import type { WorkflowEvent, WorkflowState } from "../../src/model/workflowState.js";
import type { CanvasApi, CanvasHostApi } from "../../src/protocol/canvas.js";
import type { PageServer } from "./pageServer.js";

export interface Call {
  readonly method: keyof CanvasHostApi;
  readonly args: readonly unknown[];
}

/** The extension's side of the channel, in the test: says what the test wants said, and writes down what it is asked. */
export class FakeHost {
  state: WorkflowState;
  /** Everything but `ready`, `fileUri`, `readValue` and `items`. */
  readonly calls: Call[] = [];
  readonly large = new Map<string, Value>();
  /** The items of nodes that run once an item, by node. */
  readonly items = new Map<string, readonly ItemView[]>();
  /** What was asked for of them. */
  readonly pages: { readonly node: string; readonly from: number; readonly count: number; readonly at: number }[] = [];
  /** Waited for before a page is sent. */
  holdPages: () => Promise<void> = () => Promise.resolve();
  /** Waited for before a run is answered. */
  runEnd: Promise<void> = Promise.resolve();
  /** What a run would do. */
  plan: Plan | null = null;
  /** For every `setInput`: on which sheet. */
  readonly typedOn: string[] = [];
  /** What the host does with sheets. */
  onSheetChange: (change: SheetChange) => Promise<void> = () => Promise.resolve();
  /** Whether answers to questions are taken. */
  takesAnswers = true;
  #sequence = 0;
  #receive: (message: unknown) => void = () => undefined;
  #canvas: BirpcReturn<CanvasApi, CanvasHostApi> | null = null;

  constructor(
    state: WorkflowState,
    private readonly server: PageServer,
  ) {
    this.state = state;
  }

  async attach(page: Page): Promise<void> {
    await page.exposeFunction("toHost", (message: string) => this.#receive(JSON.parse(message, bytes)));
    this.#canvas = createBirpc<CanvasApi, CanvasHostApi>(this.#api(), {
      // A page that has gone away misses its messages, as in VS Code.
      post: (message) =>
        page
          .evaluate(
            // Runs in the page, where there is a window. As text, for objects are sent there a part at a time.
            (data) =>
              (globalThis as unknown as { postMessage(data: unknown, to: string): void }).postMessage(
                JSON.parse(data) as unknown,
                "*",
              ),
            JSON.stringify(message),
          )
          .catch(() => undefined),
      on: (receive) => (this.#receive = receive),
      timeout: -1,
    });
  }

  /** Changes the state as the engine does, and tells the canvas. */
  emit(event: WorkflowEvent): void {
    this.state = reduceWorkflow(this.state, event);
    this.#sequence += 1;
    void this.#canvas?.event.asEvent(this.#sequence, event);
  }

  /** Changes the state without telling: the canvas must find out by the gap. */
  lose(event: WorkflowEvent): void {
    this.state = reduceWorkflow(this.state, event);
    this.#sequence += 1;
  }

  mark(node: string | null, reveal: boolean): void {
    void this.#canvas?.mark.asEvent(node, reveal);
  }

  showControl(card: string, control: string): void {
    void this.#canvas?.showControl.asEvent(card, control);
  }

  connection(problem: string | null): void {
    void this.#canvas?.connection.asEvent(problem);
  }

  callsTo(method: Call["method"]): readonly Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  #api(): CanvasHostApi {
    const note =
      (method: Call["method"]) =>
      (...args: unknown[]): void =>
        void this.calls.push({ method, args });
    return {
      ready: () => Promise.resolve({ sequence: this.#sequence, state: this.state }),
      run: (request) => {
        note("run")(request);
        return this.runEnd;
      },
      plan: (request) => {
        note("plan")(request);
        return Promise.resolve(this.plan);
      },
      stop: note("stop"),
      setInput: (control, value, sheet) => {
        note("setInput")(control, value);
        this.typedOn.push(sheet);
        if (sheet !== this.state.sheet.id) return Promise.resolve();
        const others = Object.entries(this.state.sheet.values).filter(([name]) => name !== control);
        const values = Object.fromEntries([...others, ...(value === null ? [] : [[control, inline(value)] as const])]);
        this.emit({ type: "sheet-changed", sheet: { ...this.state.sheet, values } });
        return Promise.resolve();
      },
      importFile: (name, content) => {
        note("importFile")(name, content);
        return Promise.resolve(this.takeFile(name, "image/png", content));
      },
      fileUri: (ref) => Promise.resolve(this.server.fileAddress(ref)),
      answer: (...args) => {
        note("answer")(...args);
        return Promise.resolve(this.takesAnswers);
      },
      items: (node, from, count) => this.#page(node, from, count),
      readValue: (value) => Promise.resolve(this.large.get(value.digest) ?? null),
      saveFile: note("saveFile"),
      saveText: note("saveText"),
      copy: note("copy"),
      openSource: note("openSource"),
      openExternal: note("openExternal"),
      showLog: note("showLog"),
      manageTrust: note("manageTrust"),
      newWorkflow: note("newWorkflow"),
      signIn: note("signIn"),
      clearCache: note("clearCache"),
      pin: note("pin"),
      unsent: note("unsent"),
      keepView: note("keepView"),
      changeSheets: (change) => {
        note("changeSheets")(change);
        return this.onSheetChange(change);
      },
      askSheets: note("askSheets"),
      selected: note("selected"),
    };
  }

  async #page(node: string, from: number, count: number): Promise<ItemsPage | null> {
    this.pages.push({ node, from, count, at: Date.now() });
    const items = this.items.get(node);
    await this.holdPages();
    if (!items) return null;
    const having = (status: ItemView["status"]): readonly ItemView[] => items.filter((item) => item.status === status);
    const failed = having("failed").map(({ index }) => index);
    const counts: ItemCounts = {
      total: items.length,
      succeeded: having("succeeded").length,
      reused: having("reused").length,
      failed: failed.length,
    };
    return { counts, failed: failed.slice(0, FAILED_LIMIT), items: items.slice(from, from + count) };
  }

  takeFile(name: string, mediaType: string, content: Uint8Array): FileRef {
    const ref: FileRef = {
      $file: createHash("sha256").update(content).digest("hex"),
      name,
      mediaType,
      size: content.byteLength,
    };
    this.server.addFile(ref, content);
    return ref;
  }
}

export function inline(value: Value): StoredValue {
  return { kind: "inline", digest: createHash("sha256").update(JSON.stringify(value)).digest("hex"), value };
}

/** Turns what the page's shim made of bytes back into them. */
function bytes(_key: string, value: unknown): unknown {
  if (typeof value === "object" && value !== null && "$bytes" in value && typeof value.$bytes === "string") {
    return new Uint8Array(Buffer.from(value.$bytes, "base64"));
  }
  return value;
}
