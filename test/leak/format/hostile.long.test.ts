import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formats } from "../../../src/leak/format/registry.ts";
import { costsFarMore } from "../cost.ts";
import { samples } from "./samples.ts";
import { keywordHits } from "./scan-formats.ts";

const megabyte = 1_000_000;
const fill = (piece: string): string => piece.repeat(Math.ceil(megabyte / piece.length));

const nasty = [
  '"',
  "'",
  "`",
  "\\",
  "{",
  "[",
  "(",
  "<",
  "<a ",
  '<a b="',
  "\n",
  "\r\n",
  " ",
  "a",
  "A",
  "=",
  ":",
  "/",
  "@",
  "-",
  "\0",
  "\xff",
  "{{",
  "${",
  "a:",
  "- ",
  "&amp;",
  '"\\',
  "`'\"",
];

function positions(text: string, keyword: string): number[] {
  const at: number[] = [];
  if (keyword === "") return at;
  for (let i = text.indexOf(keyword); i !== -1; i = text.indexOf(keyword, i + 1)) at.push(i);
  return at;
}

describe("1 MB of hostile input", () => {
  it.each(formats.map((format, i) => [`${format.id} (${i})`, format] as const))(
    "%s",
    (_, format) => {
      const [keyword = "", ...others] = format.keywords;
      const inputs: [text: string, keyword: string][] = [
        ...[keyword, ...others.slice(0, 3)].map((word): [string, string] => [fill(word || "x"), word]),
        ...[`${keyword}\n`, `;${keyword} '`, ` ${keyword}"x":{`].map((piece): [string, string] => [
          fill(piece),
          keyword,
        ]),
        ...nasty.map((piece): [string, string] => [`${keyword}${fill(piece)}${keyword}`, keyword]),
      ];
      const parsing = (text: string, word: string) => {
        const [at, bytes] = [positions(text, word), Buffer.from(text, "latin1")];
        return () => format.parse({ path: undefined, bytes, text }, at);
      };
      const ordinary = parsing(fill(`  ${keyword} = "a value" # and some words of prose\n`), keyword);
      for (const [text, word] of inputs) {
        expect(costsFarMore(parsing(text, word), ordinary, 150), `${text.slice(0, 40)}`).toBeUndefined();
      }
    },
    120_000,
  );

  it("a hundred thousand BEGIN lines, and as many with a body", () => {
    const begin = "-----BEGIN RSA PRIVATE KEY-----\n";
    for (const text of [begin.repeat(100_000), `${begin}MIIEpAIBAAKCAQEA\n`.repeat(60_000)]) {
      const at = keywordHits(text, ["-----begin"]);
      const prose = "some words of prose in a line\n".repeat(text.length / 30);
      for (const format of formats.filter(({ keywords }) => keywords[0] === "-----begin")) {
        const parse = (of: string) => () => format.parse({ path: undefined, bytes: Buffer.from(of), text: of }, at);
        expect(parse(text)()).toEqual([]);
        expect(costsFarMore(parse(text), parse(prose))).toBeUndefined();
      }
    }
  }, 60_000);
});

describe("any bytes", () => {
  const list = samples(4);
  it("no parser throws, and every hit lies within the input", () => {
    const pieces = fc.constantFrom(
      ...nasty,
      ...list.map(({ text }) => text),
      ...list.map(({ text }) => text.slice(0, text.length / 2)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 8 }),
        (parts) => {
          const bytes = Buffer.from(parts.join(""), "utf8");
          const text = bytes.toString("latin1");
          for (const format of formats) {
            for (const hit of format.parse({ path: undefined, bytes, text }, keywordHits(text, format.keywords))) {
              expect(hit.start).toBeGreaterThanOrEqual(0);
              expect(hit.end).toBeGreaterThan(hit.start);
              expect(hit.end).toBeLessThanOrEqual(bytes.length);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("a sample cut off anywhere is no error", () => {
    for (const { text } of list) {
      for (let end = 0; end < text.length; end += 7) {
        const cut = text.slice(0, end);
        const bytes = Buffer.from(cut, "latin1");
        for (const format of formats) {
          if (format.keywords.length > 0 && keywordHits(cut, format.keywords).length === 0) continue;
          expect(() => format.parse({ path: "x", bytes, text: cut }, keywordHits(cut, format.keywords))).not.toThrow();
        }
      }
    }
  });
});
