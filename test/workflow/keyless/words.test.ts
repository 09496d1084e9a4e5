import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutNumber, wordsOf } from "../../../src/workflow/keyless/name-pattern.ts";

test.each([
  ["NPM_TOKEN", ["npm", "token"]],
  ["npm-token", ["npm", "token"]],
  ["npmToken", ["npm", "token"]],
  ["AWSSecretKey", ["aws", "secret", "key"]],
  ["GH_PAT_2", ["gh", "pat", "2"]],
  ["s3Key", ["s3", "key"]],
  ["*_NPM_*", ["*", "npm", "*"]],
  ["__x..y  ", ["x", "y"]],
  ["", []],
])("%s", (name, words) => expect(wordsOf(name)).toEqual(words));

test("is what two replacements and a split would give", () => {
  const character = fc.constantFrom(..."abXYZ09_-.*é ".split(""));
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 20 }), (name) => {
      const split = name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
        .toLowerCase()
        .split(/[^a-z0-9*]+/)
        .filter((word) => word !== "");
      expect(wordsOf(name)).toEqual(split);
      expect(withoutNumber(name)).toBe(name.replace(/[0-9]+$/, ""));
    }),
    { numRuns: 2000 },
  );
});
