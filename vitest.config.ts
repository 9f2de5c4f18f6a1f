import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { daggr: fileURLToPath(new URL("src/sdk/index.ts", import.meta.url)) } },
  test: {
    include: ["test/unit/**/*.test.ts"],
    pool: "forks",
    // A busy machine takes longer than the second that is given unless told otherwise.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 20_000,
    hookTimeout: 120_000,
    // Two cores are the smallest machine the suite is promised to run on.
    maxWorkers: "50%",
    sequence: { hooks: "stack" },
  },
});
