import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildAutomaton, walk } from "../../src/leak/automaton.ts";
import { base62, drawText, seededDraw } from "./draw.ts";

function folded(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

function naive(keywords: readonly Uint8Array[], bytes: Uint8Array, from: number, to: number): string[] {
  const hits: string[] = [];
  keywords.forEach((wanted, k) => {
    for (let end = from + wanted.length; end <= to; end++) {
      if (wanted.every((b, i) => folded(bytes[end - wanted.length + i]!) === folded(b))) hits.push(`${k}@${end}`);
    }
  });
  return hits.sort();
}

function found(keywords: readonly Uint8Array[], bytes: Uint8Array, from = 0, to = bytes.length): string[] {
  const hits: string[] = [];
  walk(buildAutomaton(keywords), bytes, from, to, (keyword, end) => hits.push(`${keyword}@${end}`));
  return hits.sort();
}

const byte = fc.constantFrom(0x61, 0x41, 0x62, 0x42, 0x63, 0x5b, 0x7b, 0x00, 0xff);
const anyKeyword = fc.array(byte, { minLength: 1, maxLength: 6 }).map((b) => Uint8Array.from(b));

describe("automaton", () => {
  it("finds what a naive search finds, each once, in either letter case", () => {
    fc.assert(
      fc.property(fc.array(anyKeyword, { maxLength: 12 }), fc.array(byte, { maxLength: 100 }), (keywords, text) => {
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
        fc.array(byte, { maxLength: 50 }),
        fc.nat(50),
        fc.nat(50),
        (keywords, text, a, b) => {
          const bytes = Uint8Array.from(text);
          const [from, to] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
          expect(found(keywords, bytes, from, to)).toEqual(naive(keywords, bytes, from, to));
        },
      ),
    );
  });

  it("reports hits in the order of their ends", () => {
    const ends: number[] = [];
    const keywords = ["he", "she", "his", "hers"].map((k) => Buffer.from(k));
    walk(buildAutomaton(keywords), Buffer.from("ushers and his"), 0, 14, (_, end) => ends.push(end));
    expect(ends).toEqual([4, 4, 6, 14]);
  });

  it.each<[string, string[], string, string[]]>([
    ["one keyword the end of another", ["abcd", "cd"], "abcd", ["0@4", "1@4"]],
    ["one keyword the beginning of another", ["ab", "abcd"], "abc abcd", ["0@2", "0@6", "1@8"]],
    ["falling back into the middle of another", ["abcx", "bcd"], "abcd", ["1@4"]],
    ["a keyword twice", ["ab", "ab"], "AB", ["0@2", "1@2"]],
    ["itself overlapping", ["aa"], "aaaa", ["0@2", "0@3", "0@4"]],
    ["a byte no keyword has in between", ["ab"], "a-b ab", ["0@6"]],
  ])("%s", (_, keywords, text, expected) => {
    expect(
      found(
        keywords.map((k) => Buffer.from(k)),
        Buffer.from(text),
      ),
    ).toEqual(expected.sort());
  });

  it("works without keywords", () => {
    expect(found([], Buffer.from("text"))).toEqual([]);
  });

  it("works with more states than two bytes number", () => {
    const draw = seededDraw(3);
    const keywords = Array.from({ length: 3000 }, () => Buffer.from(drawText(draw, base62, 30)));
    const automaton = buildAutomaton(keywords);
    expect(automaton.table).toBeInstanceOf(Uint32Array);
    const bytes = Buffer.concat(keywords.slice(0, 50));
    const hits: number[] = [];
    walk(automaton, bytes, 0, bytes.length, (keyword, end) => hits.push(keyword * 1_000_000 + end));
    expect(hits).toEqual(Array.from({ length: 50 }, (_, i) => i * 1_000_000 + (i + 1) * 30));
  });
});
