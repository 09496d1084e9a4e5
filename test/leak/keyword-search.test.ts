import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortestKeyword } from "../../src/leak/keyword-index.ts";
import { byAutomaton, byIndex, slowly } from "./keyword-search.ts";

/** Bytes that meet often: letters in both cases, signs that differ from others by bit 32 only, and the extremes. */
const byte = fc.constantFrom(0x61, 0x41, 0x62, 0x42, 0x63, 0x5b, 0x7b, 0x40, 0x60, 0x00, 0x20, 0xff, 0xdf);

describe.each([
  ["the automaton", byAutomaton, 1, fc.constant(true)],
  ["the index", byIndex, shortestKeyword, fc.boolean()],
] as const)("%s", (_, search, shortest, ignoreCase) => {
  const anyKeyword = fc.record({
    bytes: fc.array(byte, { minLength: shortest, maxLength: shortest + 5 }).map((b) => Uint8Array.from(b)),
    ignoreCase,
  });

  it("finds what a naive search finds, each once", () => {
    fc.assert(
      fc.property(fc.array(anyKeyword, { maxLength: 12 }), fc.array(byte, { maxLength: 120 }), (keywords, text) => {
        const bytes = Uint8Array.from(text);
        expect(search(keywords, bytes)).toEqual(slowly(keywords, bytes));
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
          expect(search(keywords, bytes, from, to)).toEqual(slowly(keywords, bytes, from, to));
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
          const hits = search(keywords, bytes);
          expect(hits).toEqual(slowly(keywords, bytes));
          expect(hits).toContain(`${keywords.findIndex((k) => k === keywords[plan[0]![0] % keywords.length])}@0`);
        },
      ),
    );
  });

  it("finds nothing without keywords and nothing in nothing", () => {
    expect(search([], Buffer.from("text"))).toEqual([]);
    expect(search([{ bytes: Buffer.from("abcd"), ignoreCase: true }], Buffer.alloc(0))).toEqual([]);
  });
});
