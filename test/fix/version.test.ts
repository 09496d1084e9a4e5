import { expect, test } from "vitest";
import { pinFor, pinsUnder, readPins, tagOf } from "../../src/fix/pin.ts";
import { atLeast } from "../../src/fix/version.ts";

test.each([
  ["v4", "v1.6.0", true],
  ["v1", "v1.6.0", true],
  ["v1.5", "v1.6.0", false],
  ["v1.6", "v1.6.3", true],
  ["v1.5.9", "v1.6.0", false],
  ["1.10.0", "v1.9", true],
  ["main", "v1", "unknown"],
])("%s is at least %s: %s", (tag, minimum, expected) => {
  expect(atLeast(tag, minimum)).toBe(expected);
});

const a = "a".repeat(40);
const b = "b".repeat(40);
const c = "c".repeat(40);
const pins = readPins(`actions:\n  Acme/X:\n    v1.2.0: ${a}\n    v1.10.0: ${b}\n    v2.0.0: ${c}\n`, "pins.yml");

test("finds the commit of a version, else of the newest of its major version that serves", () => {
  expect(pinFor([pins], "acme/x", "v1.2.0", "v1.0.0")).toEqual({ tag: "v1.2.0", commit: a });
  expect(pinFor([pins], "acme/x/sub", "v1.5.0", "v1.3.0")).toEqual({ tag: "v1.10.0", commit: b });
  expect(pinFor([pins], "acme/x", "v3.0.0", "v3.0.0")).toBeUndefined();
});

test("finds the newest release under a short tag, and the tag of a commit", () => {
  expect(pinsUnder([pins], "acme/x", "v1")).toEqual({ tag: "v1.10.0", commit: b });
  expect(pinsUnder([pins], "acme/x", "v1.3.0")).toBeUndefined();
  expect(tagOf([pins], "acme/x", c)).toBe("v2.0.0");
});

test("a file of pins is read strictly", () => {
  expect(() => readPins("actions:\n  acme/x:\n    v1: abc\n", "pins.yml")).toThrow(/40 hex digits/);
  expect(() => readPins("actions:\n  acme:\n    v1: x\n", "pins.yml")).toThrow(/owner\/name/);
});
