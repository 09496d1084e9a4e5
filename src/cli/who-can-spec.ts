/** Flags and help of `leasehold who-can`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, sourceFlags } from "./flags.ts";

export const whoCanSpec = {
  name: "who-can",
  summary: "Say what ties a person to credentials",
  usage: "LOGIN",
  positionals: { min: 1, max: 1 },
  flags: {
    inventory: { kind: "string", value: "FILE", summary: "Snapshot of the stores, from leasehold inventory" },
    "expect-none": { kind: "boolean", summary: "Exit 1 if anything is left" },
    json: { kind: "boolean", summary: "As JSON" },
    "no-git": sourceFlags["no-git"],
    ...outputFlags,
  },
  examples: [
    ["leasehold who-can @alice", "what she owns, backs, approved or reviewed"],
    ["leasehold who-can @alice --inventory org.json", "and her keys, tokens and teams"],
    ["leasehold who-can @alice --expect-none", "proof that nothing is left"],
  ],
} as const satisfies CommandSpec;
