import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  characterCounts,
  estimatedBits,
  letterPairCost,
  looksRandom,
  sequenceShare,
  shannonEntropy,
} from "../../src/leak/randomness.ts";
import { base62, drawText, hexDigits, seededDraw } from "./draw.ts";

const words = [
  "createQueryBuilderFromOptions",
  "application/x-www-form-urlencoded",
  "the-quick-brown-fox-jumps-over",
  "PASSWORD_RESET_TOKEN_LIFETIME",
  "internationalization",
  "getUserAuthenticationProvider",
  "kubernetes-dashboard-settings",
  "node_modules/some-package/dist",
];

/** The share of 500 drawn values that look drawn. */
function share(alphabet: string, length: number): number {
  const draw = seededDraw(length);
  let random = 0;
  for (let i = 0; i < 500; i++) if (looksRandom(drawText(draw, alphabet, length))) random++;
  return random / 500;
}

describe("looksRandom", () => {
  it.each([
    ["base62", base62, 32],
    ["base62, short", base62, 20],
    ["base64", `${base62}+/`, 40],
    ["hex", hexDigits, 32],
    ["hex, long", hexDigits, 64],
    ["small letters and digits", base62.slice(0, 10) + base62.slice(36), 32],
    ["capitals and digits", base62.slice(0, 36), 32],
    ["base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32],
  ])("holds for nearly all drawn values of %s", (_, alphabet, length) => {
    expect(share(alphabet, length)).toBeGreaterThan(0.97);
  });

  it("holds for most letters drawn without a digit", () => {
    expect(share(base62.slice(10), 32)).toBeGreaterThan(0.9);
    expect(share(base62.slice(36), 32)).toBeGreaterThan(0.7);
  });

  it.each(words)("does not hold for the words %s", (text) => {
    expect(looksRandom(text)).toBe(false);
  });

  it.each([
    ["nothing", ""],
    ["too short", "aZ9kQ2x"],
    ["one character", "a".repeat(32)],
    ["two characters", "ab".repeat(16)],
    ["a row of the alphabet", "abcdefghijklmnopqrstuvwxyz"],
    ["digits counted up", "0123456789012345"],
    ["a short number", "20260304"],
    ["hex digits only", `${"1".repeat(31)}a`],
  ])("does not hold for %s", (_, text) => {
    expect(looksRandom(text)).toBe(false);
  });
});

describe("sequenceShare", () => {
  it.each<[string, number]>([
    ["", 0],
    ["a", 0],
    ["aaa", 0],
    ["aaaa", 1],
    ["abcd", 1],
    ["dcba", 1],
    ["1234x9", 4 / 6],
    ["abcdxyxy4321", 8 / 12],
    ["AbCdEfGh", 1],
    ["azbycxdw", 0],
  ])("of %s is %f", (text, expected) => {
    expect(sequenceShare(text)).toBeCloseTo(expected);
  });

  it("is a share", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "2", "-") }), (text) => {
        expect(sequenceShare(text)).toBeGreaterThanOrEqual(0);
        expect(sequenceShare(text)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("entropy", () => {
  it("counts characters", () => {
    expect(shannonEntropy("aaaa")).toBeCloseTo(0);
    expect(shannonEntropy("abab")).toBeCloseTo(1);
    expect(shannonEntropy("abcd")).toBeCloseTo(2);
  });

  it("is estimated as enough for an id by hash from drawn tokens, and not from passwords that a person makes", () => {
    const draw = seededDraw(4);
    for (let i = 0; i < 200; i++) {
      expect(estimatedBits(drawText(draw, base62, 24))).toBeGreaterThan(60);
      expect(estimatedBits(drawText(draw, hexDigits, 32))).toBeGreaterThan(60);
    }
    for (const guessable of [
      "hunter2",
      "Summer2024!",
      "letmein123",
      "correcthorse",
      "P@ssw0rd",
      "admin",
      "welcome1",
      "monkey-dragon-1",
    ]) {
      expect(estimatedBits(guessable), guessable).toBeLessThan(60);
    }
  });

  it("never exceeds what the length can hold", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const bits = estimatedBits(text);
        expect(bits).toBeGreaterThanOrEqual(-1e-9);
        expect(bits).toBeLessThanOrEqual(Math.max(1, text.length) * 8);
      }),
    );
  });
});

describe("letter pairs and character counts", () => {
  it("cost more in drawn letters than in words", () => {
    const draw = seededDraw(6);
    const drawn = drawText(draw, base62.slice(36), 400);
    expect(letterPairCost(drawn)).toBeGreaterThan(5);
    expect(letterPairCost(words.join(" "))).toBeLessThan(4.6);
    expect(letterPairCost("")).toBe(0);
    expect(letterPairCost("a1b2c3")).toBe(0);
    expect(letterPairCost("QUERY")).toBe(letterPairCost("query"));
  });

  it("count kinds and their changes", () => {
    expect(characterCounts("abC1-2dD")).toEqual({ lower: 3, upper: 2, digit: 2, other: 1, changes: 4 });
    expect(characterCounts("")).toEqual({ lower: 0, upper: 0, digit: 0, other: 0, changes: 0 });
  });
});
