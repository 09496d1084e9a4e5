/** Flags and help of `leasehold report`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags, policyFlags, sourceFlags } from "./flags.ts";

export const reportSpec = {
  name: "report",
  summary: "Report on standing credentials: tiers, teams, ages, trend",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    inventory: { kind: "string", value: "FILE", summary: "Snapshot of the stores, from leasehold inventory" },
    evidence: { kind: "string", value: "LOG", summary: "Log of evidence, for the trend" },
    at: { kind: "string", value: "DATE|COMMIT", summary: "As of this day, or the files and the day of this commit" },
    "no-config": policyFlags["no-config"],
    "no-git": sourceFlags["no-git"],
    format: {
      kind: "string",
      short: "f",
      value: "FORMAT",
      choices: ["markdown", "html"],
      summary: "markdown (default), html with charts",
    },
    ...outputFlags,
  },
  examples: [
    ["leasehold report --inventory org.json", "as Markdown, for a job's summary"],
    ["leasehold report -f html -o report.html --evidence evidence.jsonl", "with charts and the trend"],
    ["leasehold report --at v1.4.0", "as it was then"],
  ],
} as const satisfies CommandSpec;
