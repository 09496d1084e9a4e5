/** Flags and help of `leasehold fingerprint`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags } from "./flags.ts";

export const fingerprintSpec = {
  name: "fingerprint",
  summary: "Print a keyed fingerprint of a secret, to prove rotation",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    env: { kind: "string", value: "NAME", summary: "Take the value from this variable, not standard input" },
    compare: { kind: "string", value: "FINGERPRINT", summary: "Exit 1 if the value is still the same" },
    ...outputFlags,
  },
  examples: [
    ["leasehold fingerprint --env NPM_TOKEN", "in a job; the key is in LEASEHOLD_FINGERPRINT_KEY"],
    ["printenv NPM_TOKEN | leasehold fingerprint", "from standard input"],
    ["leasehold fingerprint --env NPM_TOKEN --compare lhf1:…", "was it really replaced?"],
  ],
} as const satisfies CommandSpec;
