import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, namedClasses } from "../../src/leak/alphabet.ts";
import { compileShape, matchBranch, type ShapeMatch, standsFree, startBefore } from "../../src/leak/matcher.ts";
import { checksums } from "../../src/leak/proof/checksum.ts";
import { nearMiss, sampleToken } from "../../src/leak/sample.ts";
import { parseShape, ShapeError } from "../../src/leak/shape.ts";
import { seededDraw } from "./draw.ts";

const ruleFormat = readFileSync(new URL("../../docs/rule-format.md", import.meta.url), "utf8");

function compile(shape: string) {
  return compileShape(parseShape(shape));
}

/** The match of the longest branch that takes `text` from its beginning. */
function matchAt(shape: string, text: string): ShapeMatch | undefined {
  const bytes = Buffer.from(text, "latin1");
  for (const branch of compile(shape)) {
    const match = matchBranch(branch, bytes, 0, bytes.length);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** What of `text` a shape takes, or undefined. */
function taken(shape: string, text: string): string | undefined {
  const match = matchAt(shape, text);
  return match && text.slice(match.start, match.end);
}

function errorOf(shape: string): { at: number; message: string } {
  try {
    compile(shape);
  } catch (error) {
    if (error instanceof ShapeError) return { at: error.at, message: error.message };
    throw error;
  }
  throw new Error(`the shape is accepted: ${shape}`);
}

describe("constructs", () => {
  it.each([
    ["a literal", '"abc"', "abcd", "abc"],
    ["a literal in another case", '"abc"', "aBc", undefined],
    ["a literal whose case does not matter", 'i"abc-1"', "aBC-1", "aBC-1"],
    ["no folding of signs in it", 'i"ab[1"', "ab{1", undefined],
    ["an escaped quote and backslash", '"a\\"b\\\\"', 'a"b\\', 'a"b\\'],
    ["a class without a count is one byte", '"a" digit', "a12", "a1"],
    ["a count", "digit{3}", "1234", "123"],
    ["too few for a count", "digit{3}", "12", undefined],
    ["a range takes all it can", "digit{2..4}", "123456", "1234"],
    ["a range at its least", "digit{2..4}", "12x", "12"],
    ["an open range", "digit{2..}", "1".repeat(5000), "1".repeat(4096)],
    ["an optional class, there", '"a" digit? "b"', "a1b", "a1b"],
    ["an optional class, absent", '"a" digit? "b"', "ab", "ab"],
    ["a count from none", '"a" digit{0..2} "b"', "ab", "ab"],
    ["a set", "[a-c_.]{4}", "a.c_", "a.c_"],
    ["a set with a hyphen at its end", "[ab-]{3}", "a-b", "a-b"],
    ["a set with a hyphen at its start", "[-ab]{3}", "a-b", "a-b"],
    ["a set with its own closing bracket and a backslash", "[\\]\\\\]{2}", "]\\", "]\\"],
    ["a group", '("ab" | "cd") "e"', "cde", "cde"],
    ["a group repeated", '("ab" digit){2}', "ab1ab2", "ab1ab2"],
    ["a group repeated too seldom", '("ab" digit){2}', "ab1", undefined],
    ["an optional group, there", '"a" ("-b")? "c"', "a-bc", "a-bc"],
    ["an optional group, absent", '"a" ("-b")? "c"', "ac", "ac"],
    ["the longest alternative first", "digit{2} | digit{4}", "12345", "1234"],
    ["a shorter alternative where the longest does not fit", "digit{2} | digit{4}", "123", "12"],
    ["the macro uuid", "uuid", "01234567-89ab-cdef-0123-456789ABCDEF", "01234567-89ab-cdef-0123-456789ABCDEF"],
    [
      "the macro jwt",
      "jwt",
      `eyJ${"a".repeat(8)}.eyJ${"b".repeat(8)}.${"c".repeat(16)}.d`,
      `eyJ${"a".repeat(8)}.eyJ${"b".repeat(8)}.${"c".repeat(16)}`,
    ],
    ["spaces, tabs and newlines between items", '\t"a"\n  digit ', "a1", "a1"],
    ["no space needed between items", '"a"digit{2}"b"', "a12b", "a12b"],
    ["a fixed tail taken from the end of the run", "lower{2..6} lower{2}", "abcdef9", "abcdef"],
    ["a fixed tail whose literal the range could swallow", 'word{3..10} "_x"', "ab_x_x!", "ab_x_x"],
  ])("%s", (_, shape, text, expected) => {
    expect(taken(shape, text)).toBe(expected);
  });

  it("marks the secret part, and takes the whole match where nothing is marked", () => {
    expect(matchAt('"id=" digit{2} ";" $(lower{3}) ";"', "id=12;abc;")).toMatchObject({
      start: 0,
      end: 10,
      valueStart: 6,
      valueEnd: 9,
    });
    expect(matchAt('"id=" $("a" digit | "b" digit{2})', "id=b12")).toMatchObject({ valueStart: 3, valueEnd: 6 });
    expect(matchAt('"id=" digit{2}', "id=12")).toMatchObject({ valueStart: 0, valueEnd: 5, checksum: undefined });
  });

  it.each(Object.entries(checksums))("the checksum %s is over the covered part alone", (name, { length, compute }) => {
    const shape = `"ab_" <base62{12}> "-" ${name}{${length}}`;
    const body = "0Az9".repeat(3);
    const right = compute(Buffer.from(body));
    expect(matchAt(shape, `ab_${body}-${right}`)).toMatchObject({ end: 16 + length, checksum: true });
    expect(matchAt(shape, `ab_${body.slice(1)}0-${right}`)).toMatchObject({ end: 16 + length, checksum: false });
    expect(matchAt(shape, `ab_${body}-${right.slice(1)}`)).toBeUndefined();
    // Its length may be left out.
    expect(matchAt(`"ab_" <base62{12}> "-" ${name}`, `ab_${body}-${right}`)).toMatchObject({ checksum: true });
  });

  it("has the classes of the document, each with the bytes it says", () => {
    const rows = [
      ...ruleFormat.matchAll(
        /^\| `([A-Za-z0-9]+)`(?: `([A-Za-z0-9]+)`)?(?: `([A-Za-z0-9]+)`)? \| [^|]+\| `([A-Za-z0-9]+)` \| /gm,
      ),
    ];
    const named = rows.flatMap((row) => row.slice(1).filter((name) => name !== undefined));
    expect(named.sort()).toEqual([...namedClasses.keys()].sort());
    const expected: [string, RegExp][] = [
      ["digit", /[0-9]/],
      ["hex", /[0-9a-f]/],
      ["HEX", /[0-9A-F]/],
      ["anyhex", /[0-9a-fA-F]/],
      ["lower", /[a-z]/],
      ["upper", /[A-Z]/],
      ["alpha", /[A-Za-z]/],
      ["base32", /[A-Z2-7]/],
      ["lowbase32", /[a-z2-7]/],
      ["base36", /[0-9a-z]/],
      ["BASE36", /[0-9A-Z]/],
      ["base58", /[0-9A-Za-z](?<![0OIl])/],
      ["base62", /[0-9A-Za-z]/],
      ["word", /[0-9A-Za-z_]/],
      ["wordash", /[0-9A-Za-z_-]/],
      ["base64", /[0-9A-Za-z+/]/],
      ["base64url", /[0-9A-Za-z_-]/],
      ["printable", /[\x21-\x7e](?<!["'`\\])/],
    ];
    expect(expected.map(([name]) => name).sort()).toEqual([...namedClasses.keys()].sort());
    for (const [name, pattern] of expected) {
      const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) =>
        pattern.test(String.fromCharCode(byte)),
      );
      expect(bytesOf(namedClasses.get(name)!), name).toEqual(bytes);
    }
  });

  it("has the checksums of the document, with its lengths", () => {
    const named = [...ruleFormat.matchAll(/`((?:crc32|sha256)[a-z0-9]*-[A-Za-z0-9]+)\{(\d+)\}`/g)].map((m) => [
      m[1],
      Number(m[2]),
    ]);
    expect(new Map(named as [string, number][])).toEqual(
      new Map(Object.entries(checksums).map(([name, { length }]) => [name, length])),
    );
  });
});

describe("examples of the document", () => {
  const block = /## Examples\s+```\n([\s\S]*?)```/.exec(ruleFormat)![1]!;
  const examples = block
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => /^'([^']*)'\s*(.*)$/.exec(line)!)
    .map((match) => ({ shape: match[1]!, says: match[2]! }));

  it("are all read", () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
  });

  it.each(examples)("$shape", ({ shape, says }) => {
    if (!says.startsWith("error")) {
      for (const branch of compile(shape)) {
        const { token } = sampleToken(branch, seededDraw(7));
        expect(taken(shape, token)).toBe(token);
      }
      return;
    }
    expect(errorOf(shape).message).toContain("expected a count like {20} or {20..40}");
    expect(says).toContain("{31..34}");
  });

  it("gives the error that the document prints, at its offset", () => {
    const printed = /acme\.yml:\d+:\d+: shape: (.*)$/m.exec(ruleFormat)![1];
    const { at, message } = errorOf('"acme_" base62{20,40}');
    expect(message).toBe(printed);
    expect(at).toBe(14);
  });
});

describe("errors say where and what was expected", () => {
  it.each<[string, string, number, string]>([
    ["nothing", "", 0, "expected a literal, class, set, group or checksum, found the end"],
    ["only spaces", "  ", 2, "expected a literal, class, set, group or checksum, found the end"],
    ["an open literal", 'digit "abc', 6, 'expected a closing ", found "\\"abc"'],
    ["an empty literal", 'digit ""', 6, "expected at least one character between the quotes"],
    ["an open set", "digit [abc", 6, 'expected a closing "]", found "[abc"'],
    ["an empty set", "digit []{2}", 6, "expected at least one character between the brackets"],
    ["an open group", '"a" (digit', 10, 'expected ")", found the end'],
    ["an open covered part", '"a" <digit', 10, 'expected ">", found the end'],
    ["an open value", '"a" $(digit', 11, 'expected ")", found the end'],
    ["an empty alternative", '"abc" |', 7, "expected a literal, class, set, group or checksum, found the end"],
    ["an empty group", '"a" ()', 5, 'expected a literal, class, set, group or checksum, found ")"'],
    ["a closer that nothing opened", '"abc" )', 6, 'expected a literal, class, set, group or checksum, found ")"'],
    ["a sign of another language", '"abc" *', 6, 'expected a literal, class, set, group or checksum, found "*"'],
    ["an unknown class", '"abc" hexx{3}', 6, 'expected a class or checksum, found "hexx"; did you mean "hex"?'],
    ["an unknown class far from all", '"abc" qwertyuiop{3}', 6, 'expected a class or checksum, found "qwertyuiop"'],
    ["a count with a comma", "digit{3,4}", 5, 'expected a count like {20} or {20..40}, found "{3,4}"'],
    ["a count with two dots too few", "digit{3.4}", 5, 'expected a count like {20} or {20..40}, found "{3.4}"'],
    ["an open count", "digit{3", 5, 'expected a count like {20} or {20..40}, found "{3"'],
    ["a count that falls", "digit{4..3}", 5, "expected a count from a smaller to a larger number, at most 4096"],
    ["a count of none", "digit{0}", 5, "expected a count from a smaller to a larger number, at most 4096"],
    ["a count beyond 4096", "digit{4097}", 5, "expected a count from a smaller to a larger number, at most 4096"],
    ["a group with a range", '("a" digit){2..3}', 0, "a group takes {n} up to 64 or ?"],
    ["a group too often", '"b" ("a" digit){65}', 4, "a group takes {n} up to 64 or ?"],
    [
      "a checksum of another length",
      '"a" <digit{9}> crc32-hex{6}',
      15,
      "expected crc32-hex{8}, the length of that checksum",
    ],
  ])("%s", (_, shape, at, message) => {
    expect(errorOf(shape)).toEqual({ at, message });
  });

  it("never fails in another way, whatever the text", () => {
    const piece = fc.constantFrom(
      '"',
      '"a"',
      "digit",
      "{3}",
      "{2..4}",
      "{",
      "}",
      "(",
      ")",
      "<",
      ">",
      "$(",
      "|",
      "[a-z]",
      "[",
      "]",
      "?",
      "i",
      "\\",
      "uuid",
      "jwt",
      "crc32-hex{8}",
      " ",
      "\u00e9",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        try {
          compile(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeError);
          expect((error as ShapeError).at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what could need giving back is refused", () => {
  const swallows = "a class with a range is followed by something it can swallow, and what follows has no fixed length";
  it.each([
    ["a range before a range of the same class", "digit{2..4} digit{2..4}"],
    ["a range before a literal of its bytes and a range", 'lower{2..4} "a" digit{1..3}'],
    ["a range before an optional class of other bytes and a range of its own", "lower{2..4} digit? lower{1..3}"],
    ["an open range before itself", "base62{4..} base62{4..}"],
    ["a range before a letter in either case and a range", 'upper{2..4} i"a" digit{1..2}'],
  ])("%s", (_, shape) => {
    expect(errorOf(shape).message).toBe(swallows);
  });

  it.each([
    ["a range before a disjoint class", "digit{2..4} lower{2..4}"],
    ["a range before a disjoint literal and itself", 'digit{2..4} "-" digit{2..4}'],
    ["a range before a fixed tail", "base62{8..40} crc32-base62{6}"],
    ["a fixed class before itself", "digit{4} digit{2..4}"],
  ])("but not %s", (_, shape) => {
    expect(compile(shape)).not.toHaveLength(0);
  });

  it("refuses more than 256 branches", () => {
    expect(compile(`"abc" ${'("a" | "b") '.repeat(8)}`)).toHaveLength(256);
    expect(errorOf(`"abc" ${'("a" | "b") '.repeat(9)}`).message).toContain("more than 256 alternatives");
    expect(errorOf(Array.from({ length: 257 }, (_, i) => `"lit${i}"`).join("|")).message).toContain("at most 256");
  });

  it("refuses a shape that may be empty", () => {
    expect(() => compile('("abc")?')).toThrow("an alternative that is empty");
  });
});

describe("a token stands free", () => {
  const free = (shape: string, before: string, token: string, after: string): boolean => {
    const bytes = Buffer.from(before + token + after, "latin1");
    const branch = compile(shape)[0]!;
    const match = matchBranch(branch, bytes, before.length, bytes.length)!;
    return standsFree(branch, bytes, match.start, match.end);
  };
  it.each<[string, string, string, string, boolean]>([
    ["alone", "", "ab12", "", true],
    ["in quotes", '"', "ab12", '"', true],
    ["behind a letter", "x", "ab12", "", false],
    ["behind a digit", "9", "ab12", "", false],
    ["behind an underscore", "_", "ab12", "", false],
    ["behind a hyphen, a slash, a plus", "-/+", "ab12", "", true],
    ["before a letter", "", "ab12", "x", false],
    ["before a digit beyond its count", "", "ab12", "3", false],
    ["before an underscore", "", "ab12", "_", false],
    ["before a hyphen", "", "ab12", "-", true],
    ["behind \\n", "\\n", "ab12", "", true],
    ["behind \\t", "\\t", "ab12", "", true],
    ["behind an escaped backslash and an n", "\\\\n", "ab12", "", false],
    ["behind %20", "%20", "ab12", "", true],
    ["behind %3D", "%3D", "ab12", "", true],
    ["behind \\x41", "\\x41", "ab12", "", true],
    ["behind \\u0022", "\\u0022", "ab12", "", true],
    ["behind a terminal's colour", "\u001b[1;32m", "ab12", "", true],
    ["behind a terminal's colour written out", "\\033[0m", "ab12", "", true],
    ["behind a letter after a percent sign", "%zz", "ab12", "", false],
  ])("%s", (_, before, token, after, expected) => {
    expect(free('"ab" digit{2}', before, token, after)).toBe(expected);
  });

  it("counts the signs of its own last class behind it, and not before it", () => {
    expect(free('"ab" [a-z.-]{2}', "-", "abcd", "")).toBe(true);
    expect(free('"ab" [a-z.-]{2}', "", "abcd", "-")).toBe(false);
    expect(free('"ab" [a-z.-]{2}', "", "abcd", "/")).toBe(true);
  });
});

/** Random shapes that are linear: fixed classes, ranges closed by a literal no class holds. */
const shapeItem = fc.oneof(
  fc.constantFrom('"lit_"', '"qz"', '"~"', 'i"mark-"', "uuid", '("aa" | "b" digit)', '("-x" digit{2})?'),
  fc
    .tuple(fc.constantFrom("digit", "hex", "base62", "[a-f+]"), fc.integer({ min: 1, max: 9 }))
    .map(([name, n]) => `${name}{${n}}`),
  fc
    .tuple(
      fc.constantFrom("digit", "hex", "base62", "wordash"),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 5, max: 12 }),
    )
    .map(([name, a, b]) => `${name}{${a}..${b}} "~"`),
  fc.integer({ min: 4, max: 12 }).map((n) => `<base62{${n}}> crc32-base62{6}`),
);
const shapeText = fc
  .array(shapeItem, { minLength: 1, maxLength: 6 })
  .map((items) => items.join(" "))
  .filter((text) => !/^(?:\([^)]*\)\?\s*)+$/.test(text)); // A shape that may be empty is refused.

describe("samples", () => {
  it("match their own branch from end to end, with the same secret part and right checksums", () => {
    fc.assert(
      fc.property(shapeText, fc.boolean(), fc.nat(), (items, marked, seed) => {
        const shape = marked ? `"pre=" $(${items}) "~"` : items;
        const draw = seededDraw(seed);
        for (const branch of compile(shape)) {
          const { token, valueStart, valueEnd } = sampleToken(branch, draw);
          const match = matchBranch(branch, Buffer.from(token, "latin1"), 0, token.length);
          expect(match).toEqual({
            start: 0,
            end: token.length,
            valueStart,
            valueEnd,
            checksum: shape.includes("crc32") ? true : undefined,
          });
          expect(token.length).toBeGreaterThanOrEqual(branch.minLength);
          expect(token.length).toBeLessThanOrEqual(branch.maxLength);
        }
      }),
    );
  });

  it("are found from where their keyword stands", () => {
    const before = fc.constantFrom(
      "",
      'digit{3} "-"',
      'hex{2..9} "~"',
      '"x" base62{1..4} "@"',
      'hex{8} "@" ("o" digit{1..5} ".")?',
      'base36{5..9} "." base36{4..6} "~"',
    );
    fc.assert(
      fc.property(before, fc.constantFrom('"keyword-"', '"_keyword"'), fc.nat(), (head, keyword, seed) => {
        const draw = seededDraw(seed);
        for (const branch of compile(`${head} ${keyword} digit{12}`)) {
          const { token } = sampleToken(branch, draw);
          const bytes = Buffer.from(` (${token}) `, "latin1");
          const literal = Buffer.from(branch.keyword!.bytes).toString("latin1");
          const found = startBefore(branch, bytes, bytes.indexOf(literal));
          expect(found, `${token} found from ${literal}`).toBe(2);
          expect(matchBranch(branch, bytes, found, bytes.length)?.end).toBe(2 + token.length);
        }
      }),
    );
  });

  it("spoilt ones do not match their branch where they stand free", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          '"lit_" base62{20}',
          '"lit-" hex{12} "-" digit{9}',
          "uuid",
          '"lit_" <base62{16}> crc32-base62{6}',
        ),
        fc.constantFrom("too-short", "too-long", "foreign-byte", "wrong-literal"),
        fc.nat(),
        (shape, way, seed) => {
          const branch = compile(shape)[0]!;
          const spoilt = nearMiss(branch, way, seededDraw(seed));
          if (spoilt === undefined) return;
          const bytes = Buffer.from(spoilt, "latin1");
          const match = matchBranch(branch, bytes, 0, bytes.length);
          expect(match !== undefined && standsFree(branch, bytes, match.start, match.end)).toBe(false);
        },
      ),
    );
  });

  it("are the same for the same draws", () => {
    const branch = compile('"lit_" base62{30}')[0]!;
    expect(sampleToken(branch, seededDraw(1))).toEqual(sampleToken(branch, seededDraw(1)));
    expect(sampleToken(branch, seededDraw(1))).not.toEqual(sampleToken(branch, seededDraw(2)));
  });
});
