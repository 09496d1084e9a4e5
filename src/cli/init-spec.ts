/** Flags and help of `leasehold init`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags } from "./flags.ts";

export const initSpec = {
  name: "init",
  summary: "Write a commented policy, and a draft of the register",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    from: { kind: "list", value: "FILE", summary: "Take exceptions over from another scanner's file" },
    inventory: { kind: "string", value: "FILE", summary: "Draft the register from this snapshot of the stores too" },
    ...outputFlags,
  },
  examples: [
    ["leasehold init", "writes .github/leasehold.yml, and .github/secrets.yml where workflows use secrets"],
    ["leasehold init --from .gitleaksignore", "and waivers that say where they came from"],
    ["leasehold init -o -", "print the policy, write nothing"],
  ],
} as const satisfies CommandSpec;
