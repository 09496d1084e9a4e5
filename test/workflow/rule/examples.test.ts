import { expect, test } from "vitest";
import { workflowRules } from "../../../src/workflow/rule/list.ts";
import { mergeKey, syntaxError } from "../../../src/workflow/rule/syntax.ts";
import { scanText } from "../reading.ts";

const all = [...workflowRules, syntaxError, mergeKey];

test.each(all.map((rule) => [rule.id, rule] as const))(
  "%s is found in its bad example, once, and not in its good one",
  (id, rule) => {
    expect(scanText(rule.bad).findings.filter((finding) => finding.rule === id)).toHaveLength(1);
    expect(scanText(rule.good).findings.filter((finding) => finding.rule === id)).toEqual([]);
  },
);

test.each(all.map((rule) => [rule.id, rule] as const))(
  "%s gives no worse finding in its good example than in its bad one",
  (_, rule) => {
    const rules = (text: string): string[] => scanText(text).findings.map((finding) => finding.rule);
    const bad = new Set(rules(rule.bad));
    expect(
      rules(rule.good).filter(
        (id) =>
          !bad.has(id as (typeof all)[number]["id"]) &&
          id !== "workflow/permissions-missing" &&
          id !== "workflow/unpinned-action-secret",
      ),
    ).toEqual([]);
  },
);

test("ids are distinct, and every rule says why and where it stays silent", () => {
  expect(new Set(all.map((rule) => rule.id)).size).toBe(all.length);
  for (const rule of all) {
    expect(rule.why.length).toBeGreaterThan(40);
    expect(rule.silent.length).toBeGreaterThan(20);
    expect(rule.title).not.toMatch(/\.$/);
  }
});
