import { describe, expect, test } from "vitest";
import { findIn, rules, workflowText } from "./keyless-file.ts";

describe("every keyless rule file", () => {
  test("has an id of its own that is the file's name", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(130);
  });

  test.each(rules.map((rule) => [rule.id, rule] as const))("%s finds its bad examples and names itself", (id, rule) => {
    const expected = rule.route === "no" ? "workflow/stored-credential" : `keyless/${id}`;
    for (const example of rule.examples.bad) {
      const found = findIn(workflowText(example));
      const mine = found.filter(({ facts }) => facts.catalogue === id);
      expect(
        mine.map((finding) => `${finding.rule} ${example.secret === undefined ? "" : finding.facts.secret}`.trim()),
        `${workflowText(example)}\nfound: ${found.map((finding) => `${finding.facts.catalogue} ${finding.facts.secret} by ${finding.gates}`).join(", ")}`,
      ).toEqual([`${expected} ${example.secret ?? ""}`.trim()]);
      expect(found.length).toBe(mine.length);
    }
  });

  test.each(rules.map((rule) => [rule.id, rule] as const))("%s is silent on its good examples", (id, rule) => {
    for (const example of rule.examples.good)
      expect(
        findIn(workflowText(example)).filter(({ facts }) => facts.catalogue === id || facts.catalogue === undefined),
        workflowText(example),
      ).toEqual([]);
  });
});
