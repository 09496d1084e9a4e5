import { describe, expect, test } from "vitest";
import { applyEdits, insertItems, insertKey, listItem, yamlLine } from "../src/yaml-splice.ts";

const item = [{ fields: { name: "b", at: { c: "x, y" } } }];

describe("insertItems", () => {
  test.each([
    ["a file without the key or a last line break", "a: 1", 'a: 1\nlist:\n  - name: b\n    at: { c: "x, y" }\n'],
    ["an empty file", "", 'list:\n  - name: b\n    at: { c: "x, y" }\n'],
    ["an empty key", "list: # none\nz: 1\n", 'list: # none\n  - name: b\n    at: { c: "x, y" }\nz: 1\n'],
    ["null", "list: null\n", 'list:\n  - name: b\n    at: { c: "x, y" }\n'],
    ["items without indent", "list:\n- name: a\nz: 1\n", 'list:\n- name: a\n- name: b\n  at: { c: "x, y" }\nz: 1\n'],
    [
      "a nested last value",
      "list:\n  - name: a\n    in:\n      d: 1 # c\n",
      'list:\n  - name: a\n    in:\n      d: 1 # c\n  - name: b\n    at: { c: "x, y" }\n',
    ],
  ])("%s", (_what, before, after) => {
    expect(insertItems(before, "list", item)).toBe(after);
  });
  test("before another, with a comment; flow style is told", () => {
    const after = insertItems(
      "list:\n  # first\n  - name: c\n",
      "list",
      [{ fields: { name: "b" }, comment: "why\nso" }],
      () => 0,
    );
    expect(after).toBe("list:\n  - name: b # why so\n  # first\n  - name: c\n");
    expect(insertItems("list: [{ name: a }]\n", "list", item)).toBe("flow");
    expect(insertItems("{ a: 1 }\n", "list", item)).toBe("flow");
  });
});

test("insertKey: block, flow and empty flow", () => {
  expect(insertKey("a:\n  b: 1\nc: 2\n", ["a"], "d", "@x")).toBe('a:\n  b: 1\n  d: "@x"\nc: 2\n');
  expect(insertKey("a: { b: 1 }\n", ["a"], "d", "x")).toBe("a: { b: 1, d: x }\n");
  expect(insertKey("a: {}\n", ["a"], "d", "x")).toBe("a: { d: x}\n");
  expect(() => insertKey("a: 1\n", ["a"], "d", "x")).toThrow(RangeError);
});

test("applyEdits counts bytes, takes any order and refuses an overlap", () => {
  expect(
    applyEdits("äb", [
      { start: 2, end: 3, text: "c" },
      { start: 0, end: 2, text: "o" },
    ]),
  ).toBe("oc");
  expect(() =>
    applyEdits("abc", [
      { start: 0, end: 2, text: "" },
      { start: 1, end: 3, text: "" },
    ]),
  ).toThrow("overlap");
});

test("values are quoted where YAML would read something else", () => {
  expect(listItem({ a: "@x", b: "2026-12-31", c: "yes: no", d: true, e: undefined, f: 7 }, "", "\n")).toBe(
    '- a: "@x"\n  b: 2026-12-31\n  c: "yes: no"\n  d: true\n  f: 7\n',
  );
  expect(yamlLine({ a: "x, y", b: "it's" })).toBe('{ a: "x, y", b: "it\'s" }');
});
