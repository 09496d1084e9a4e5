import fc from "fast-check";
import { expect, test } from "vitest";
import { sourceOf } from "../../src/workflow/source.ts";
import { readFullYaml } from "../../src/workflow/yaml-full.ts";
import { readPlainYaml } from "../../src/workflow/yaml-plain.ts";
import { mutated, workflowText } from "./reading.ts";

/** Compares the quick reader with the full one. Returns whether the quick one was sure. */
function agree(text: string): boolean {
  const source = sourceOf("a.yml", Buffer.from(text));
  const quick = readPlainYaml(source);
  if (quick === undefined) return false;
  const full = readFullYaml(source);
  expect(full.problems).toEqual([]);
  expect(quick).toEqual(full.root);
  return true;
}

test("reads what workflows are written in, as the full parser does", () => {
  let sure = 0;
  let all = 0;
  fc.assert(
    fc.property(workflowText, (text) => {
      all++;
      if (agree(text)) sure++;
    }),
    { numRuns: 300 },
  );
  // It is there for speed: if it gave up on most files, it would be of no use.
  expect(sure / all).toBeGreaterThan(0.4);
});

test("never differs from the full parser on damaged files: it gives up or reads the same", () => {
  fc.assert(
    fc.property(mutated(workflowText), (text) => {
      agree(text);
    }),
    { numRuns: 1500 },
  );
});

test("never differs on files in which values are anchored and repeated", () => {
  const anchored = fc.tuple(mutated(workflowText), fc.array(fc.nat(400), { maxLength: 6 })).map(([text, places]) => {
    const lines = text.split("\n");
    for (const [at, place] of places.entries()) {
      const line = place % lines.length;
      const mark = at % 2 === 0 ? `&x${place % 3}` : `*x${place % 3}`;
      lines[line] = (lines[line] ?? "").replace(/(: |- )(.*)$/, at % 2 === 0 ? `$1${mark} $2` : `$1${mark}`);
    }
    return lines.join("\n");
  });
  fc.assert(
    fc.property(anchored, (text) => {
      agree(text);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["a plain scalar over lines", "a: one\n  two\n\n  three\nb: x\n"],
  ["a comment behind a value", "a: one # two\nb: x#y\n"],
  ["empty values", "a:\nb: # nothing\nc:\n  - \n  -\n"],
  ["a sequence at the key's indentation", "a:\n- x: 1\n  y: 2\n- z\n"],
  ["nested sequences", "- - a\n  - b\n- c\n"],
  ["a folded block", "a: >\n  one\n  two\n\n\n  three\nb: x\n"],
  ["a literal block with deeper lines", "a: |\n  one\n    two\n\n  three\n\n\nb: x\n"],
  ["a literal block at the end without a line break", "a: |\n  one"],
  ["a comment less deep than the block before", "a: |\n  one\n# two\nb: x\n"],
  ["flow over lines", "a: [x,\n  y,\n  { b: c, d: 'e' },\n  ]\nb: {}\n"],
  ["quoted keys", '"on": x\n\'b\': "c"\n'],
  ["CRLF", "a: one\r\nb: |\r\n  two\r\n  three\r\nc: >-\r\n  x\r\n  y\r\n"],
  ["a byte order mark and letters beyond ASCII", "\ufeffa: größe\nb: '日本 \u{1f600}'\nc: x\n"],
  ["a document mark", "--- # yes\na: b\n"],
  ["anchors and aliases", "a: &x b # c\nd: *x\ne: &y\n  f: *x # g\nh: *y\ni:\n  - *y\n  - *x\n  -\n"],
  ["an anchor of a sequence, a block and a flow", "a: &x\n- b\nc: &y |\n  d\ne: &z [f]\ng: [h]\ni: *x\nj: *y\nk: *z\n"],
  ["an anchor of an item", "a:\n  - &x\n    b: c\n  - *x\nd: *x\n"],
  ["an anchor that is used again", "a: &x b\nc: *x\nd: &x e\nf: *x\n"],
  ["merge keys", "a: &x\n  b: c\nd:\n  <<: *x\n  e: f\n"],
  [
    "numbers, booleans and null",
    "a: 1\nb: 0x1F\nc: 3.10\nd: yes\ne: True\nf: ~\ng: -1e3\nh: .inf\ni: 1.2.3\nj: +\nk: 08\n",
  ],
])("reads %s itself, and as the full parser does", (_, text) => {
  expect(agree(text)).toBe(true);
});

test.each([
  ["an anchor of a first key", "a:\n  - &x b: c\n  - *x\n"],
  ["an anchor of nothing", "a: &x\nb: *x\n"],
  ["an alias before its anchor", "a: *x\nb: &x c\n"],
  ["an alias within what it repeats", "a: &x\n  b: *x\n"],
  ["an alias as a key", "a: &x b\n*x : c\n"],
  ["anchors inside brackets", "a: [&x b, *x]\n"],
  ["two anchors", "a: &x &y b\n"],
  ["tags", "a: !!str 1\n"],
  ["tabs", "a:\tb\n"],
  ["an explicit key", "? a\n: b\n"],
  ["two documents", "a: b\n---\nc: d\n"],
  ["a directive", "%YAML 1.2\n---\na: b\n"],
  ["kept line breaks", "a: |+\n  b\n\n"],
  ["an indentation digit", "a: |2\n    b\n"],
  ["wrong indentation", "a: b\n  c: d\n"],
  ["an open quote", "a: 'b\n"],
  ["deep nesting", `${"[".repeat(100)}${"]".repeat(100)}`],
  ["nothing", ""],
])("leaves %s to the full parser", (_, text) => {
  expect(agree(text)).toBe(false);
});
