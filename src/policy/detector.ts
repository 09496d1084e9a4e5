/** Own leak rules under `detectors:`: their keys. The shape and the pattern are compiled by src/leak. */
import { z } from "zod";
import { severities } from "../finding.ts";
import type { LeakRule } from "../leak/rule.ts";

const slugMessage = "expected a slug like acme-token (small letters, digits, hyphens)";
const slugField = z.string({ error: slugMessage }).regex(/^[a-z0-9-]{1,80}$/, { error: slugMessage });
const textField = z
  .string({ error: "expected a text" })
  .min(1, { error: "expected a text" })
  .max(2000, { error: "expected at most 2000 characters" });
const wordField = z
  .string({ error: "expected a text of 3 to 100 characters" })
  .min(3, { error: "expected a text of 3 to 100 characters" })
  .max(100, { error: "expected a text of 3 to 100 characters" });

/** One own leak rule as written; out comes a `LeakRule` with what was left out filled in. */
export const detectorField = z
  .strictObject({
    id: slugField.describe("Slug of the rule: acme-token becomes leak/acme-token."),
    severity: z.enum(severities).describe("Severity of its findings."),
    provider: textField.optional().describe("Who issues this credential."),
    name: textField.optional().describe("What the credential is called."),
    shape: textField.optional().describe("The token in the shape language; see docs/rule-format.md."),
    pattern: textField.optional().describe("An RE2 expression instead of a shape; needs keyword."),
    keyword: z
      .array(wordField)
      .min(1, { error: "expected at least one keyword" })
      .optional()
      .describe("Literals of which one must stand in the text before the pattern is tried."),
    near: z
      .array(wordField)
      .min(1, { error: "expected at least one name" })
      .optional()
      .describe("Names of which one must stand close before the value, or in the key it is assigned to."),
    confidence: z
      .enum(["certain", "likely", "weak"])
      .optional()
      .describe("Confidence without a proof. Without the key: likely."),
    lifetime: z
      .enum(["long", "long-expiring", "short", "none"])
      .optional()
      .describe("How long such a credential lives when nobody ends it. Without the key: long."),
    docs: textField.optional().describe("Page about this credential."),
    keyless: slugField.optional().describe("Entry of the keyless catalogue that replaces it."),
    revoke: z
      .strictObject({
        text: textField.describe("How to end the credential."),
        url: textField.optional().describe("Page where it is ended."),
        self: z.boolean().optional().describe("Whether whoever holds the value can end it."),
      })
      .optional()
      .describe("How to end the credential."),
    proof: slugField.optional().describe("Name of a proof over the whole token."),
    part: z
      .enum(["identifier", "secret"])
      .optional()
      .describe("identifier: no secret of its own, reported only as half of a pair."),
    pair: z.array(slugField).optional().describe("Slugs of the rules that make a pair with this one."),
    overlaps: z.array(slugField).optional().describe("Slugs of the rules whose tokens this one also fits."),
    notes: textField.optional().describe("Where it stays silent, and why."),
  })
  .superRefine((detector, context) => {
    if ((detector.shape === undefined) === (detector.pattern === undefined)) {
      context.addIssue({ code: "custom", message: "expected either a shape or a pattern" });
    }
    if (detector.pattern !== undefined && detector.keyword === undefined) {
      context.addIssue({
        code: "custom",
        message: "a pattern needs a keyword: literals of which one must stand in the text",
      });
    }
  })
  .transform((detector): LeakRule => {
    const { provider, name, lifetime, revoke, ...rest } = detector;
    const rule = {
      ...rest,
      provider: provider ?? "this organisation",
      name: name ?? detector.id,
      lifetime: lifetime ?? "long",
      revoke: revoke ?? { text: "Revoke it where it was issued." },
    };
    // The parser gives no key for what is missing, so no value here is undefined.
    return rule as LeakRule;
  });
