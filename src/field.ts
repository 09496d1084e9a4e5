/** The kinds of value that several of Leasehold's files share. */
import { z } from "zod";
import { daysPattern, isPlainDate, parseDays, plainDatePattern } from "./plain-date.ts";

const dateMessage = "expected a date like 2026-12-31";
const daysMessage = "expected a number of days like 90d";

/** A day that exists. Out: `YYYY-MM-DD`. */
export const dateField = z
  .string({ error: dateMessage })
  .regex(plainDatePattern, { error: dateMessage, abort: true })
  .refine(isPlainDate, { error: "expected a date that exists in the calendar" });

/** A length of time like `90d`. Out: whole days. */
export const daysField = z
  .string({ error: daysMessage })
  .regex(daysPattern, { error: daysMessage, abort: true })
  .transform((text) => parseDays(text) ?? 0);

/** A list that may be left empty (`key:`). Out: the list, or undefined where the key is missing. */
export function listField<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => (list === null ? [] : list));
}

const ruleMessage = "expected a rule id like leak/github-pat";

/** A rule id. */
export const ruleIdField = z
  .string({ error: ruleMessage })
  .regex(/^(?:leak|keyless|workflow|trust|register|policy)\/[a-z0-9-]{1,80}$/, { error: ruleMessage });

/** A rule id, or `family/*`. */
export const rulePatternField = z
  .string({ error: ruleMessage })
  .regex(/^(?:leak|keyless|workflow|trust|register|policy)\/(?:[a-z0-9-]{1,80}|\*)$/, {
    error: `${ruleMessage}, or leak/*`,
  });

/** A glob pattern. The bounds keep a pattern from costing more than the scan it steers. */
export const pathPatternField = z
  .string({ error: "expected a path pattern like test/fixtures/**" })
  .min(1, { error: "expected a path pattern like test/fixtures/**" })
  .max(256, { error: "expected a path pattern of at most 256 characters" })
  .refine((pattern) => !pattern.startsWith("!"), {
    error: "expected a pattern without !: a path that must be looked at is simply not listed",
  });

/** A GitHub login or team. */
export const loginField = z
  .string({ error: 'expected a login or team like "@carol" or "@acme/platform"' })
  .regex(/^@[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\/[A-Za-z0-9._-]{1,100})?$/, {
    error: 'expected a login or team like "@carol" or "@acme/platform"',
  });

/** A sentence a reader can do something with. */
export function sentenceField(example: string) {
  return z
    .string({ error: `expected a text like: ${example}` })
    .regex(/\S/, { error: `expected a text like: ${example}` })
    .max(1000, { error: "expected at most 1000 characters" });
}

const momentMessage = "expected a moment in UTC like 2026-11-21T09:00Z";

/** A minute in UTC that exists. Out: the text. */
export const momentField = z
  .string({ error: momentMessage })
  .regex(/^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]Z$/, { error: momentMessage, abort: true })
  .refine((text) => isPlainDate(text.slice(0, 10)), { error: "expected a moment whose day exists in the calendar" });
