import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildKeywordIndex, eachKeyword, type Keyword } from "../../src/leak/keyword-index.ts";
import { base62, drawText, seededDraw } from "./draw.ts";

function folded(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** Every keyword at every offset, the slow way. */
function naive(keywords: readonly Keyword[], bytes: Uint8Array, from: number, to: number): string[] {
  const hits: string[] = [];
  keywords.forEach(({ bytes: wanted, ignoreCase }, k) => {
    for (let start = from; start + wanted.length <= to; start++) {
      if (wanted.every((b, i) => bytes[start + i] === b || (ignoreCase && folded(bytes[start + i]!) === folded(b))))
        hits.push(`${k}@${start}`);
    }
  });
  return hits.sort();
}

function found(keywords: readonly Keyword[], bytes: Uint8Array, from = 0, to = bytes.length): string[] {
  const hits: string[] = [];
  eachKeyword(buildKeywordIndex(keywords), bytes, from, to, (keyword, start) => hits.push(`${keyword}@${start}`));
  return hits.sort();
}

function keyword(text: string, ignoreCase = false): Keyword {
  return { bytes: Buffer.from(text, "latin1"), ignoreCase };
}

/** Bytes that meet often: two letters in both cases, signs that differ from others by bit 32 only, and the extremes. */
const byte = fc.constantFrom(0x61, 0x41, 0x62, 0x42, 0x5b, 0x7b, 0x40, 0x60, 0x00, 0x20, 0xff, 0xdf);
const anyKeyword = fc.record({
  bytes: fc.array(byte, { minLength: 4, maxLength: 9 }).map((b) => Uint8Array.from(b)),
  ignoreCase: fc.boolean(),
});

describe("keyword index", () => {
  it("finds what a naive search finds, each once", () => {
    fc.assert(
      fc.property(fc.array(anyKeyword, { maxLength: 12 }), fc.array(byte, { maxLength: 120 }), (keywords, text) => {
        const bytes = Uint8Array.from(text);
        expect(found(keywords, bytes)).toEqual(naive(keywords, bytes, 0, bytes.length));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps to the part that it is given", () => {
    fc.assert(
      fc.property(
        fc.array(anyKeyword, { minLength: 1, maxLength: 5 }),
        fc.array(byte, { maxLength: 60 }),
        fc.nat(60),
        fc.nat(60),
        (keywords, text, a, b) => {
          const bytes = Uint8Array.from(text);
          const [from, to] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
          expect(found(keywords, bytes, from, to)).toEqual(naive(keywords, bytes, from, to));
        },
      ),
    );
  });

  it("finds planted keywords wherever they stand, at both ends and overlapping", () => {
    fc.assert(
      fc.property(
        fc.array(anyKeyword, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 10 }),
        (keywords, plan) => {
          const bytes = Buffer.concat(
            plan.flatMap(([k, gap]) => [keywords[k % keywords.length]!.bytes, Buffer.alloc(gap, 0x2e)]),
          );
          const hits = found(keywords, bytes);
          expect(hits).toEqual(naive(keywords, bytes, 0, bytes.length));
          expect(hits).toContain(`${keywords.findIndex((k) => k === keywords[plan[0]![0] % keywords.length])}@0`);
        },
      ),
    );
  });

  it.each<[string, Keyword[], string, string[]]>([
    ["at the start", [keyword("ghp_")], "ghp_ ", ["0@0"]],
    ["at the end", [keyword("ghp_")], " ghp_", ["0@1"]],
    ["as the whole text", [keyword("token")], "token", ["0@0"]],
    ["cut off at the end", [keyword("token")], "toke", []],
    ["itself overlapping", [keyword("aaaa")], "aaaaaa", ["0@0", "0@1", "0@2"]],
    ["one inside another", [keyword("secret"), keyword("ecre")], "a secret", ["0@2", "1@3"]],
    ["case kept", [keyword("AKIA")], "akia AKIA", ["0@5"]],
    ["case ignored", [keyword("AkIa", true)], "akia AKIA aKiA", ["0@0", "0@10", "0@5"]],
    ["the same keyword twice", [keyword("abcd"), keyword("abcd")], "abcd", ["0@0", "1@0"]],
    ["the same keyword with and without case", [keyword("abcd"), keyword("abcd", true)], "ABCD", ["1@0"]],
    ["signs are not letters", [keyword("a[b]c", true)], "a{b}c A[B]C", ["0@6"]],
  ])("%s", (_, keywords, text, expected) => {
    expect(found(keywords, Buffer.from(text, "latin1"))).toEqual(expected.sort());
  });

  it("finds nothing without keywords and nothing in nothing", () => {
    expect(found([], Buffer.from("text"))).toEqual([]);
    expect(found([keyword("abcd")], Buffer.alloc(0))).toEqual([]);
  });

  it("tells apart a thousand keywords", () => {
    const draw = seededDraw(5);
    const keywords = Array.from({ length: 1000 }, () => keyword(drawText(draw, base62, 4 + draw(8)), draw(2) === 1));
    const bytes = Buffer.concat(
      keywords.map((k) => Buffer.concat([k.bytes, Buffer.from(drawText(draw, `${base62}-.`, draw(4)))])),
    );
    expect(found(keywords, bytes)).toEqual(naive(keywords, bytes, 0, bytes.length));
  });

  it("refuses a keyword of three bytes", () => {
    expect(() => buildKeywordIndex([keyword("abc")])).toThrow(RangeError);
  });
});
