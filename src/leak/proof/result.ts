/** What every proof answers with, and the few ways in which a decoded value becomes a fact. */
import type { ProofResult } from "./proof.ts";

type Facts = Record<string, string>;

/** The token is what it looks like. */
export function proved(reason: string, facts: Facts = {}): ProofResult {
  return { holds: true, facts, reason };
}

/** The token cannot be what it looks like: a typing error, a made-up sample or something else altogether. */
export function disproved(reason: string, facts: Facts = {}): ProofResult {
  return { holds: false, facts, reason };
}

/** Nothing to prove; the facts, if any, are what can be read. */
export function unproved(reason: string, facts: Facts = {}): ProofResult {
  return { holds: undefined, facts, reason };
}

/** Longest fact that is kept whole; longer ones are cut, since a decoded field can be as long as the token. */
const longestFact = 200;

/**
 * A decoded value as the text of a fact.
 * In: any value. Out: strings and numbers as text on one line, cut at 200 characters; `undefined` for anything else
 * and for what would be empty.
 */
export function factText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value)
    .slice(0, longestFact)
    .replace(/[\x00-\x1f\x7f-\x9f]/g, " ")
    .trim();
  return text === "" ? undefined : text;
}

/** Facts from values: those that are not text or a number are left out. */
export function factsOf(values: Record<string, unknown>): Facts {
  const facts: Facts = {};
  for (const [key, value] of Object.entries(values)) {
    const text = factText(value);
    if (text !== undefined) facts[key] = text;
  }
  return facts;
}

/**
 * A point in time as ISO 8601 in UTC, to the second.
 * In: seconds since 1970; a number too large for a date of this age is taken as milliseconds. Out: `undefined` when it
 * is no date between 1970 and 9999.
 */
export function isoTime(seconds: unknown): string | undefined {
  const given = typeof seconds === "string" && /^\d{1,14}$/.test(seconds) ? Number(seconds) : seconds;
  if (typeof given !== "number" || !Number.isFinite(given) || given <= 0) return undefined;
  const milliseconds = given > 1e11 ? given : given * 1000;
  return milliseconds < 253_402_300_800_000 ? `${new Date(milliseconds).toISOString().slice(0, 19)}Z` : undefined;
}
