/** Flags and help of `leasehold policy`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags, sourceFlags } from "./flags.ts";

export const policySpec = {
  name: "policy",
  summary: "Show, check or compare the policy in force",
  usage: "show|check|diff [RANGE]",
  positionals: { min: 1, max: 2, choices: ["show", "check", "diff"] },
  flags: {
    explain: { kind: "boolean", summary: "With show: which file set each key" },
    json: { kind: "boolean", summary: "With show: as JSON" },
    "no-git": sourceFlags["no-git"],
    "no-config": policyFlags["no-config"],
    ...outputFlags,
  },
  examples: [
    ["leasehold policy show --explain", "what a scan here would use, and where each key comes from"],
    ["leasehold policy check", "errors in policy and waivers, with line and column"],
    ["leasehold policy diff main..HEAD", "what these commits change, and what that loosens"],
  ],
} as const satisfies CommandSpec;
