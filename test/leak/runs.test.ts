import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileShape } from "../../src/leak/matcher.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { eachRun, holdsDrawnRun, runBytes, shortestRun } from "../../src/leak/runs.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { parseShape } from "../../src/leak/shape.ts";
import { seededDraw } from "./draw.ts";
import { drawSample, ruleOf } from "./rule-samples.ts";

function naive(bytes: Uint8Array, from: number, to: number): [number, number][] {
  const runs: [number, number][] = [];
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && runBytes[bytes[i]!] === 1) continue;
    if (i - start >= shortestRun) runs.push([start, i]);
    start = i + 1;
  }
  return runs;
}

function found(bytes: Uint8Array, from = 0, to = bytes.length): [number, number][] {
  const runs: [number, number][] = [];
  eachRun(bytes, from, to, (start, end) => runs.push([start, end]));
  return runs;
}

/** Runs of token characters and of others, round the length that counts. */
const piece = fc.oneof(
  fc.tuple(fc.constantFrom("a", "Z", "0", "_", "-", "+", "/"), fc.integer({ min: 1, max: 40 })),
  fc.tuple(fc.constantFrom(" ", "\n", ".", "=", "\u0000", "\u00ff"), fc.integer({ min: 1, max: 3 })),
);
const text = fc
  .array(piece, { maxLength: 12 })
  .map((pieces) => Buffer.from(pieces.map(([c, n]) => c.repeat(n)).join(""), "latin1"));

describe("runs", () => {
  it("are those a naive search finds, whole, in order, once each", () => {
    fc.assert(
      fc.property(text, (bytes) => {
        expect(found(bytes)).toEqual(naive(bytes, 0, bytes.length));
      }),
      { numRuns: 1000 },
    );
  });

  it("are cut at the part that is given", () => {
    fc.assert(
      fc.property(text, fc.nat(200), fc.nat(200), (bytes, a, b) => {
        const [from, to] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
        expect(found(bytes, from, to)).toEqual(naive(bytes, from, to));
      }),
    );
  });

  it.each<[string, string, [number, number][]]>([
    ["fifteen characters are none", "a".repeat(15), []],
    ["sixteen are one", "a".repeat(16), [[0, 16]]],
    [
      "one at the start and one at the end",
      `${"a".repeat(16)} ${"b".repeat(16)}`,
      [
        [0, 16],
        [17, 33],
      ],
    ],
    ["signs of base64 and base64url belong to it", "ab+/cd_-ef+/gh_-", [[0, 16]]],
    ["a dot divides", `${"a".repeat(15)}.${"b".repeat(15)}`, []],
  ])("%s", (_, content, expected) => {
    expect(found(Buffer.from(content))).toEqual(expected);
  });
});

describe("which shapes hold a run that is always found", () => {
  const holds = (shape: string): boolean =>
    holdsDrawnRun(compileShape(parseShape(shape)).find((branch) => branch.keyword !== undefined)!);

  it.each([
    ['"acme_" base62{40}', true],
    ['"acme" hex{16}', true],
    ['"acme1" base62{11}', true],
    ['"acme." base62{40}', true],
    ['"acme_" base62{10}', false],
    ['"acme." digit{4} "." digit{4}', false],
    ['"acme:" printable{40}', false],
    ['"https://acme.test/" [a-z.]{0..90} ":" base62{40}', false],
  ])("%s: %s", (shape, expected) => {
    expect(holds(shape)).toBe(expected);
  });
});

describe("a rule finds its samples wherever its literal stands", () => {
  const literal = fc.constantFrom("acme_", "acme-", "acm", ":acme", ".acme", "acme:", "AcmeKey9");
  const body = fc.constantFrom(
    "hex{32}",
    "base62{40}",
    "base62{16..30}",
    "uuid",
    'base64url{20} "." base64url{20}',
    "alpha{30}",
    'digit{9} ":" wordash{35}',
    "base36{12}",
  );
  it("before, behind and inside the drawn part", () => {
    fc.assert(
      fc.property(
        literal,
        body,
        fc.constantFrom("before", "behind", "inside"),
        fc.nat(),
        (mark, drawn, where, seed) => {
          const shape =
            where === "before"
              ? `"${mark}" ${drawn}`
              : where === "behind"
                ? `${drawn} "${mark}"`
                : `hex{8} "${mark}" ${drawn}`;
          fc.pre(!(where === "behind" && drawn.includes("..") && /^[A-Za-z0-9]/.test(mark)));
          const rule = ruleOf({ id: "acme-token", shape });
          const set = compileRules([rule], []);
          const compiled = set.rules[0]!;
          const { token } = drawSample(compiled, compiled.branches[0]!, seededDraw(seed));
          const { findings } = scanBlob(
            set,
            undefined,
            Buffer.from(`let a = 1; call(${token}) # b\n`, "latin1"),
            "salt",
          );
          expect(findings.map((f) => [f.rule, f.place.start, f.place.end])).toEqual([
            ["leak/acme-token", 16, 16 + token.length],
          ]);
        },
      ),
    );
  });
});
