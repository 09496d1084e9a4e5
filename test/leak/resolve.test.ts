import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Confidence } from "../../src/finding.ts";
import type { Hit } from "../../src/leak/hit.ts";
import { bestHits, lowerBound, pairWithin } from "../../src/leak/resolve.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { base62, drawText, seededDraw } from "./draw.ts";
import { ruleOf } from "./rule-samples.ts";

const rules = [
  ruleOf({ id: "acme-short", shape: '"acme_" base62{20}' }),
  ruleOf({ id: "acme-long-literal", shape: '"acme_live_" base62{20}' }),
  ruleOf({ id: "acme-near", shape: "base62{20}", near: ["acme"] }),
];
const set = compileRules(rules, []);

function hit(part: Partial<Hit>): Hit {
  return {
    rule: 0,
    start: 0,
    end: 10,
    tier: "shape",
    confidence: "likely",
    severity: "high",
    facts: {},
    gates: [],
    ...part,
  };
}

describe("the best hit of a value", () => {
  it.each<[string, Partial<Hit>, Partial<Hit>]>([
    ["a parsed document before a shape of the same confidence", { tier: "format" }, { tier: "shape" }],
    ["a surer shape before a less sure one", { confidence: "certain" }, { confidence: "weak", rule: 1 }],
    ["a shape before a name nearby", { tier: "shape" }, { tier: "near", rule: 2 }],
    ["a name nearby before the generic tier", { tier: "near", rule: 2 }, { tier: "generic", rule: set.generic }],
    ["a longer literal before a shorter one", { rule: 1 }, { rule: 0 }],
    ["a longer value before a shorter one", { start: 0, end: 20 }, { start: 5, end: 15 }],
  ])("%s", (_, better, worse) => {
    for (const order of [
      [better, worse],
      [worse, better],
    ]) {
      expect(bestHits(set, order.map(hit))).toEqual([hit(better)]);
    }
  });

  it("is kept for each value apart", () => {
    const hits = [hit({ start: 0, end: 10 }), hit({ start: 10, end: 20 }), hit({ start: 25, end: 30 })];
    expect(bestHits(set, [...hits].reverse())).toEqual(hits);
  });

  const anyHit = fc
    .record({
      start: fc.nat(40),
      length: fc.integer({ min: 1, max: 12 }),
      tier: fc.constantFrom("format" as const, "shape" as const, "near" as const, "generic" as const),
      confidence: fc.constantFrom<Confidence>("certain", "likely", "weak"),
      rule: fc.nat(2),
    })
    .map(({ start, length, ...rest }) => hit({ start, end: start + length, ...rest }));

  it("leaves no overlap, loses nothing without one, and does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(anyHit, { maxLength: 12 }), fc.nat(), (hits, seed) => {
        const kept = bestHits(set, hits);
        for (const a of kept)
          for (const b of kept) if (a !== b) expect(a.end <= b.start || b.end <= a.start).toBe(true);
        for (const one of hits) expect(kept.some((other) => other.start < one.end && one.start < other.end)).toBe(true);
        const draw = seededDraw(seed);
        const shuffled = [...hits].sort(() => draw(3) - 1);
        expect(bestHits(set, shuffled)).toEqual(kept);
      }),
    );
  });
});

describe("lowerBound", () => {
  it("is the first index whose value is not below", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 20 }), fc.nat(22), (values, value) => {
        const sorted = values.toSorted((a, b) => a - b);
        const expected = sorted.findIndex((v) => v >= value);
        expect(lowerBound(sorted, value)).toBe(expected < 0 ? sorted.length : expected);
      }),
    );
  });
});

describe("pairs", () => {
  const paired = compileRules(
    [
      ruleOf({ id: "acme-id", name: "Key id", shape: '"ACID" BASE36{16}', part: "identifier", pair: ["acme-secret"] }),
      ruleOf({
        id: "acme-secret",
        name: "Secret key",
        shape: "base62{40}",
        near: ["acme_secret"],
        part: "secret",
        pair: ["acme-id"],
      }),
    ],
    [],
  );
  const draw = seededDraw(41);
  const id = `ACID${drawText(draw, base62.slice(0, 36), 16)}`;
  const secret = drawText(draw, base62, 40);
  const scan = (text: string) => scanBlob(paired, "a.env", Buffer.from(text), "salt");
  const lines = (count: number): string => "# note\n".repeat(count);

  it.each([0, 1, pairWithin - 1])(
    "an id and its secret with %i lines between them are one finding, surer than each",
    (between) => {
      for (const text of [
        `ACME_ID=${id}\n${lines(between)}ACME_SECRET=${secret}\n`,
        `ACME_SECRET=${secret}\n${lines(between)}ACME_ID=${id}\n`,
      ]) {
        const { findings, related } = scan(text);
        expect(findings.map((f) => [f.rule, f.confidence])).toEqual([["leak/acme-secret", "certain"]]);
        const line = text.startsWith("ACME_ID") ? 1 : between + 2;
        expect(findings[0]!.facts.pair).toBe(`Key id on line ${line}`);
        expect(related).toEqual([line]);
        expect(findings[0]!.gates.at(-1)).toBe(`its other half stands on line ${line}`);
        expect(JSON.stringify(findings)).not.toContain(id);
      }
    },
  );

  it("further apart they are not joined, and the id alone is nothing", () => {
    const { findings, related } = scan(`ACME_ID=${id}\n${lines(pairWithin)}ACME_SECRET=${secret}\n`);
    expect(findings.map((f) => [f.rule, f.confidence, f.facts.pair])).toEqual([
      ["leak/acme-secret", "likely", undefined],
    ]);
    expect(related).toEqual([0]);
    expect(scan(`ACME_ID=${id}\n`).findings).toEqual([]);
  });

  it("on one line", () => {
    const { findings } = scan(`login("${id}", acme_secret="${secret}")\n`);
    expect(findings.map((f) => [f.rule, f.confidence])).toEqual([["leak/acme-secret", "certain"]]);
  });

  it("an id vouches for a value of its secret's shape under any name, as likely", () => {
    const { findings } = scan(`one: ${id}\ntwo: ${secret}\n`);
    expect(findings.map((f) => [f.rule, f.confidence])).toEqual([["leak/acme-secret", "likely"]]);
    expect(findings[0]!.place.start).toBe(`one: ${id}\ntwo: `.length);
  });

  it("each secret takes one id", () => {
    const other = drawText(draw, base62, 40);
    const second = `ACID${drawText(draw, base62.slice(0, 36), 16)}`;
    const { findings } = scan(`ACME_ID=${id}\nACME_SECRET=${secret}\n\nACME_ID=${second}\nACME_SECRET=${other}\n`);
    expect(findings.map((f) => f.facts.pair)).toEqual(["Key id on line 1", "Key id on line 4"]);
  });
});
