import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addedLines } from "../../src/git/line-diff.ts";
import { costsFarMore } from "../leak/cost.ts";

function added(parents: string[], content: string): string[] {
  const bytes = Buffer.from(content);
  return addedLines(
    parents.map((parent) => Buffer.from(parent)),
    bytes,
  ).map(({ start, end }) => bytes.toString("utf8", start, end));
}

/** Length of the longest common subsequence, the slow way. */
function commonLength(a: string[], b: string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (const [j, y] of b.entries()) next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

describe("addedLines", () => {
  test("a root commit adds everything, an empty file nothing", () => {
    expect(added([], "a\nb\n")).toEqual(["a\nb\n"]);
    expect(added([""], "a\nb")).toEqual(["a\nb"]);
    expect(added([], "")).toEqual([]);
    expect(added(["a\n"], "")).toEqual([]);
  });

  test("ranges carry bytes and lines", () => {
    expect(addedLines([Buffer.from("a\nb\nc\n")], Buffer.from("a\nx\ny\nb\nc\nz"))).toEqual([
      { start: 2, end: 6, line: 2, endLine: 3 },
      { start: 10, end: 11, line: 6, endLine: 6 },
    ]);
  });

  test("a second copy of an old line is new where it stands", () => {
    const before = "colour:\n  default: red\nend\n";
    expect(added([before], `${before}secret:\n  default: red\n`)).toEqual(["secret:\n  default: red\n"]);
  });

  test("a line break at the end of the file changes no line", () => {
    expect(added(["a\nb"], "a\nb\n")).toEqual([]);
  });

  test("a merge adds what no parent has", () => {
    expect(added(["a\nb\n", "a\nc\n"], "a\nb\nc\n")).toEqual([]);
    expect(added(["a\nb\n", "a\nc\n"], "a\nb\nevil\nc\n")).toEqual(["evil\n"]);
    expect(added(["a\n", "", "a\nb\n"], "a\nb\nd\n")).toEqual(["d\n"]);
  });

  test("the edit script is a shortest one", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 14 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const content = Buffer.from(after.map((line) => `${line}\n`).join(""));
        const ranges = addedLines([Buffer.from(before.map((line) => `${line}\n`).join(""))], content);
        const isNew = new Set(
          ranges.flatMap(({ line, endLine }) => Array.from({ length: endLine - line + 1 }, (_, i) => line + i)),
        );
        const kept = after.filter((_, i) => !isNew.has(i + 1));
        expect(kept.length).toBe(commonLength(before, after));
        expect(commonLength(before, kept)).toBe(kept.length);
      }),
      { numRuns: 500 },
    );
  });

  test("a new line is never lost, whatever moved around it", () => {
    const old = Array.from({ length: 6000 }, (_, i) => `line ${i}`);
    const shuffled = old
      .map((line, i) => [(i * 7919) % 6000, line] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, line]) => line);
    shuffled.splice(3000, 0, "fresh", "line 5");
    const result = added([`${old.join("\n")}\n`], `${shuffled.join("\n")}\n`);
    expect(result.join("").split("\n")).toContain("fresh");
    expect(result.join("").split("\n")).toContain("line 5");
  });

  test("long and repetitive contents take bounded time", () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `${at}\n`).join("");
    const usual = () => added([lines], `${lines}one more\n`);
    const repetitive = () => added(["x\ny\n".repeat(100_000)], "y\nx\nx\n".repeat(100_000));
    expect(costsFarMore(repetitive, usual)).toBeUndefined();
    expect(costsFarMore(() => added(["a".repeat(600_000)], `${"a".repeat(600_000)}b`), usual)).toBeUndefined();
  });
});
