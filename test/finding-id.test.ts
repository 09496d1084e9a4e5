import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultSalt, digestOf, identityOf, isFindingId, withIdentity } from "../src/finding-id.ts";

/** The documented construction, by Node's own keyed hash. */
function expected(salt: string, parts: readonly string[]): Buffer {
  const mac = createHmac("sha256", salt);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part);
  return mac.digest();
}

describe("identityOf", () => {
  test("is HMAC-SHA-256 over the parts with their lengths, for salts shorter and longer than a block", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 100 }),
        fc.array(fc.string({ unit: "grapheme" })),
        (salt, parts) => {
          const { id, digest } = identityOf(salt, parts);
          expect(digest).toBe(expected(salt, parts).toString("base64url"));
          expect(isFindingId(id)).toBe(true);
        },
      ),
    );
  });

  test("is remembered beside a finding, which itself holds the id only", () => {
    const identity = identityOf(defaultSalt, ["a"]);
    const finding = withIdentity({ id: identity.id, rule: "leak/x", place: { path: "p" } }, identity);
    expect(digestOf(finding)).toBe(identity.digest);
    expect(Object.keys(finding)).toEqual(["id", "rule", "place"]);
    expect(digestOf({ ...finding })).toBe("leak/x\np");
  });

  test("keeps parts apart that join to the same text", () => {
    expect(identityOf(defaultSalt, ["ab", "c"]).digest).not.toBe(identityOf(defaultSalt, ["a", "bc"]).digest);
  });
});
