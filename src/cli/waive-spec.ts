/** Flags and help of `leasehold waive`. */
import type { WaiverReason } from "../policy/waiver.ts";
import type { CommandSpec } from "./command.ts";
import { outputFlags, reportFlags, sourceFlags } from "./flags.ts";

/** Written out here, since the policy's reader is not loaded for help. */
const reasons = [
  "test-data",
  "false-positive",
  "accepted-risk",
  "fix-later",
  "migration",
] as const satisfies readonly WaiverReason[];

export const waiveSpec = {
  name: "waive",
  summary: "Add a waiver for a finding, and say who must approve it",
  usage: "ID",
  positionals: { min: 1, max: 1 },
  flags: {
    reason: { kind: "string", value: "REASON", choices: reasons, summary: reasons.join(", ") },
    why: { kind: "string", value: "TEXT", summary: "The reason in words, with a ticket" },
    until: { kind: "string", value: "DATE", summary: "Last day, YYYY-MM-DD" },
    "approved-by": { kind: "string", value: "LOGIN", summary: "Who approves; not the one who adds it" },
    ...reportFlags,
    ...sourceFlags,
    ...outputFlags,
  },
  examples: [
    [
      'leasehold waive LH-7F3A9C --reason test-data --why "sample of the docs" --until 2027-01-31',
      "writes the waiver and says who must approve it",
    ],
    ["leasehold waive LH-7F3A9C --reason fix-later --why TICKET-812 --report out.json", "without a new scan"],
    ["leasehold waive LH-7F3A9C --reason migration --why TICKET-812 -o -", "print it, write nothing"],
  ],
} as const satisfies CommandSpec;
