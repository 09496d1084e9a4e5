/** Flags and help of `leasehold offboard`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, sourceFlags } from "./flags.ts";

export const offboardSpec = {
  name: "offboard",
  summary: "Hand what a person owns to somebody else",
  usage: "LOGIN --to @LOGIN",
  positionals: { min: 1, max: 1 },
  flags: {
    to: { kind: "string", value: "LOGIN", summary: "Login or team that takes over" },
    inventory: { kind: "string", value: "FILE", summary: "Snapshot of the stores, to say what else is left" },
    "no-git": sourceFlags["no-git"],
    ...outputFlags,
  },
  examples: [
    ["leasehold offboard @alice --to @bob", "changes owner, backup and contact in the register"],
    ["leasehold offboard @alice --to @acme/platform", "to a team"],
    ["leasehold offboard @alice --to @bob -o -", "print it, write nothing"],
  ],
} as const satisfies CommandSpec;
