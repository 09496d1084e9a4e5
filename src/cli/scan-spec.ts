/** Flags and help of `leasehold scan`. */
import type { CommandSpec } from "./command.ts";
import { formatFlags, policyFlags, sourceFlags } from "./flags.ts";

export const scanSpec = {
  name: "scan",
  summary: "Find committed credentials in files, commits or the history",
  usage: "[PATH…|RANGE|-]",
  positionals: { min: 0, max: 10_000 },
  flags: {
    ...sourceFlags,
    ...policyFlags,
    "fail-on": { kind: "string", value: "LEVEL", summary: "Fail on this severity and worse; also high/certain" },
    ...formatFlags,
  },
  examples: [
    ["leasehold scan origin/main..HEAD", "what these commits bring in"],
    ["leasehold scan --history -f sarif -o all.sarif", "the whole history, for code scanning"],
    ["git diff | leasehold scan -", "what comes on standard input"],
  ],
} as const satisfies CommandSpec;
