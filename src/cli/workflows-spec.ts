/** Flags and help of `leasehold workflows`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, sourceFlags } from "./flags.ts";

export const workflowsSpec = {
  name: "workflows",
  summary: "List the secrets that workflows use and where each goes",
  usage: "[PATH]",
  positionals: { min: 0, max: 1 },
  flags: {
    json: { kind: "boolean", summary: "As JSON (leasehold schema workflows)" },
    "no-git": sourceFlags["no-git"],
    ...outputFlags,
  },
  examples: [
    ["leasehold workflows", "of this repository"],
    ["leasehold workflows .github/workflows/ci.yml", "of one file"],
    ["leasehold workflows --json -o uses.json", "as data"],
  ],
} as const satisfies CommandSpec;
