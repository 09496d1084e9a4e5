import fc from "fast-check";
import { expect, test } from "vitest";
import { objectParser } from "../../src/git/object-stream.ts";
import { pieceOverlap, pieceSize, wholeLimit } from "../../src/git/piece.ts";

type Answer = { oid: string; content: Buffer | undefined };

function encode(answers: Answer[]): Buffer {
  return Buffer.concat(
    answers.map(({ oid, content }) =>
      content === undefined
        ? Buffer.from(`${oid} missing\n`)
        : Buffer.concat([Buffer.from(`${oid} blob ${content.length}\n`), content, Buffer.from("\n")]),
    ),
  );
}

function parse(bytes: Buffer, cuts: number[]): { answers: Answer[]; answered: number } {
  const answers: Answer[] = [];
  const parser = objectParser(40, {
    object: ({ oid, bytes: content }) => answers.push({ oid, content: Buffer.from(content) }),
    missing: (oid) => answers.push({ oid, content: undefined }),
  });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  places.forEach((start, i) => {
    // The parser may not keep the chunk: it is overwritten after each call, as a socket's buffer is.
    const chunk = Buffer.from(bytes.subarray(start, places[i + 1] ?? start));
    parser.push(chunk);
    chunk.fill(0);
  });
  return { answers, answered: parser.answered };
}

test("objects come out whole however the output is cut", () => {
  const oid = fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 40, maxLength: 40 })
    .map((digits) => digits.join(""));
  const content = fc.option(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ oid, content }), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (answers, cuts) => {
        expect(parse(encode(answers), cuts)).toEqual({ answers, answered: answers.length });
      },
    ),
    { numRuns: 300 },
  );
});

test("an object counts as answered only when it is complete", () => {
  const bytes = encode([{ oid: "a".repeat(40), content: Buffer.from("abc") }]);
  expect(parse(bytes.subarray(0, bytes.length - 2), []).answered).toBe(0);
});

test("output that git does not write is refused", () => {
  expect(() => parse(Buffer.from(`${"a".repeat(200)}\n`), [])).toThrow(/head/);
  expect(() => parse(Buffer.from(`${"a".repeat(40)} blob 12x\n`), [])).toThrow(/size/);
});

test("a big object comes in overlapping pieces with offsets and line counts", () => {
  const content = Buffer.alloc(wholeLimit + 5_000_000, "0123456789abcde\n");
  const pieces: { offset: number; line: number; length: number; last: boolean }[] = [];
  let end = 0;
  const parser = objectParser(40, {
    object({ bytes, offset, line, last, size }) {
      expect(size).toBe(content.length);
      expect(Buffer.compare(bytes, content.subarray(offset, offset + bytes.length))).toBe(0);
      expect(offset).toBe(pieces.length === 0 ? 0 : end - pieceOverlap);
      end = offset + bytes.length;
      pieces.push({ offset, line, length: bytes.length, last });
    },
    missing: () => {},
  });
  const all = encode([{ oid: "b".repeat(40), content }]);
  for (let at = 0; at < all.length; at += 1_000_003) parser.push(all.subarray(at, at + 1_000_003));
  expect(end).toBe(content.length);
  expect(pieces.map(({ last }) => last)).toEqual(pieces.map((_, i) => i === pieces.length - 1));
  expect(pieces.every(({ offset, line }) => line === Math.floor(offset / 16))).toBe(true);
  expect(Math.max(...pieces.map(({ length }) => length))).toBe(pieceSize + pieceOverlap);
  expect(parser.answered).toBe(1);
});
