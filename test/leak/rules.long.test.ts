/** The same checks as rules.test.ts over more tokens, and under every name that a rule looks for. */
import { describe, expect, it } from "vitest";
import { keyKind } from "../../src/leak/key-name.ts";
import type { CompiledRule } from "../../src/leak/rule-set.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { drawAll, notFound, strayHits, takenThoughSpoilt, wrongConfidence, wrongProofs } from "./rule-check.ts";

const set = shippedRuleSet();

function everyName({ near, rule }: CompiledRule): string[] {
  if (!near) return ["setting_3", "API_URL", "x"];
  return rule
    .near!.map((name) => name.replace(/[-. ]/g, "_"))
    .map((name) => (keyKind(name) === undefined ? `${name}_key` : name));
}

describe("every shipped rule, at length", () => {
  it.each([2, 3, 4, 5, 6, 7, 8])("draw %i", { timeout: 120_000 }, (salt) => {
    const { planted, failures } = drawAll(set, salt * 1000);
    expect(failures).toEqual([]);
    expect(notFound(set, planted, everyName)).toEqual([]);
    expect(strayHits(set, planted)).toEqual([]);
    expect(takenThoughSpoilt(set, salt * 1000)).toEqual([]);
    expect(wrongProofs(set, salt * 1000).failures).toEqual([]);
    expect(wrongConfidence(set, planted).failures).toEqual([]);
  });
});
