/** Findings, contexts and arbitrary values for the tests of this folder. */
import fc from "fast-check";
import {
  type Coverage,
  confidences,
  type Finding,
  type FindingId,
  type RuleId,
  severities,
} from "../../src/finding.ts";
import type { JudgeContext } from "../../src/policy/judge.ts";
import { builtInPolicy } from "../../src/policy/policy-merge.ts";
import type { Waiver } from "../../src/policy/waiver.ts";

export const today = "2026-11-25";

/** A finding at a line of a file: high, likely, leak/github-pat. */
export function finding(
  id: string,
  over: Partial<Omit<Finding, "place">> & { path?: string; line?: number } = {},
): Finding {
  const { path = "deploy.sh", line = 3, ...rest } = over;
  return {
    rule: "leak/github-pat",
    id: id as FindingId,
    place: { path, start: line * 100, end: line * 100 + 40, line, column: 1, endLine: line, endColumn: 41 },
    severity: "high",
    confidence: "likely",
    message: "A token.",
    preview: "████",
    excerpt: "",
    facts: {},
    gates: [],
    fixes: [],
    ...rest,
  };
}

export const complete: Coverage = { commits: 0, files: 1, bytes: 10, gaps: [], skipped: [] };

/** The built-in policy today, with nothing excepted. */
export function context(over: Partial<JudgeContext> = {}): JudgeContext {
  return { policy: builtInPolicy, today, coverage: complete, ...over };
}

export function waiver(over: Partial<Waiver> = {}): Waiver {
  const subject = over.rule === undefined ? { id: "LH-AAAAAA" as FindingId } : {};
  return { ...subject, reason: "accepted-risk", why: "TICKET-1", approvedBy: "@carol", until: "2026-12-20", ...over };
}

/** Few ids, rules and paths, so that things meet. */
export const ids = fc.constantFrom("LH-AAAAAA", "LH-BBBBBB", "LH-CCCCCC", "LH-DDDDDD");
export const rules = fc.constantFrom<RuleId>("leak/github-pat", "leak/generic-api-key", "workflow/secrets-inherit");
export const paths = fc.constantFrom("deploy.sh", "test/fixtures/a.env", "src/x.ts");
export const days = fc
  .integer({ min: -40, max: 400 })
  .map((offset) => new Date(Date.UTC(2026, 10, 25 + offset)).toISOString().slice(0, 10));

export const findings = fc.array(
  fc
    .record({
      id: ids,
      rule: rules,
      path: paths,
      line: fc.integer({ min: 1, max: 4 }),
      severity: fc.constantFrom(...severities),
      confidence: fc.constantFrom(...confidences),
      message: fc.constantFrom("a", "b"),
    })
    .map(({ id, ...over }) => finding(id, over)),
  { maxLength: 8 },
);

export const waivers = fc.array(
  fc
    .record({
      subject: fc.oneof(
        ids.map((id) => ({ id: id as FindingId })),
        fc.record({ rule: rules, target: fc.constantFrom("deploy.sh", "test/**", "other") }),
      ),
      until: days,
      reason: fc.constantFrom("accepted-risk" as const, "false-positive" as const),
      approvedBy: fc.option(fc.constantFrom("@carol", "@dave"), { nil: undefined }),
    })
    .map(
      ({ subject, approvedBy, ...rest }): Waiver => ({
        ...subject,
        ...rest,
        why: "x",
        ...(approvedBy === undefined ? {} : { approvedBy }),
      }),
    ),
  { maxLength: 5 },
);

export const inlineAllows = fc.array(
  fc
    .record({
      path: paths,
      line: fc.integer({ min: 1, max: 4 }),
      rule: rules,
      until: fc.option(days, { nil: undefined }),
      reason: fc.option(fc.constant("why"), { nil: undefined }),
      alone: fc.boolean(),
      added: fc.boolean(),
    })
    .map(({ path, line, rule, until, reason, alone, added }) => ({
      ...{
        path,
        line,
        rule,
        added,
        column: 1,
        start: line * 10,
        end: line * 10 + 5,
        lastLine: alone ? line + 1 : line,
      },
      ...(until === undefined ? {} : { until }),
      ...(reason === undefined ? {} : { reason }),
    })),
  { maxLength: 4 },
);

export const baseline = fc.array(
  fc.record({ id: ids.map((id) => id as FindingId), rule: rules, path: paths, line: fc.constant(1) }),
  { maxLength: 3 },
);
