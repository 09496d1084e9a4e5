import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CharsetName, decodeCharset } from "../../../src/leak/decode/charset.ts";

/** The text in an encoding, written without the code under test. */
function encode(text: string, encoding: CharsetName, mark: boolean): Buffer {
  const points = [...(mark ? "\ufeff" : ""), ...text].map((c) => c.codePointAt(0)!);
  if (encoding.startsWith("utf-32")) {
    const out = Buffer.alloc(points.length * 4);
    points.forEach((point, i) => {
      if (encoding === "utf-32le") out.writeUInt32LE(point, i * 4);
      else out.writeUInt32BE(point, i * 4);
    });
    return out;
  }
  const units = Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");
  return encoding === "utf-16le" ? units : units.swap16();
}

const encodings: CharsetName[] = ["utf-16le", "utf-16be", "utf-32le", "utf-32be"];
const letters = fc.constantFrom(..."abcdefghijk XYZ012=\n-_");
const ascii = fc.string({ unit: letters, minLength: 20, maxLength: 2000 });
const any = fc.array(
  fc.oneof({ weight: 8, arbitrary: letters }, { weight: 1, arbitrary: fc.constantFrom("é", "日", "😀", "\u0100") }),
  { maxLength: 1500 },
);

describe.each(encodings)("%s", (encoding) => {
  const width = encoding.startsWith("utf-32") ? 4 : 2;

  it.each([true, false])("decodes and maps back, byte order mark %s", (mark) => {
    fc.assert(
      fc.property(ascii, fc.nat(), (text, pick) => {
        const source = encode(text, encoding, mark);
        const decoded = decodeCharset(source)!;
        expect(decoded.encoding).toBe(encoding);
        expect(Buffer.from(decoded.bytes).toString()).toBe(text);
        const from = mark ? width : 0;
        const offset = pick % (text.length + 1);
        expect(decoded.toSource(offset)).toBe(from + offset * width);
      }),
      { numRuns: 60 },
    );
  });

  it("maps back through characters of any length", () => {
    fc.assert(
      fc.property(any, fc.nat(), (characters, pick) => {
        const decoded = decodeCharset(encode(characters.join(""), encoding, true))!;
        const at = pick % (characters.length + 1);
        const before = characters.slice(0, at).join("");
        expect(Buffer.from(decoded.bytes).toString()).toBe(characters.join(""));
        expect(decoded.toSource(Buffer.byteLength(before))).toBe(encode(before, encoding, true).length);
      }),
      { numRuns: 60 },
    );
  });

  it("leaves out what is cut off at the end", () => {
    const source = encode("key = value and more of it", encoding, true);
    const decoded = decodeCharset(source.subarray(0, source.length - 1))!;
    expect(Buffer.from(decoded.bytes).toString()).toBe("key = value and more of i");
  });
});

describe("everything else", () => {
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["ASCII", Buffer.from("plain text of some length\n")],
    ["UTF-8 with a mark", Buffer.from("\ufeffplain text of some length")],
    ["NUL bytes alone", Buffer.alloc(4096)],
    [
      "a table of 32-bit numbers",
      Buffer.from(Uint32Array.from({ length: 400 }, (_, i) => (i * 7919) % 200_000).buffer),
    ],
    ["a table of small 16-bit numbers", Buffer.from(Uint16Array.from({ length: 400 }, (_, i) => i % 30).buffer)],
    ["an ELF header", Buffer.from(`7f454c4602010100${"00".repeat(8)}03003e0001000000${"00".repeat(40)}`, "hex")],
  ])("%s", (_, bytes) => {
    expect(decodeCharset(bytes)).toBeUndefined();
  });

  it("a lone surrogate shifts nothing behind it", () => {
    const source = Buffer.concat([
      encode("abcdefgh", "utf-16le", true),
      Buffer.from([0x00, 0xd8]),
      encode("tail", "utf-16le", false),
    ]);
    const decoded = decodeCharset(source)!;
    const at = Buffer.from(decoded.bytes).indexOf("tail");
    expect(decoded.toSource(at)).toBe(source.length - 8);
  });
});
