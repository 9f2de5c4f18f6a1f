import { describe, expect, it } from "vitest";
import { rerunNode, runNode } from "../../../src/model/runRequest.js";
import { fresh, state } from "../extension/states.js";

describe("running one node", () => {
  it("takes the results that are there upstream, stale or not", () => {
    const stale = { ...fresh(5), freshness: { kind: "stale", reason: "code changed" } } as const;
    expect(runNode(state({ image: stale }), "cutout")).toEqual({ scope: "only", targets: ["cutout"], reuse: "fresh" });
    expect(rerunNode(state({ image: stale }), "cutout")).toMatchObject({ scope: "only", reuse: "not-targets" });
  });

  it("makes what is missing upstream", () => {
    expect(runNode(state(), "cutout").scope).toBe("to");
  });

  it("needs no result of a node of inputs", () => {
    expect(runNode(state(), "image").scope).toBe("only");
  });

  it("leaves it to the engine where the graph is not known", () => {
    expect(runNode(null, "image").scope).toBe("to");
  });
});
