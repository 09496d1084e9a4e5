/** Flags and help of `leasehold baseline`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags, sourceFlags } from "./flags.ts";

export const baselineSpec = {
  name: "baseline",
  summary: "Write down what is there today, or drop what is gone",
  usage: "create|prune",
  positionals: { min: 1, max: 1, choices: ["create", "prune"] },
  flags: {
    history: sourceFlags.history,
    "no-git": sourceFlags["no-git"],
    jobs: sourceFlags.jobs,
    "min-confidence": policyFlags["min-confidence"],
    only: policyFlags.only,
    skip: policyFlags.skip,
    baseline: { kind: "string", value: "FILE", summary: "The file (default: .github/leasehold-baseline.txt)" },
    "no-config": policyFlags["no-config"],
    ...outputFlags,
  },
  examples: [
    ["leasehold baseline create", "list today's findings, so that new ones block"],
    ["leasehold baseline create --history", "those of the whole history too"],
    ["leasehold baseline prune", "drop what is gone from the files (with --history: from the history)"],
  ],
} as const satisfies CommandSpec;
