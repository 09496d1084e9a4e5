import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../../src/finding.ts";
import type { FilePlan } from "../../src/fix/plan.ts";
import { offsetAfter } from "../../src/fix/splice.ts";
import { shape, workflowOf } from "./cases.ts";
import { findingsOf, githubErrors, isKeyless, planOf, textOf } from "./fixing.ts";
import { hand, write } from "./variants.ts";

const isCredential = (finding: Finding): boolean => isKeyless(finding) || finding.rule === "workflow/stored-credential";

/** Lines with their line ends, and where each begins and ends in bytes. */
function linesOf(text: string): { line: string; start: number; end: number }[] {
  let at = 0;
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const start = at;
    at += Buffer.byteLength(line);
    return { line, start, end: at };
  });
}

/** Every line that no edit touches stands in the result, byte for byte and in order. */
function expectUntouched(before: string, plan: FilePlan): void {
  const after = linesOf(textOf(plan)).map(({ line }) => line);
  let at = 0;
  for (const { line, start, end } of linesOf(before)) {
    const touched = plan.edits.some(
      (edit) =>
        (edit.start < end && edit.end > start) ||
        (edit.start === edit.end && edit.start > start && edit.start < end) ||
        edit.end === Buffer.byteLength(before),
    );
    if (touched) continue;
    const found = after.indexOf(line, at);
    expect(found, `line ${JSON.stringify(line)} is kept`).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
}

/** Findings of stored credentials: those that were to go, and those inside removed bytes, are gone; all others are there, moved along; none is new. */
function expectExact(
  before: readonly Finding[],
  after: readonly Finding[],
  targets: readonly Finding[],
  plan: FilePlan,
): void {
  const places = (findings: readonly Finding[], place: (finding: Finding) => number | undefined): string[] =>
    findings
      .flatMap((finding) => (place(finding) === undefined ? [] : [`${finding.rule} at ${place(finding)}`]))
      .sort();
  const kept = before.filter((finding) => isCredential(finding) && !targets.includes(finding));
  expect(places(after.filter(isCredential), (finding) => finding.place.start)).toEqual(
    places(kept, (finding) => offsetAfter(plan.edits, finding.place.start)),
  );
}

function expectValid(before: string, findings: readonly Finding[], targets: readonly Finding[], plan: FilePlan): void {
  const after = textOf(plan);
  expect(githubErrors(after)).toEqual([]);
  const found = findingsOf(after);
  expectExact(findings, found, targets, plan);
  // No rule of any kind says something that it did not say before: of the same bytes, moved along, or of the same job, step and secret.
  const known = new Set(
    findings.flatMap(({ rule, id, place }) => [`${rule} ${id}`, `${rule} at ${offsetAfter(plan.edits, place.start)}`]),
  );
  expect(
    found.filter(({ rule, id, place }) => !known.has(`${rule} ${id}`) && !known.has(`${rule} at ${place.start}`)),
  ).toEqual([]);
  expectUntouched(before, plan);
  expect(after.startsWith("\uFEFF")).toBe(before.startsWith("\uFEFF"));
  expect(after.endsWith("\n")).toBe(before.endsWith("\n"));
  expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(before));
  expect(after.includes("\r")).toBe(before.includes("\r"));
}

test("every fix parses, ends its findings and no others, brings none, changes no other line, and does nothing the second time", {
  timeout: 180_000,
}, () => {
  let cases = 0;
  let fixes = 0;
  fc.assert(
    fc.property(shape, hand, fc.infiniteStream(fc.integer({ min: 0, max: 999 })), (form, by, draws) => {
      const chance = (probability: number): boolean =>
        probability > 0 && (draws.next().value ?? 0) < probability * 1000;
      const text = write(workflowOf(form), by, chance);
      if (githubErrors(text).length > 0)
        throw new Error(`the case is no workflow: ${githubErrors(text).join(", ")}\n${text}`);
      cases++;
      const findings = findingsOf(text);
      const all = planOf(text);
      // A refusal may be right, but not because the fix was tried and found wrong. A scope that only the fixed job may have used is found in the others' block.
      for (const { reason } of all.refused)
        expect(reason).not.toMatch(
          /^(?:after the change|the change would bring a new finding: (?!No step writes with the token))/,
        );
      const targets = (plan: FilePlan): Finding[] =>
        findings.filter((finding) =>
          plan.fixed.some((one) => one.finding.id === finding.id && one.finding.place.start === finding.place.start),
        );
      expectValid(text, findings, targets(all), all);
      expect(planOf(textOf(all)).edits, "a second run").toEqual([]);
      fixes += all.fixed.length;
      for (const { finding } of all.fixed) {
        const one = planOf(text, {
          only: (other) =>
            other.id === finding.id && other.rule === finding.rule && other.place.start === finding.place.start,
        });
        if (one.fixed.length > 0) expectValid(text, findings, targets(one), one);
      }
    }),
    { numRuns: 520 },
  );
  expect(cases).toBeGreaterThanOrEqual(500);
  expect(fixes).toBeGreaterThan(400);
});
