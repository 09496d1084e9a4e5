import { defineConfig } from "vitest/config";

export default defineConfig({
  // The only warnings are a line for each file of a dependency whose source maps name sources that it does not ship.
  logLevel: "error",
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**", ...(process.env.LEASEHOLD_TEST_ALL ? [] : ["test/**/*.long.test.ts"])],
    setupFiles: ["test/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
  },
});
