// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import type { YamlMap } from "../../src/workflow/model.ts";
import { positionOf, sourceOf } from "../../src/workflow/source.ts";
import { readFullYaml } from "../../src/workflow/yaml-full.ts";
import { bytesOf } from "./reading.ts";

function mapOf(text: string): YamlMap {
  const { root, problems } = readFullYaml(sourceOf("a.yml", Buffer.from(text)));
  expect(problems).toEqual([]);
  if (root?.kind !== "map") throw new Error("no mapping");
  return root;
}

test("an alias leads to the node it stands for, and keeps its own place", () => {
  const text = "a: &x { k: größe }\nb: *x\nc: [*x, 1]\n";
  const map = mapOf(text);
  const [a, b, c] = map.entries;
  expect(a?.value.anchor).toBe("x");
  expect(b?.value).toBe(a?.value);
  expect(bytesOf(text, b?.alias?.span ?? { start: 0, end: 0 })).toBe("*x");
  expect(bytesOf(text, b?.span ?? { start: 0, end: 0 })).toBe("b: *x");
  expect(bytesOf(text, a?.value.span ?? { start: 0, end: 0 })).toBe("{ k: größe }");
  const seq = c?.value.kind === "seq" ? c.value : undefined;
  expect(seq?.items[0]?.value).toBe(a?.value);
});

test("an anchor that holds itself does not end the reading", () => {
  const map = mapOf("a: &x\n  b: *x\n");
  const inner = map.entries[0]?.value;
  expect(inner?.kind === "map" && inner.entries[0]?.value).toBe(inner);
});

test("spans are bytes also behind letters beyond ASCII, with CRLF and a byte order mark", () => {
  const text = "\ufeff# \u{1f600} ü\r\na: &n größe # ß\r\nb: |+\r\n  日本\r\n  x\r\n\r\nc: *n\r\n";
  const map = mapOf(text);
  expect(map.entries.map((entry) => bytesOf(text, entry.value.span))).toEqual([
    "größe",
    "|+\r\n  日本\r\n  x",
    "größe",
  ]);
  expect(map.entries.map((entry) => bytesOf(text, entry.key.span))).toEqual(["a", "b", "c"]);
});

test("items of a block sequence begin at their dash", () => {
  const text = "a: &s\n  - &i one # - no\n  # - nor this\n  - \n    two: x\n";
  const seq = mapOf(text).entries[0]?.value;
  expect(seq?.kind === "seq" && seq.items.map((item) => bytesOf(text, item.span))).toEqual([
    "- &i one",
    "- \n    two: x",
  ]);
});

test.each([
  ["a: b\n  c: d\n", 1],
  ["a: [b\nc: d\n", 2],
  ["a:\n\t- b\n", 2],
  ["a: *nothing\n", 1],
  ["a: 'b\n", 2],
])("says where %j is broken", (text, line) => {
  const source = sourceOf("a.yml", Buffer.from(text));
  const [problem] = readFullYaml(source).problems;
  expect(problem?.message).toMatch(/^[a-z]/);
  expect(positionOf(source, problem?.span.start ?? -1).line).toBe(line);
});

test("nesting beyond the parser's stack is a problem, not a crash", () => {
  const { problems } = readFullYaml(sourceOf("a.yml", Buffer.from("[".repeat(50_000))));
  expect(problems.length).toBeGreaterThan(0);
});

test("bytes that are no UTF-8 are read one by one", () => {
  const bytes = Buffer.concat([Buffer.from("a: "), Buffer.from([0xff, 0xe9]), Buffer.from("\nb: c\n")]);
  const { root } = readFullYaml(sourceOf("a.yml", bytes));
  expect(root?.kind === "map" && root.entries[1]?.key.span).toEqual({ start: 6, end: 7 });
});
