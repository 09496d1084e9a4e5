import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, daysBetween, isPlainDate, parseDays } from "../src/plain-date.ts";

test.each([
  ["2026-12-31", true],
  ["2028-02-29", true],
  ["2000-02-29", true],
  ["2026-02-29", false],
  ["2100-02-29", false],
  ["2026-02-30", false],
  ["2026-04-31", false],
  ["2026-00-10", false],
  ["2026-13-01", false],
  ["2026-01-00", false],
  ["2026-1-1", false],
  ["0026-01-01", false],
  ["2026-01-01T00:00", false],
  [" 2026-01-01", false],
  ["2026-01-01\n", false],
])("%s exists: %s", (text, exists) => {
  expect(isPlainDate(text)).toBe(exists);
});

test("agrees with the calendar of the runtime, and addDays counts in it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 1000 }), (start, days) => {
      const day = (offset: number) => new Date(offset * 86_400_000).toISOString().slice(0, 10);
      expect(isPlainDate(day(start))).toBe(true);
      expect(addDays(day(start), days)).toBe(day(start + days));
      expect(daysBetween(day(start), day(start + days))).toBe(days);
      expect(daysBetween(day(start + days), day(start))).toBe(-days || 0);
    }),
  );
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(() => addDays("2026-02-30", 1)).toThrow(RangeError);
  expect(() => daysBetween("2026-02-30", "2026-03-01")).toThrow(RangeError);
});

test.each([
  ["90d", 90],
  ["1d", 1],
  ["0d", undefined],
  ["090d", undefined],
  ["90", undefined],
  ["90D", undefined],
  ["-1d", undefined],
  ["999999d", undefined],
])("%s is %s days", (text, days) => {
  expect(parseDays(text)).toBe(days);
});
