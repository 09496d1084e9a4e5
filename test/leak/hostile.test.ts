import { describe, expect, it } from "vitest";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { cpuMilliseconds, growsTooFast } from "./cost.ts";
import { attackAll, attacks, floods } from "./hostile-input.ts";

// An eighth of a megabyte is where quadratic work shows; hostile.long.test.ts takes the whole megabyte, and a pattern at a time.
const size = 125_000;
const budget = 2500;

const set = shippedRuleSet();

function scan(text: string): () => void {
  const bytes = Buffer.from(text, "latin1");
  return () => {
    scanBlob(set, "notes.txt", bytes, "salt");
  };
}

describe("every pattern at once survives hostile input", () => {
  it.each(attacks)("%s", (_, piece) => {
    const [half, whole] = [scan(attackAll(set, piece, size)), scan(attackAll(set, piece, 2 * size))];
    expect(cpuMilliseconds(half, 1)).toBeLessThan(budget);
    expect(growsTooFast(half, whole)).toBeUndefined();
  });
});

describe("the measure itself", () => {
  const work = (steps: number) => () => {
    let sum = 0;
    for (let i = 0; i < steps; i++) sum = Math.imul(sum ^ i, 31);
    expect(sum).toBeTypeOf("number");
  };

  it("tells quadratic work from linear", () => {
    expect(growsTooFast(work(2e7), work(8e7), 10)).toBeDefined();
    expect(growsTooFast(work(2e7), work(4e7), 10)).toBeUndefined();
  });
});

describe("the engine on a flood", () => {
  it.each(floods)("of %s: linear, and within its budget", (_, flood) => {
    const [half, whole] = [scan(flood(size / 2)), scan(flood(size))];
    expect(cpuMilliseconds(half, 1)).toBeLessThan(budget);
    expect(growsTooFast(half, whole)).toBeUndefined();
  });

  it("of some kilobytes is scanned to its end", () => {
    for (const [label, flood] of floods) {
      const { gaps } = scanBlob(set, undefined, Buffer.from(flood(20_000), "latin1"), "salt");
      expect(gaps, label).toEqual([]);
    }
  });
});
