import { describe, expect, it } from "vitest";
import { buildAutomaton, walk } from "../../src/leak/automaton.ts";
import { base62, drawText, seededDraw } from "./draw.ts";
import { byAutomaton, keyword } from "./keyword-search.ts";

describe("automaton", () => {
  it("reports hits in the order of their ends", () => {
    const ends: number[] = [];
    const keywords = ["he", "she", "his", "hers"].map((k) => Buffer.from(k));
    walk(buildAutomaton(keywords), Buffer.from("ushers and his"), 0, 14, (_, end) => ends.push(end));
    expect(ends).toEqual([4, 4, 6, 14]);
  });

  it.each<[string, string[], string, string[]]>([
    ["one keyword the end of another", ["abcd", "cd"], "abcd", ["0@0", "1@2"]],
    ["one keyword the beginning of another", ["ab", "abcd"], "abc abcd", ["0@0", "0@4", "1@4"]],
    ["falling back into the middle of another", ["abcx", "bcd"], "abcd", ["1@1"]],
    ["a keyword twice", ["ab", "ab"], "AB", ["0@0", "1@0"]],
    ["itself overlapping", ["aa"], "aaaa", ["0@0", "0@1", "0@2"]],
    ["a byte no keyword has in between", ["ab"], "a-b ab", ["0@4"]],
  ])("%s", (_, keywords, text, expected) => {
    const all = keywords.map((one) => keyword(one, true));
    expect(byAutomaton(all, Buffer.from(text))).toEqual(expected.sort());
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
