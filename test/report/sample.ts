/** Verdicts for the tests of the reports: nothing in them is a credential. */
import type { Finding } from "../../src/finding.ts";
import type { RuleHelp, RunInfo } from "../../src/report/run-info.ts";
import type { Judged, Verdict } from "../../src/verdict.ts";

const mask = "█".repeat(16);

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: "leak/aws-access-key",
    id: "LH-7F3A9C",
    place: { path: "deploy.sh", start: 240, end: 260, line: 12, column: 26, endLine: 12, endColumn: 46 },
    severity: "high",
    confidence: "likely",
    message: "An AWS access key id with a valid account inside",
    preview: `AKIA${mask}`,
    excerpt: `export AWS_ACCESS_KEY_ID=AKIA${mask}`,
    facts: { account: "1234-5678-9012" },
    gates: ['keyword "AKIA"', "shape of 20 bytes"],
    fixes: [],
    ...changes,
  };
}

export function sampleJudged(changes: Partial<Judged> = {}): Judged {
  return {
    finding: sampleFinding(),
    state: "open",
    blocking: true,
    because: ["high and likely, at or above the threshold"],
    ...changes,
  };
}

export function sampleVerdict(judged: Judged[], changes: Partial<Verdict> = {}): Verdict {
  const count = (fits: (one: Judged) => boolean): number => judged.filter(fits).length;
  const blocking = count((one) => one.blocking);
  return {
    mode: "enforce",
    result: blocking > 0 ? "fail" : judged.length > 0 ? "warn" : "pass",
    judged,
    counts: {
      blocking,
      warnings: count((one) => !one.blocking && one.state === "open"),
      waived: count((one) => one.state === "waived" || one.state === "false-positive"),
      baseline: count((one) => one.state === "baseline"),
      requested: count((one) => one.state === "waiver-requested"),
    },
    hidden: 0,
    coverage: { commits: 14, files: 61, bytes: 204_800, gaps: [], skipped: [] },
    failOn: { severity: "high", confidence: "likely" },
    notes: [],
    ...changes,
  };
}

export const sampleInfo: RunInfo = {
  command: "leasehold scan origin/main..HEAD",
  range: "origin/main..HEAD",
  commits: 14,
  files: 61,
  seconds: 0.84,
  toolVersion: "0.1.0",
  today: "2026-11-25",
  ruleCount: 1012,
};

export function sampleHelp(rule: string): RuleHelp | undefined {
  if (rule !== "leak/aws-access-key") return undefined;
  return {
    name: "AWS access key id",
    why: "Whoever holds the pair can act as the user it belongs to.",
    revoke: "Deactivate the key in IAM, then delete it.",
    docs: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    keyless: "aws",
  };
}

/** Three findings in two files, of each kind that a report tells apart. */
export function mixedVerdict(): Verdict {
  return sampleVerdict(
    [
      sampleJudged(),
      sampleJudged({
        finding: sampleFinding({
          rule: "register/owner-missing",
          id: "LH-22B0D1",
          severity: "medium",
          confidence: "certain",
          place: { path: ".github/secrets.yml", start: 0, end: 0, line: 0, column: 0, endLine: 0, endColumn: 0 },
          message: "AWS_DEPLOY_KEY has no owner",
          preview: "",
          excerpt: "",
          facts: {},
        }),
        blocking: false,
      }),
      sampleJudged({
        finding: sampleFinding({
          id: "LH-0A1B2C",
          place: { path: "deploy.sh", start: 300, end: 320, line: 14, column: 1, endLine: 14, endColumn: 21 },
        }),
        state: "waived",
        blocking: false,
        coveredBy: {
          kind: "waiver",
          until: "2026-12-20",
          reason: "accepted-risk",
          why: "Vendor appliance cannot federate",
        },
      }),
    ],
    {
      coverage: {
        commits: 14,
        files: 61,
        bytes: 204_800,
        gaps: [{ subject: "big.iso", kind: "unreadable", detail: "No permission to read it; run as a user who may." }],
        skipped: [
          { subject: "vendor/lib", kind: "submodule", detail: "not entered" },
          { subject: "vendor/other", kind: "submodule", detail: "not entered" },
        ],
      },
      hidden: 2,
      notes: ["the waiver for LH-999999 is not used"],
    },
  );
}
