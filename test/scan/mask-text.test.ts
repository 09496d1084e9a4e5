import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskText } from "../../src/scan/mask-text.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { draws, standaloneSlugs, tokenOf } from "../e2e/leasehold.ts";

const mask = (text: string) => maskText(shippedRuleSet(), text);

describe("maskText", () => {
  it("takes a token out of a path, a ref, a sentence and a quoted value", () => {
    const slugs = standaloneSlugs();
    const shapes = [
      (token: string) => `src/${token}/a.txt`,
      (token: string) => `deploy/${token}.env`,
      (token: string) => `origin/${token}..HEAD`,
      (token: string) => `.github/leasehold.yml:3:4: expected a date, found "${token}"`,
      (token: string) => token,
    ];
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...shapes), (seed, shape) => {
        const draw = draws(seed);
        const token = tokenOf(slugs[draw(slugs.length)]!, seed);
        if (/[\s"'`:/\\]/.test(token)) return;
        expect(mask(shape(token))).not.toContain(token);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it("leaves ordinary paths and sentences as they are", () => {
    for (const text of [
      "src/scan/mask-text.ts",
      "message of 4e1c9d20aa11",
      "it was there before the change under test",
      "not scanned, because the repository is incomplete. Run: git fsck",
      "waived until 2026-12-31 (test-data), approval declared",
      "node_modules/@types/node/package.json",
      "refs/heads/feature/ABC-1234-password-reset-token",
      "fixtures/3f786850e387550fdab836ed7e6dc881de23001b.bin",
      "docs/api-key/secret/token.md",
      "its provider's name stands in the key",
    ])
      expect(mask(text)).toBe(text);
  });
});
