import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The built canvas in Chromium: `vitest run --config test/webview/vitest.config.ts` after `node scripts/build.mjs webview`. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["test/webview/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    // A busy machine takes longer than the second that is given unless told otherwise.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
