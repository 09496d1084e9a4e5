import fc from "fast-check";
import { expect, test } from "vitest";
import { LeaseholdError } from "../../src/error.ts";
import { decodePath, encodePath, formatBaseline, parseBaseline, pruneBaseline } from "../../src/policy/baseline.ts";
import { finding } from "./sample.ts";

test("sorted, each line once, read back", () => {
  const text = formatBaseline([
    finding("LH-BBBBBB", { path: "b c.sh" }),
    finding("LH-AAAAAA"),
    finding("LH-AAAAAA", { line: 9 }),
  ]);
  expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
    "LH-AAAAAA leak/github-pat deploy.sh",
    "LH-BBBBBB leak/github-pat b%20c.sh",
    "",
  ]);
  expect(parseBaseline(text, "b")).toMatchObject([
    { id: "LH-AAAAAA", path: "deploy.sh", line: 3 },
    { id: "LH-BBBBBB", path: "b c.sh", line: 4 },
  ]);
});

test.each([
  [
    "no id",
    "# x\nLH-1 leak/x a\n",
    "2:1 expected a line like LH-7F3A9C leak/github-pat src/deploy.sh: it begins with no finding id",
  ],
  ["no rule", "  LH-7F3A9C a.sh\n", "1:3 expected a rule like leak/github-pat after LH-7F3A9C"],
  ["no path", "LH-7F3A9C leak/x\n", "1:1 expected one path after LH-7F3A9C leak/x, with spaces written as %20"],
  ["two paths", "LH-7F3A9C leak/x a b\r\n", "1:1 expected one path after LH-7F3A9C leak/x, with spaces written as %20"],
])("%s: an error at its line", (_name, text, expected) => {
  try {
    parseBaseline(text, "b");
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof LeaseholdError)) throw error;
    expect(`${error.place?.line}:${error.place?.column} ${error.message}`).toBe(expected);
  }
});

test("any path is one word of one line, and comes back", () => {
  const anything = fc
    .array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("\n", "\r", " ", "%", "%41", "#", "\u202E", "\uD800", "\u2028", "ü", "\u0000", "\uFEFF"),
      ),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(anything, (path) => {
      const word = encodePath(path);
      expect(word).toMatch(/^[^\s\p{Cc}\p{Cf}]+$/u);
      expect(decodePath(word)).toBe(path);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), (paths) => {
      const text = formatBaseline(paths.map((path) => finding("LH-AAAAAA", { path })));
      expect(new Set(parseBaseline(text, "b").map(({ path }) => path))).toEqual(new Set(paths));
    }),
  );
});

test("pruning keeps comments and order, and tells what went", () => {
  const text = "# ours\r\nLH-BBBBBB leak/x b\r\n\r\n# old\r\nLH-AAAAAA leak/x a\r\n";
  expect(pruneBaseline(text, "b", new Set(["LH-BBBBBB"]))).toMatchObject({
    text: "# ours\r\nLH-BBBBBB leak/x b\r\n\r\n# old\r\n",
    removed: [{ id: "LH-AAAAAA", path: "a", line: 5 }],
  });
  expect(pruneBaseline(text, "b", new Set(["LH-BBBBBB", "LH-AAAAAA"]))).toEqual({ text, removed: [] });
});
