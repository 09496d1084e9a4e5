/** Ten thousand hostile findings: what the Action shows stays within GitHub's limits, and nothing of it acts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentText } from "../../action/comment.ts";
import { type Shown, shownTo, summaryText } from "../../action/present.ts";
import { githubReport } from "../../src/report/github.ts";
import type { Judged } from "../../src/verdict.ts";
import { hostileHelp, hostileInfo, hostileJudged, hostileText, hostileVerdict } from "../report/hostile-verdict.ts";
import { expectInert } from "../report/running-text.ts";
import { sampleVerdict } from "../report/sample.ts";

const total = 10_000;

const shown = (judged: fc.Arbitrary<Judged[]>): fc.Arbitrary<Shown> =>
  fc
    .record({ verdict: hostileVerdict, judged, info: hostileInfo, help: hostileHelp })
    .map(({ verdict, judged, info, help }) => ({ verdict: { ...verdict, judged }, info, ruleHelp: () => help }));

function expectWithinLimits(one: Shown): void {
  const summary = summaryText(one);
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_024 * 1_024);
  expectInert(summary);
  const comment = commentText(one);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toMatch(/^<!-- leasehold [0-9a-f]{16} -->\n/);
  expectInert(comment.slice(comment.indexOf("\n") + 1));
  const lines = githubReport(one.verdict, one.info, one.ruleHelp, "the summary").trimEnd().split("\n");
  const levels = lines.slice(0, -1).map((line) => /^::(error|warning|notice) [^:]*::(?!.*##\[)/.exec(line)?.[1]);
  expect(levels).not.toContain(undefined);
  for (const level of ["error", "warning", "notice"])
    expect(levels.filter((found) => found === level).length, level).toBeLessThanOrEqual(10);
  expect(lines.at(-1)).toMatch(/^leasehold: (?!.*##\[)/);
}

describe("what the Action shows", () => {
  it("holds in a thousand runs with ten findings each", () => {
    const ten = fc.array(hostileJudged, { minLength: 10, maxLength: 10 });
    fc.assert(fc.property(shown(ten), expectWithinLimits), { numRuns: total / 10 });
  }, 120_000);

  it("holds in one run with ten thousand", () => {
    const judged = fc.sample(hostileJudged, { numRuns: total, seed: 7 });
    const [one] = fc.sample(shown(fc.constant(judged)), { numRuns: 1, seed: 7 });
    expectWithinLimits(one!);
    expect(summaryText(one!)).toContain("not listed here");
    expectWithinLimits(shownTo(true, one!));
  });

  it("holds where every text is as long as a file", () => {
    const [pieces] = fc.sample(fc.array(hostileText, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 7 });
    const long = pieces!.join("").repeat(4);
    const judged = fc.sample(hostileJudged, { numRuns: 2_000, seed: 8 }).map((one) => ({
      ...one,
      blocking: true,
      because: [long, long],
      finding: {
        ...one.finding,
        message: long,
        preview: long,
        excerpt: long,
        facts: { [long]: long },
        place: { ...one.finding.place, path: long },
      },
    }));
    const gaps = Array.from({ length: 500 }, () => ({ subject: long, kind: "corrupt" as const, detail: long }));
    const verdict = sampleVerdict(judged, {
      coverage: { commits: 1, files: 1, bytes: 1, gaps, skipped: [] },
      notes: Array.from({ length: 500 }, () => long),
    });
    const [{ info, ruleHelp }] = fc.sample(shown(fc.constant([])), { numRuns: 1, seed: 9 }) as [Shown];
    expectWithinLimits({ verdict, info, ruleHelp });
  });

  it("tells in public no place, commit, author, fact or line", () => {
    const mark = "not for everybody";
    fc.assert(
      fc.property(shown(fc.array(hostileJudged, { minLength: 1, maxLength: 4 })), (one) => {
        const judged = one.verdict.judged.map((each) => ({
          ...each,
          because: [mark],
          finding: {
            ...each.finding,
            ...{ message: mark, preview: mark, excerpt: mark, facts: { [mark]: mark }, gates: [mark] },
            place: { ...each.finding.place, path: mark },
            origin: { commit: mark, author: mark, date: mark },
          },
        }));
        const gaps = [{ subject: mark, kind: "corrupt" as const, detail: mark }];
        const coverage = { ...one.verdict.coverage, gaps, skipped: [] };
        const whole = { ...one, verdict: { ...one.verdict, judged, coverage }, info: { ...one.info, range: mark } };
        const open = shownTo(true, whole);
        for (const text of [summaryText(open), commentText(open), githubReport(open.verdict, open.info, open.ruleHelp)])
          expect(text).not.toContain(mark);
        expect(summaryText(whole)).toContain(mark);
      }),
      { numRuns: 200 },
    );
  });
});
