/** Flags and help of `leasehold evidence`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags } from "./flags.ts";

export const evidenceFormats = ["text", "markdown", "csv", "jsonl"] as const;

export const evidenceSpec = {
  name: "evidence",
  summary: "Export the evidence log, or check that it is whole",
  usage: "export|verify LOG",
  positionals: { min: 2, max: 2, choices: ["export", "verify"] },
  flags: {
    from: { kind: "string", value: "DATE", summary: "export: first day" },
    to: { kind: "string", value: "DATE", summary: "export: last day" },
    control: { kind: "string", value: "ID", summary: "export: only what supports this control, like NHI7:2025" },
    format: {
      kind: "string",
      short: "f",
      value: "FORMAT",
      choices: evidenceFormats,
      summary: "export: text, markdown, csv, or jsonl to verify",
    },
    head: { kind: "string", value: "HASH", summary: "The hash that the last record must have" },
    ...outputFlags,
  },
  examples: [
    ["leasehold evidence verify log.jsonl --head 4f1c…", "offline; names the first broken link"],
    ["leasehold evidence export log.jsonl --control NHI7:2025", "what supports a control, in three columns"],
    ["leasehold evidence export log.jsonl --from 2026-01-01 -f jsonl", "for an auditor, with the chain"],
  ],
} as const satisfies CommandSpec;
