/** Flags and help of `leasehold explain`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags, reportFlags, sourceFlags } from "./flags.ts";

export const explainSpec = {
  name: "explain",
  summary: "Say what a rule, finding or credential is about",
  usage: "RULE|ID|NAME",
  positionals: { min: 1, max: 1 },
  flags: {
    ...reportFlags,
    ...sourceFlags,
    baseline: policyFlags.baseline,
    "no-config": policyFlags["no-config"],
    inventory: { kind: "string", value: "FILE", summary: "NAME: snapshot of the stores" },
    ...outputFlags,
  },
  examples: [
    ["leasehold explain leak/github-pat", "a rule: what, why, how to revoke"],
    ["leasehold explain LH-7F3A9C", "a finding: each test it passed"],
    ["leasehold explain AWS_DEPLOY_KEY --inventory shop.json", "who answers for a credential, and what is missing"],
  ],
} as const satisfies CommandSpec;
