import { expect, it } from "vitest";
import { isNeverSent, isTransientFault } from "../../../src/huggingface/transient.js";

/** As `fetch` throws it. */
const fault = (code: string, syscall?: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code, ...(syscall && { syscall }) }) });

it.each([
  ["ENETUNREACH", "connect", true],
  ["EHOSTUNREACH", "connect", true],
  ["EAI_AGAIN", "getaddrinfo", true],
  ["UND_ERR_CONNECT_TIMEOUT", undefined, true],
  // The connection stood: what was sent may have arrived, and been paid for.
  ["EHOSTUNREACH", "read", false],
  ["ENETDOWN", "read", false],
  ["ENETUNREACH", "write", false],
  ["ECONNRESET", "read", false],
])("%s at %s: sent again at once is %s, and may pass", (code, syscall, never) => {
  expect(isNeverSent(fault(code, syscall))).toBe(never);
  expect(isTransientFault(fault(code, syscall))).toBe(true);
});

it("where nothing listens, nothing will in a second either", () => {
  expect(isTransientFault(fault("ECONNREFUSED", "connect"))).toBe(false);
});
