import { describe, expect, test } from "vitest";
import { auditTrust } from "../../src/trust/audit.ts";
import { trustRules } from "../../src/trust/rules.ts";
import { examples } from "./rule-examples.ts";

describe("each rule on its bad example", () => {
  test.each(examples.map((example, index) => ({ ...example, index })))(
    "$rule ($index, $severity)",
    ({ rule, path, text, severity, at, context }) => {
      const bytes = Buffer.from(text);
      const { findings } = auditTrust([{ path, bytes }], { salt: "test", ...context });
      const found = findings.filter((finding) => finding.rule === `trust/${rule}`);
      expect(
        found.map((finding) => finding.severity),
        findings.map((finding) => `${finding.rule} ${finding.severity}: ${finding.message}`).join("\n"),
      ).toContain(severity);
      const [first] = found;
      const covered = bytes.subarray(first!.place.start, first!.place.end).toString();
      if (at !== undefined)
        expect(found.map(({ place }) => bytes.subarray(place.start, place.end).toString())).toContain(at);
      expect(covered.length).toBeGreaterThan(0);
      expect(first!.message).toMatch(/\.$/);
    },
  );

  test("every rule has one, and every rule that is found is described", () => {
    const described = new Set(trustRules.map(({ id }) => id));
    const shown = new Set(examples.map(({ rule }) => rule));
    for (const id of shown) expect(described).toContain(id);
    const ofPolicies = trustRules.filter(({ kind }) => kind === "policy").map(({ id }) => id);
    expect([...shown].sort()).toEqual([...ofPolicies].sort());
  });
});
