import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formats } from "../../../src/leak/format/registry.ts";
import { cpuSince } from "../cost.ts";
import { samples } from "./samples.ts";
import { keywordHits } from "./scan-formats.ts";

const megabyte = 1_000_000;
const fill = (piece: string): string => piece.repeat(Math.ceil(megabyte / piece.length));

/** Milliseconds for one parser over 1 MB; the slowest takes about a tenth of it on an idle core. */
const budget = 2000;

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
      for (const [text, word] of inputs) {
        const at = positions(text, word);
        const bytes = Buffer.from(text, "latin1");
        const start = process.threadCpuUsage();
        const hits = format.parse({ path: undefined, bytes, text }, at);
        expect(cpuSince(start), `${text.slice(0, 40)}`).toBeLessThan(budget);
        expect(Array.isArray(hits)).toBe(true);
      }
    },
    120_000,
  );

  it("a hundred thousand BEGIN lines, and as many with a body", () => {
    const begin = "-----BEGIN RSA PRIVATE KEY-----\n";
    for (const text of [begin.repeat(100_000), `${begin}MIIEpAIBAAKCAQEA\n`.repeat(60_000)]) {
      const at = keywordHits(text, ["-----begin"]);
      const start = process.threadCpuUsage();
      for (const format of formats.filter(({ keywords }) => keywords[0] === "-----begin")) {
        expect(format.parse({ path: undefined, bytes: Buffer.from(text), text }, at)).toEqual([]);
      }
      expect(cpuSince(start)).toBeLessThan(3 * budget);
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
