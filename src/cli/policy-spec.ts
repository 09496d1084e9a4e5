/** Flags and help of `leasehold policy`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags } from "./flags.ts";

export const policySpec = {
  name: "policy",
  summary: "Show the policy in force, or check the policy files",
  usage: "show|check",
  positionals: { min: 1, max: 1, choices: ["show", "check"] },
  flags: {
    explain: { kind: "boolean", summary: "With show: which file set each key" },
    json: { kind: "boolean", summary: "With show: as JSON" },
    "no-config": policyFlags["no-config"],
    ...outputFlags,
  },
  examples: [
    ["leasehold policy show", "what a scan here would use"],
    ["leasehold policy show --explain", "and where each key comes from"],
    ["leasehold policy check", "errors in policy and waivers, with line and column"],
  ],
} as const satisfies CommandSpec;
