/** Flags that several commands share, so that one name means one thing everywhere. */
import { confidences } from "../finding.ts";
import { formats } from "../report/format-name.ts";
import type { FlagTable } from "./command.ts";

/** What is read. */
export const sourceFlags = {
  staged: { kind: "boolean", summary: "What is staged for the next commit" },
  history: { kind: "boolean", summary: "Every object that a ref reaches, commit messages too" },
  since: { kind: "string", value: "REF", summary: "With --history: only what REF does not have" },
  "no-git": { kind: "boolean", summary: "Read plain folders, not a repository" },
  jobs: { kind: "integer", value: "N", summary: "Workers (default: one a core)" },
} as const satisfies FlagTable;

/** What is looked for, and what counts. */
export const policyFlags = {
  "min-confidence": {
    kind: "string",
    value: "LEVEL",
    choices: confidences,
    summary: "Show certain, likely (default) or also weak findings",
  },
  only: { kind: "list", value: "RULE", summary: "Only these rules; * stands for any text" },
  skip: { kind: "list", value: "RULE", summary: "All but these rules" },
  baseline: { kind: "string", value: "FILE", summary: "Findings listed in FILE do not block" },
  "no-config": { kind: "boolean", summary: "Built-in policy: no policy file, waivers, baseline or allows" },
} as const satisfies FlagTable;

/** Where a finding comes from when a command is given its id. */
export const reportFlags = {
  report: { kind: "string", value: "FILE", summary: "Take ids from this JSON report instead of a new scan" },
} as const satisfies FlagTable;

/** Where the answer goes. */
export const outputFlags = {
  output: { kind: "string", short: "o", value: "FILE", summary: "Write to FILE, whole or not at all" },
} as const satisfies FlagTable;

/** How a report of findings looks. */
export const formatFlags = {
  format: { kind: "string", short: "f", value: "FORMAT", choices: formats, summary: formats.join(", ") },
  ...outputFlags,
} as const satisfies FlagTable;
