import { defineConfig } from "vitest/config";

export default defineConfig({
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
