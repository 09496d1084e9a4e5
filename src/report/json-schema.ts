/** The form of the JSON report in zod, from which `schema/report.json` is generated. Never loaded by a scan. */

import { z } from "zod";
import { confidences, severities } from "../finding.ts";
import { findingStates } from "../verdict.ts";

const place = z
  .strictObject({
    path: z.string().describe("Path from the scanned root, with forward slashes, exactly as the source gave it"),
    line: z.int().min(0).describe("From 1; 0 where the finding has no line"),
    column: z.int().min(0).describe("From 1, in UTF-16 units"),
    endLine: z.int().min(0),
    endColumn: z.int().min(0).describe("Exclusive"),
    start: z.int().min(0).describe("Byte in the blob, from 0"),
    end: z.int().min(0).describe("Exclusive"),
  })
  .describe("Where the finding stands");

const coveredBy = z
  .strictObject({
    kind: z.enum(["waiver", "baseline", "inline"]),
    until: z.string().optional().describe("Last day, YYYY-MM-DD"),
    reason: z.string().optional(),
    why: z.string().optional(),
    approval: z.enum(["declared", "verified"]).optional(),
  })
  .describe("The waiver, baseline line or inline allow that covers the finding");

const origin = z
  .strictObject({
    commit: z.string(),
    author: z.string(),
    date: z.string().describe("YYYY-MM-DD"),
    atHead: z.boolean().optional().describe("Whether the same id is still present at HEAD"),
    inMessage: z.boolean().optional().describe("Whether it stands in a commit or tag message"),
  })
  .describe("The commit that brought it in, for a range or a history");

/** One finding of the report. */
export const reportFindingSchema = z.strictObject({
  id: z.string().describe("LH- and six characters; stable under move, rename and rebase"),
  rule: z.string().describe("Family, slash, slug"),
  severity: z.enum(severities),
  confidence: z.enum(confidences),
  state: z.enum(findingStates),
  blocking: z.boolean(),
  because: z.array(z.string()).describe("Why it has this state and whether it blocks"),
  coveredBy: coveredBy.optional(),
  place,
  message: z.string(),
  preview: z.string().describe("The value, masked"),
  excerpt: z.string().describe("The source line with every secret on it masked"),
  facts: z.record(z.string(), z.string()).describe("What a proof or decode told"),
  gates: z.array(z.string()).describe("The tests it passed, in order"),
  fixes: z.array(z.strictObject({ title: z.string() })),
  origin: origin.optional(),
});

const count = z.int().min(0);

const summaryShape = {
  tool: z.strictObject({
    name: z.literal("leasehold"),
    version: z.string(),
    rules: count.describe("Rules that were looked for"),
  }),
  run: z.strictObject({
    command: z.string(),
    range: z.string().optional(),
    today: z.string().describe("The day on which waivers were judged, YYYY-MM-DD"),
    seconds: z.number().min(0),
  }),
  mode: z.enum(["observe", "enforce"]),
  result: z.enum(["pass", "warn", "fail"]),
  failOn: z
    .strictObject({ severity: z.enum(severities), confidence: z.enum(confidences) })
    .describe("The threshold that was applied"),
  counts: z.strictObject({
    blocking: count,
    warnings: count,
    waived: count,
    baseline: count,
    requested: count,
    hidden: count.describe("Findings below the confidence shown; not in the list"),
  }),
  coverage: z.strictObject({
    complete: z
      .boolean()
      .describe("False when anything could not be scanned: the list of findings is then not the whole truth"),
    commits: count,
    files: count,
    bytes: count,
    gaps: z.array(
      z.strictObject({
        subject: z.string(),
        kind: z.enum([
          "missing-object",
          "shallow",
          "unreadable",
          "too-large",
          "budget",
          "corrupt",
          "decoder-cap",
          "parse-cap",
        ]),
        detail: z.string(),
      }),
    ),
    skipped: z.array(
      z.strictObject({
        subject: z.string(),
        kind: z.enum(["submodule", "lfs-pointer", "symlink", "archive", "document"]),
        detail: z.string(),
      }),
    ),
  }),
  notes: z.array(z.string()).describe("Things about the policy itself, such as an unused waiver"),
};

/** The document of `--format json`. */
export const reportSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    ...summaryShape,
    findings: z.array(reportFindingSchema).describe("Blocking first, then by severity, confidence and place"),
  })
  .meta({
    title: "Leasehold report",
    description:
      "What `leasehold scan --format json` writes. Text in it is exact and untrusted: encode it where it is shown.",
  });

/** One line of `--format jsonl`: findings, and a summary as the last line. */
export const reportLineSchema = z
  .union([
    z.strictObject({ version: z.literal(1), type: z.literal("finding"), ...reportFindingSchema.shape }),
    z.strictObject({ version: z.literal(1), type: z.literal("summary"), ...summaryShape }),
  ])
  .meta({ title: "Line of a Leasehold report" });
