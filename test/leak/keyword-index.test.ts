import { describe, expect, it } from "vitest";
import { buildKeywordIndex, type Keyword } from "../../src/leak/keyword-index.ts";
import { base62, drawText, seededDraw } from "./draw.ts";
import { byIndex, keyword, slowly } from "./keyword-search.ts";

describe("keyword index", () => {
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
    expect(byIndex(keywords, Buffer.from(text, "latin1"))).toEqual(expected.sort());
  });

  it("tells apart a thousand keywords", () => {
    const draw = seededDraw(5);
    const keywords = Array.from({ length: 1000 }, () => keyword(drawText(draw, base62, 4 + draw(8)), draw(2) === 1));
    const bytes = Buffer.concat(
      keywords.map((k) => Buffer.concat([k.bytes, Buffer.from(drawText(draw, `${base62}-.`, draw(4)))])),
    );
    expect(byIndex(keywords, bytes)).toEqual(slowly(keywords, bytes));
  });

  it("refuses a keyword of three bytes", () => {
    expect(() => buildKeywordIndex([keyword("abc")])).toThrow(RangeError);
  });
});
