/** Verdicts, runs and rule help with hostile text in every field that a repository's author can reach. */
import fc from "fast-check";
import {
  type Confidence,
  confidences,
  type Finding,
  type RuleId,
  type Severity,
  severities,
} from "../../src/finding.ts";
import type { RuleHelp, RunInfo } from "../../src/report/run-info.ts";
import { findingStates, type Judged, type Verdict } from "../../src/verdict.ts";
import { sampleInfo, sampleVerdict } from "./sample.ts";

/** Pieces that are markup, commands or controls somewhere. */
export const hostilePieces = [
  "\x1b[31m",
  "\x1b]8;;http://evil.example\x07",
  "\u0000",
  "\u0007",
  "\b",
  "\r",
  "\n",
  "\r\n::error::x",
  "\u0085",
  "\u009b2J",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\u2028",
  "\u2029",
  "\ud800",
  "\udfff",
  "\u{e0041}",
  "::error file=a::b",
  "::add-mask::x",
  "##[error]x",
  "##[add-mask]",
  "##",
  "[",
  "%0A",
  "%",
  "<script>alert(1)</script>",
  "</script>",
  "<img src=x onerror=alert(1)>",
  "<!--",
  "-->",
  "</details>",
  "</pre>",
  '"',
  "'",
  "`",
  "``",
  "```",
  "````\n",
  "|",
  "\\|",
  "\\",
  "](http://a.example)",
  "![x](y)",
  "[a](javascript:x)",
  "[a]: http://b",
  "@octocat",
  "@acme/platform",
  "a@b.example",
  "#123",
  "GH-1",
  "acme/repo#7",
  "GHSA-aaaa-bbbb-cccc",
  "http://a.example",
  "https://b.example/x",
  "ftp://c",
  "www.example.com",
  "mailto:a@b.example",
  "**",
  "__",
  "~~",
  "$x$",
  "&lt;",
  "&#64;",
  "&",
  "=cmd()",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "  =1",
  ",",
  ";",
  "- ",
  "1. ",
  "# ",
  "> ",
  "    ",
  "---",
  "{0}",
  "日本語",
  "é",
  "👩‍🚀",
  "…",
  "█████",
  "a",
  "/",
  "..",
  " ",
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...hostilePieces), { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(...hostilePieces),
);

const rules: fc.Arbitrary<RuleId> = fc.oneof(
  fc.constant<RuleId>("leak/aws-access-key"),
  hostileText.map((text): RuleId => `leak/${text}`),
);

const hostileFinding: fc.Arbitrary<Finding> = fc.record({
  rule: rules,
  id: fc.constantFrom("LH-7F3A9C", "LH-22B0D1") as fc.Arbitrary<Finding["id"]>,
  place: fc.record({
    path: hostileText,
    start: fc.nat(100),
    end: fc.nat(200),
    line: fc.nat(9),
    column: fc.nat(40),
    endLine: fc.nat(12),
    endColumn: fc.nat(60),
  }),
  severity: fc.constantFrom<Severity>(...severities),
  confidence: fc.constantFrom<Confidence>(...confidences),
  message: hostileText,
  preview: hostileText,
  excerpt: hostileText,
  facts: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
  gates: fc.array(hostileText, { maxLength: 2 }),
  fixes: fc.array(fc.record({ title: hostileText, edits: fc.constant([]) }), { maxLength: 1 }),
  origin: fc.record({ commit: hostileText, author: hostileText, date: hostileText, atHead: fc.boolean() }),
});

export const hostileJudged: fc.Arbitrary<Judged> = fc.record({
  finding: hostileFinding,
  state: fc.constantFrom(...findingStates),
  blocking: fc.boolean(),
  because: fc.array(hostileText, { maxLength: 2 }),
  coveredBy: fc.record({
    kind: fc.constantFrom("waiver" as const, "baseline" as const, "inline" as const),
    until: hostileText,
    reason: hostileText,
    why: hostileText,
  }),
});

/** A verdict with hostile text in every field that a repository's author can reach. */
export const hostileVerdict: fc.Arbitrary<Verdict> = fc
  .record({
    judged: fc.array(hostileJudged, { maxLength: 4 }),
    gaps: fc.array(fc.record({ subject: hostileText, kind: fc.constant("unreadable" as const), detail: hostileText }), {
      maxLength: 2,
    }),
    skipped: fc.array(
      fc.record({ subject: hostileText, kind: fc.constant("submodule" as const), detail: hostileText }),
      { maxLength: 2 },
    ),
    notes: fc.array(hostileText, { maxLength: 2 }),
    mode: fc.constantFrom("observe" as const, "enforce" as const),
    hidden: fc.nat(2),
  })
  .map(({ judged, gaps, skipped, notes, mode, hidden }) =>
    sampleVerdict(judged, { coverage: { commits: 1, files: 2, bytes: 3, gaps, skipped }, notes, mode, hidden }),
  );

export const hostileInfo: fc.Arbitrary<RunInfo> = fc
  .record({ command: hostileText, range: hostileText })
  .map((part) => ({ ...sampleInfo, ...part }));

/** Help of a user's own rule, as hostile as the rest. */
export const hostileHelp: fc.Arbitrary<RuleHelp> = fc.record({
  name: hostileText,
  why: hostileText,
  revoke: hostileText,
  docs: hostileText,
});
