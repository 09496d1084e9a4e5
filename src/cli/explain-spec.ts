/** Flags and help of `leasehold explain`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags, reportFlags, sourceFlags } from "./flags.ts";

export const explainSpec = {
  name: "explain",
  summary: "Say what a rule or finding is and what to do about it",
  usage: "RULE|ID",
  positionals: { min: 1, max: 1 },
  flags: {
    ...reportFlags,
    ...sourceFlags,
    baseline: policyFlags.baseline,
    "no-config": policyFlags["no-config"],
    ...outputFlags,
  },
  examples: [
    ["leasehold explain leak/github-pat", "a rule: what, why, how to revoke"],
    ["leasehold explain LH-7F3A9C", "a finding: each test it passed"],
    ["leasehold explain LH-7F3A9C --report out.json", "without a new scan"],
  ],
} as const satisfies CommandSpec;
