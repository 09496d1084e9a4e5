import fc from "fast-check";
import { expect, test } from "vitest";
import { offsetAfter, overlapOf, type Splice, splice } from "../../src/fix/splice.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

test("puts in, replaces and removes, in any order", () => {
  const edits = [
    { start: 6, end: 11, text: "all" },
    { start: 0, end: 0, text: "> " },
    { start: 5, end: 6, text: "" },
  ];
  expect(text(splice(Buffer.from("hello world"), edits))).toBe("> helloall");
  expect(text(splice(Buffer.from("hello world"), [...edits].reverse()))).toBe("> helloall");
});

test("counts bytes, not characters", () => {
  expect(text(splice(Buffer.from("é: a"), [{ start: 4, end: 5, text: "ü" }]))).toBe("é: ü");
});

test.each([
  [
    "shared bytes",
    [
      { start: 0, end: 3, text: "" },
      { start: 2, end: 4, text: "x" },
    ],
  ],
  [
    "two texts at one place",
    [
      { start: 2, end: 2, text: "a" },
      { start: 2, end: 2, text: "b" },
    ],
  ],
  ["beyond the end", [{ start: 4, end: 9, text: "" }]],
  ["before the start", [{ start: -1, end: 1, text: "" }]],
  ["backwards", [{ start: 3, end: 2, text: "" }]],
] satisfies [string, Splice[]][])("refuses %s", (_, edits) => {
  expect(() => splice(Buffer.from("abcde"), edits)).toThrow(RangeError);
});

test("the same edit twice is one", () => {
  const edit = { start: 1, end: 2, text: "x" };
  expect(overlapOf([edit, { ...edit }])).toBeUndefined();
  expect(text(splice(Buffer.from("abc"), [edit, { ...edit }]))).toBe("axc");
});

const edits = fc.array(fc.tuple(fc.nat(40), fc.nat(6), fc.string({ maxLength: 5 })), { maxLength: 5 });

test("what no edit names stays, and is found where offsetAfter says", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40, unit: "binary-ascii" }), edits, (original, drafts) => {
      const bytes = Buffer.from(original);
      const made = drafts.map(([start, length, put]) => ({
        start: Math.min(start, bytes.length),
        end: Math.min(start + length, bytes.length),
        text: put,
      }));
      if (overlapOf(made) !== undefined) return;
      const after = splice(bytes, made);
      for (let at = 0; at < bytes.length; at++) {
        const moved = offsetAfter(made, at);
        const inside = made.some(({ start, end }) => start <= at && at < end);
        expect(moved === undefined).toBe(inside);
        if (moved !== undefined) expect(after[moved]).toBe(bytes[at]);
      }
    }),
  );
});
