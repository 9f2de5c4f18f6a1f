import type { ServerResponse } from "node:http";
import type { RecordedRequest } from "../inference.js";
import { json } from "./faults.js";
import { png } from "./media.js";

type Step = "status" | "result" | "media";
/** An HTTP status; `drop`: no answer at all; `cut`: an answer that breaks off. */
type StepFault = number | "drop" | "cut";

export interface ProviderQueue {
  /** The next `times` requests of this step fail. */
  fail(step: Step, fault: StepFault, times?: number): void;
  /** False: the request is none of the queue's. */
  respond(url: URL, request: RecordedRequest, response: ServerResponse): Promise<boolean>;
}

/** fal's queue, as the router passes it on: work is taken in with a number, asked for by it, and what was made lies at an address. */
export function providerQueue(): ProviderQueue {
  const faults: { readonly step: Step; readonly fault: StepFault }[] = [];
  const polls = new Map<string, number>();
  let last = 0;

  const fails = (step: Step, response: ServerResponse): boolean => {
    const index = faults.findIndex((each) => each.step === step);
    const [entry] = index < 0 ? [] : faults.splice(index, 1);
    if (!entry) return false;
    if (entry.fault === "drop") response.destroy();
    else if (entry.fault === "cut") {
      response.writeHead(200, { "content-type": "image/png", "content-length": "1000" });
      response.write("half", () => response.destroy());
    } else if (entry.fault === 422) json(response, 422, { detail: "The prompt is against the rules." });
    else response.writeHead(entry.fault, { "content-type": "text/html" }).end("<h1>No</h1>");
    return true;
  };

  return {
    fail: (step, fault, times = 1) => void faults.push(...Array.from({ length: times }, () => ({ step, fault }))),
    respond: async ({ pathname, searchParams }, { method, headers }, response) => {
      if (pathname.startsWith("/made/")) {
        if (!fails("media", response)) {
          response.writeHead(200, { "content-type": "image/png" });
          response.end(png(4, 4, [1, 2, 3]));
        }
        return true;
      }
      const [, path, request, step] =
        /^\/fal-ai(\/.+?)(?:\/requests\/(\d+)(\/status|\/cancel)?)?$/.exec(pathname) ?? [];
      if (path === undefined || searchParams.get("_subdomain") !== "queue") return false;
      const id = request ?? String(++last);
      const at = `https://queue.fal.run${path}/requests/${id}`;
      if (method === "POST")
        json(response, 200, { request_id: id, status: "IN_QUEUE", response_url: at, cancel_url: `${at}/cancel` });
      else if (step === "/cancel") json(response, 202, { status: "CANCELLATION_REQUESTED" });
      else if (step === "/status") {
        if (fails("status", response)) return true;
        const asked = (polls.get(id) ?? 0) + 1;
        polls.set(id, asked);
        json(response, 200, asked === 1 ? { status: "IN_QUEUE", queue_position: 3 } : { status: "COMPLETED" });
      } else if (!fails("result", response)) {
        json(response, 200, { images: [{ url: `http://${headers.host ?? ""}/made/${id}.png` }] });
      }
      return true;
    },
  };
}
