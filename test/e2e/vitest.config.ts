import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: [fileURLToPath(new URL("install.ts", import.meta.url))],
    pool: "forks",
    // Every file has a VS Code and a browser of its own: two at once would fight for the processor.
    maxWorkers: 1,
    fileParallelism: false,
    // A busy machine takes longer than the second that is given unless told otherwise.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
