import { describe, expect, it } from "vitest";
import { columnsFor, isCi, wantsColor } from "../../src/cli/io.ts";

describe("wantsColor", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: "dumb" }, true, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ])("%j on a terminal: %s gives %s", (env, isTTY, color) => {
    expect(wantsColor(env, isTTY)).toBe(color);
  });
});

it("columnsFor takes the terminal's word, then COLUMNS, then 100", () => {
  expect(columnsFor({ COLUMNS: "90" }, 120)).toBe(120);
  expect(columnsFor({ COLUMNS: "90" }, undefined)).toBe(90);
  expect(columnsFor({ COLUMNS: "x" }, undefined)).toBe(100);
  expect(columnsFor({}, 0)).toBe(100);
});

it("isCi reads CI", () => {
  expect([{}, { CI: "" }, { CI: "false" }, { CI: "0" }, { CI: "true" }, { CI: "1" }].map(isCi)).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});
