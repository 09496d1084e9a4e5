import { expect, it } from "vitest";
import { exitCodeOfVerdict } from "../src/exit-code.ts";

it("blocking findings outrank an incomplete scan, which outranks a clean one", () => {
  expect(exitCodeOfVerdict("fail", 3)).toBe(1);
  expect(exitCodeOfVerdict("fail", 0)).toBe(1);
  expect(exitCodeOfVerdict("warn", 1)).toBe(4);
  expect(exitCodeOfVerdict("pass", 1)).toBe(4);
  expect(exitCodeOfVerdict("warn", 0)).toBe(0);
  expect(exitCodeOfVerdict("pass", 0)).toBe(0);
});
