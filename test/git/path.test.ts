import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePath, encodePath, fsPath, joinPath } from "../../src/git/path.ts";

test("every sequence of bytes comes back from its text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(fc.constantFrom(0xed, 0xa0, 0x80, 0xf4, 0x90, 0xe0, 0x9f, 0xc3, 0xa9, 0x41, 0xf0), { maxLength: 12 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (original) => {
      expect(Uint8Array.from(encodePath(decodePath(original)))).toEqual(original);
    }),
    { numRuns: 500 },
  );
});

test("two different sequences of bytes never give the same text", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      expect(decodePath(a) === decodePath(b)).toBe(Buffer.compare(a, b) === 0);
    }),
  );
});

test("valid UTF-8 is decoded as such, U+FFFD in a name included", () => {
  expect(decodePath(Buffer.from("naïve/\ufffd/😀"))).toBe("naïve/\ufffd/😀");
  expect(fsPath("naïve")).toBe("naïve");
});

test("a stray byte becomes a lone surrogate", () => {
  expect(decodePath(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\udcffb");
  expect(fsPath("a\udcffb")).toEqual(Buffer.from([0x61, 0xff, 0x62]));
});

test("paths join with one slash", () => {
  expect([joinPath("", "a"), joinPath("a", ""), joinPath("a", "b"), joinPath("/", "b")]).toEqual([
    "a",
    "a",
    "a/b",
    "/b",
  ]);
});
