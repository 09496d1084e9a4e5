import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareFingerprints, entropyBits, fingerprint } from "../../src/register/fingerprint.ts";

/** Bytes that look random and are the same on every run. */
function drawn(name: string, length: number): Buffer {
  return Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, at) => createHash("sha256").update(`${name} ${at}`).digest()),
  ).subarray(0, length);
}

const key = Buffer.from(drawn("key", 32).toString("hex"));
const value = Buffer.from(drawn("value", 20).toString("hex"));

function textOf(made: ReturnType<typeof fingerprint>): string {
  if ("refused" in made) throw new Error(made.refused);
  return made.text;
}

describe("a fingerprint", () => {
  test("names its version and key, and is the same for the same value", () => {
    const text = textOf(fingerprint(value, key));
    expect(text).toMatch(/^lhf1:[0-9a-f]{8}:[0-9a-hjkmnp-tv-z]{26}$/);
    expect(textOf(fingerprint(Buffer.concat([value, Buffer.from("\r\n")]), key))).toBe(text);
    expect(compareFingerprints(text, text)).toBe("same");
  });
  test("differs by value and by key, and other keys cannot be compared", () => {
    const text = textOf(fingerprint(value, key));
    expect(compareFingerprints(text, textOf(fingerprint(Buffer.concat([value, Buffer.from("0")]), key)))).toBe(
      "different",
    );
    expect(compareFingerprints(text, textOf(fingerprint(value, Buffer.from(drawn("other", 32).toString("hex")))))).toBe(
      "not comparable",
    );
    expect(compareFingerprints(text, text.replace("lhf1", "lhf2"))).toBe("not comparable");
  });
  test("stands fast: the method must not change under its version", () => {
    expect(textOf(fingerprint(value, key))).toBe("lhf1:84175246:b16mytref1m7gc13y26prredne");
  });
});

describe("it is refused", () => {
  test.each([
    ["for a key of 31 bytes", value, key.subarray(0, 31), "short key"],
    ["for a key of one letter", value, Buffer.alloc(64, "a"), "weak key"],
    ["for a key that repeats", value, Buffer.from("abcd".repeat(20)), "weak key"],
    ["for nothing", Buffer.alloc(0), key, "empty value"],
    ["for a line break", Buffer.from("\n"), key, "empty value"],
    ["for a word", Buffer.from("password"), key, "low entropy"],
    ["for a PIN", Buffer.from("493817"), key, "low entropy"],
    ["for a long run", Buffer.alloc(400, "x"), key, "low entropy"],
    ["for a repeated word", Buffer.from("hunter2".repeat(30)), key, "low entropy"],
    ["for a count", Buffer.from("0123456789".repeat(5)), key, "low entropy"],
    ["for a short password", Buffer.from("Tr0ub4dor&3"), key, "low entropy"],
  ])("%s", (_what, bytes, with_, reason) => {
    expect(fingerprint(bytes, with_)).toEqual({ refused: reason });
  });
  test("and not for what tokens look like", () => {
    for (const length of [16, 20, 32]) {
      for (let at = 0; at < 50; at++) {
        expect(fingerprint(Buffer.from(drawn(`t${at}`, length).toString("hex")), key)).toHaveProperty("text");
        expect(fingerprint(Buffer.from(drawn(`t${at}`, length).toString("base64url")), key)).toHaveProperty("text");
      }
    }
  });
});

test("the estimate never says more than the length allows", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const bits = entropyBits(bytes);
      expect(bits).toBeGreaterThanOrEqual(0);
      expect(bits).toBeLessThanOrEqual(bytes.length * 8);
    }),
    { numRuns: 60 },
  );
});

test("nothing of the value is in the result", () => {
  for (let at = 0; at < 20; at++) {
    const secret = randomBytes(24).toString("hex");
    const text = textOf(fingerprint(Buffer.from(secret), key));
    for (let from = 0; from + 8 <= secret.length; from++) expect(text).not.toContain(secret.slice(from, from + 8));
  }
});
