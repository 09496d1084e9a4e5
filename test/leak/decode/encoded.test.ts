import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodedRuns, findEncoded } from "../../../src/leak/decode/encoded.ts";
import { type Encoded, maxDecodedBytes } from "../../../src/leak/decode/encoding.ts";
import { costsFarMore, fill } from "../cost.ts";

/** Everything decoded in a text, by way of the cheap test, as the engine goes. */
function decodeAll(text: string): Encoded[] {
  const bytes = Buffer.from(text, "latin1");
  return encodedRuns(bytes).flatMap(([from, to]) => [...findEncoded(bytes, from, to)]);
}

function textOf(found: Encoded): string {
  return Buffer.from(found.bytes).toString("latin1");
}

/** Decodes down to a depth and says whether the secret came up. */
function reaches(text: string, secret: string, depth: number): boolean {
  return (
    text.includes(secret) || (depth > 0 && decodeAll(text).some((found) => reaches(textOf(found), secret, depth - 1)))
  );
}

const encoders: Record<string, (text: string) => string> = {
  base64: (text) => Buffer.from(text, "latin1").toString("base64"),
  "base64 without padding": (text) => Buffer.from(text, "latin1").toString("base64").replace(/=+$/, ""),
  base64url: (text) => Buffer.from(text, "latin1").toString("base64url"),
  "wrapped base64": (text) =>
    (
      Buffer.from(text, "latin1")
        .toString("base64")
        .match(/.{1,76}/g) ?? []
    ).join("\r\n"),
  hex: (text) => Buffer.from(text, "latin1").toString("hex"),
  HEX: (text) => Buffer.from(text, "latin1").toString("hex").toUpperCase(),
  percent: (text) =>
    text.replace(/[^A-Za-z0-9]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`),
  "percent, all of it": (text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""),
  json: (text) => JSON.stringify(`{"a":"b"}${text}`).slice(1, -1),
  "unicode escapes": (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  "hex escapes": (text) => [...text].map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""),
  html: (text) => [...text].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join(""),
  "html, decimal": (text) => [...text].map((c) => `&#${c.charCodeAt(0)};`).join(""),
  "html, named": (text) =>
    `&quot;${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")}&quot;`,
};

/** A line such as a secret stands in: printable, with enough punctuation for the escapes to have work. */
const line = fc
  .tuple(fc.string({ unit: fc.constantFrom(..."abcdefABCDEF0123456789_-"), minLength: 20, maxLength: 200 }), fc.nat(60))
  .map(([secret, n]) => ({ secret, text: `${"name = x; ".repeat(n % 7)}key: "<${secret}>" & more, (of) it` }));

describe.each(Object.keys(encoders))("%s", (name) => {
  const encode = encoders[name]!;
  it("is decoded, with offsets that lead back", () => {
    fc.assert(
      fc.property(line, ({ text, secret }) => {
        const encoded = encode(text);
        const source = `before: '${encoded}'\nafter\n`;
        const found = decodeAll(source).find((candidate) => textOf(candidate).includes(secret));
        expect(found, source).toBeDefined();
        expect(found!.start).toBeLessThanOrEqual(found!.toSource(0));
        expect(found!.toSource(found!.bytes.length)).toBe(found!.end);
        const at = textOf(found!).indexOf(secret);
        // What stands from the place of the secret on decodes to the secret.
        const from = found!.toSource(at);
        expect(from).toBeGreaterThanOrEqual(9);
        expect(from).toBeLessThan(9 + encoded.length);
        if (name.startsWith("hex") || name.startsWith("percent,") || name.startsWith("unicode") || name === "html") {
          expect(source.startsWith(encode(secret), from)).toBe(true);
        }
        for (let i = 1; i <= found!.bytes.length; i++)
          expect(found!.toSource(i)).toBeGreaterThanOrEqual(found!.toSource(i - 1));
      }),
      { numRuns: 40 },
    );
  });
});

describe("nesting to depth 3", () => {
  const names = Object.keys(encoders);
  it("any two inside a third", () => {
    fc.assert(
      fc.property(
        line,
        fc.constantFrom(...names),
        fc.constantFrom(...names),
        fc.constantFrom(...names),
        ({ text, secret }, a, b, c) => {
          // Text without anything to escape is not an escape's work; wrapped lines inside a literal are no longer wrapped base64.
          fc.pre(![a, b].includes("wrapped base64"));
          const inner = encoders[a]!(text);
          const middle = encoders[b]!(`x = "${inner}" & (y) <z>`);
          const outer = encoders[c]!(`x = "${middle}" & (y) <z>`);
          expect(reaches(`value: ${outer}\n`, secret, 3), `${a} in ${b} in ${c}`).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("base64 of percent of JSON", () => {
    const secret = `token_${"k3".repeat(12)}`;
    const text = encoders.base64!(encoders["percent, all of it"]!(encoders.json!(`"${secret}"`)));
    expect(reaches(text, secret, 3)).toBe(true);
    expect(reaches(text, secret, 1)).toBe(false);
  });
});

describe("base64 at every alignment", () => {
  const secret = "sEcReT_vAlUe_0123456789_AbCdEf";
  it.each([0, 1, 2])("a secret that begins %i bytes into a group", (shift) => {
    const text = `${"-".repeat(30 + shift)}${secret}${"-".repeat(31)}`;
    expect(decodeAll(`"${encoders.base64!(text)}"`).some((found) => textOf(found).includes(secret))).toBe(true);
  });

  it.each([0, 1, 2, 3])("a run that is cut off %i characters into a group", (cut) => {
    const encoded = encoders.base64!(`name = ${"x".repeat(20)} ${secret} and more text`).slice(cut);
    expect(decodeAll(`"${encoded}"`).some((found) => textOf(found).includes(secret))).toBe(true);
    expect(decodeAll(`"${encoded.slice(0, -3)}"`).some((found) => textOf(found).includes(secret))).toBe(true);
  });

  it("an odd number of hex digits, and 0x before them", () => {
    const hex = encoders.hex!(`name = ${secret}`);
    for (const text of [`x = ${hex.slice(1)};`, `x = 0x${hex};`, `x = a${hex};`]) {
      expect(
        decodeAll(text).some((found) => found.encoding === "hex" && textOf(found).includes(secret)),
        text,
      ).toBe(true);
    }
  });
});

describe("what is left alone", () => {
  const random = (n: number): Buffer =>
    Buffer.from(Array.from({ length: n }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255));
  it.each([
    [
      "source code",
      "export function someFunctionName(parameter: SomeVeryLongTypeName): Promise<void> {\n  return 1;\n}\n".repeat(20),
    ],
    ["paths and identifiers", "src/driver/types/DatabaseType/index_of_something_long.ts\n".repeat(20)],
    ["digests", `sha512-${random(64).toString("base64")} ${random(32).toString("hex")} ${random(20).toString("hex")}`],
    ["an image", `data:image/png;base64,${random(4000).toString("base64")}`],
    ["rules", `${"-".repeat(80)}\n${"=".repeat(80)}\n${"/".repeat(80)}\n${"A".repeat(80)}\n${"0".repeat(80)}\n`],
    ["ordinary escapes", "console.log('a\\n', 100 % 7, \"%s\", a && b, `\\t`)\n".repeat(20)],
    ["two percent escapes", "https://x.dev/a%20b%20c"],
    ["regular expressions", "/\\d+\\s*\\w{2}/.test(x) && /^\\$\\{/.test(y)"],
    ["a uuid", "123e4567-e89b-12d3-a456-426614174000"],
  ])("%s", (_, text) => {
    expect(decodeAll(text)).toEqual([]);
  });
});

describe("caps", () => {
  it("decodes no more than the cap, and says so", () => {
    const text = encoders.base64!("word and word, ".repeat(100_000));
    const [found, ...rest] = decodeAll(text);
    expect(rest).toEqual([]);
    expect(found?.cut).toBe(true);
    expect(found!.bytes.length).toBeLessThanOrEqual(maxDecodedBytes + 2);
    expect(decodeAll(encoders.base64!("word and word, ".repeat(100)))[0]?.cut).toBeUndefined();
  });

  it("1 MB of hostile input is done quickly", () => {
    const pieces = [
      "%",
      "%4",
      "%41",
      "%41%42%43 ",
      "\\",
      '\\"',
      "\\u00",
      "\\u0041",
      "\\x41\n",
      "&",
      "&#",
      "&#x41;",
      "&quot;",
      "A",
      "4142",
      "QUJD\n",
      `${"QUJD".repeat(19)}\n`,
      '"',
      "=",
      "+/",
      "-_",
    ];
    const prose = fill("some words of prose, and a number 42\n", 1_000_000);
    const usual = () => decodeAll(prose);
    for (const piece of pieces) {
      const text = fill(piece, 1_000_000);
      const cost = costsFarMore(() => decodeAll(text), usual);
      expect(cost, piece).toBeUndefined();
    }
  });
});
