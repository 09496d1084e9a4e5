/** A megabyte of everything hostile, and a megabyte of each pattern's own: its literal, and its tokens without their end. */
import { describe, expect, it } from "vitest";
import { matchBranch, standsFree, startBefore } from "../../src/leak/matcher.ts";
import { sampleToken } from "../../src/leak/sample.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { cpuMilliseconds, fill } from "./cost.ts";
import { seededDraw, seedOf } from "./draw.ts";
import { attackAll, attacks, floods } from "./hostile-input.ts";
import { tokenRules } from "./rule-check.ts";

const megabyte = 1_000_000;
const budget = 10_000;
const set = shippedRuleSet();

describe("a megabyte", { timeout: 900_000 }, () => {
  it.each(attacks)("of every pattern: %s", (_, piece) => {
    const bytes = Buffer.from(attackAll(set, piece, megabyte), "latin1");
    expect(cpuMilliseconds(() => scanBlob(set, "notes.txt", bytes, "salt"), 1)).toBeLessThan(budget);
  });

  it.each(floods)("of %s", (_, flood) => {
    const bytes = Buffer.from(flood(megabyte), "latin1");
    expect(cpuMilliseconds(() => scanBlob(set, "notes.txt", bytes, "salt"), 1)).toBeLessThan(budget);
  });

  it("of each pattern costs none more than its budget", () => {
    const slow: string[] = [];
    for (const { rule, branches } of tokenRules(set)) {
      branches.forEach((branch, i) => {
        const { token } = sampleToken(branch, seededDraw(seedOf(rule.id, i)));
        const mark =
          branch.keyword === undefined ? token.slice(0, 4) : Buffer.from(branch.keyword.bytes).toString("latin1");
        for (const piece of [mark, `${token.slice(0, -1)}\u00ff`, token, mark + fill(token.slice(-1), 5000)]) {
          const bytes = Buffer.from(fill(piece, megabyte), "latin1");
          const spent = cpuMilliseconds(() => {
            for (let at = bytes.indexOf(mark, 0, "latin1"); at >= 0; at = bytes.indexOf(mark, at + 1, "latin1")) {
              const start = branch.keyword === undefined ? at : startBefore(branch, bytes, at);
              const match = start < 0 ? undefined : matchBranch(branch, bytes, start, bytes.length);
              if (match !== undefined) standsFree(branch, bytes, match.start, match.end);
            }
          }, 1);
          if (spent > 4000) slow.push(`${rule.id}: ${Math.round(spent)} ms`);
        }
      });
    }
    expect(slow).toEqual([]);
  });
});
