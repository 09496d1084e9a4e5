/** Reads rule files: YAML text to leak rules, with errors at file, line and column. */
import { z } from "zod";
import { severities } from "../finding.ts";
import { readYaml } from "../yaml-file.ts";
import type { LeakRule } from "./rule.ts";

const slug = z.string({ error: "expected a slug like acme-token" }).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
  error: "expected a slug like acme-token (small letters, digits, single hyphens)",
});
const text = z
  .string({ error: "expected a text" })
  .min(1, { error: "expected a text" })
  .max(2000, { error: "expected at most 2000 characters" });
const names = z.array(z.string().min(2).max(100)).min(1, { error: "expected at least one name" });

const token = z
  .strictObject({
    id: slug,
    name: text,
    shape: text.optional(),
    format: slug.optional(),
    near: names.optional(),
    severity: z.enum(severities),
    lifetime: z.enum(["long", "long-expiring", "short", "none"]),
    revoke: z.strictObject({ text, url: text.optional(), self: z.boolean().optional() }),
    docs: text.optional(),
    keyless: slug.optional(),
    proof: slug.optional(),
    confidence: z.enum(["certain", "likely", "weak"]).optional(),
    part: z.enum(["identifier", "secret"]).optional(),
    pair: z.array(slug).optional(),
    overlaps: z.array(slug).optional(),
    notes: text.optional(),
  })
  .superRefine((rule, context) => {
    if ((rule.shape === undefined) === (rule.format === undefined))
      context.addIssue({ code: "custom", message: 'expected either "shape" or "format"' });
  });

const ruleFile = z.strictObject({
  provider: text,
  docs: text.optional(),
  tokens: z.array(token).min(1, { error: "expected at least one token" }),
});

/** Rules of one file, and where each stands for later errors. */
export type RuleFile = {
  rules: LeakRule[];
  placeOf: (rule: LeakRule) => { file: string; line: number; column: number };
};

/**
 * Read one rule file.
 * In: the text and its name for messages. Out: the rules with the file's provider and docs filled in. Throws LeaseholdError("config") with file, line and column.
 */
export function readRuleFile(source: string, file: string): RuleFile {
  const { value, placeAt } = readYaml(source, file, ruleFile);
  const indexes = new Map<string, number>();
  const rules = value.tokens.map((written, index) => {
    indexes.set(written.id, index);
    const docs = written.docs ?? value.docs;
    return { ...written, provider: value.provider, ...(docs === undefined ? {} : { docs }) } as LeakRule;
  });
  return {
    rules,
    placeOf: (rule) => {
      const place = placeAt(["tokens", indexes.get(rule.id) ?? 0, rule.shape === undefined ? "id" : "shape"]);
      return { file, line: place.line, column: place.column };
    },
  };
}
