/**
 * Who a Google Cloud workload identity pool lets in: the provider's condition and the members of its bindings.
 * Source: Google Cloud, "Workload Identity Federation" (attribute mapping, attribute conditions, principal identifiers).
 */
import { type CelScope, type CelValue, celRecord, celVerdict, evaluateCel, readCel } from "./cel-evaluate.ts";
import { type CelMapping, type CelMention, celMentions, claimOf } from "./cel-mention.ts";
import type { Cel, CelError } from "./cel-parse.ts";
import { exactly, matchGlob, type Verdict } from "./glob.ts";
import type { Span } from "./source.ts";
import type { Claims } from "./token.ts";
import { hole, type TextValue, type Value } from "./value.ts";

export type GcpProvider = {
  name: string;
  span: Span;
  /** Pool id or path; holes where not known. */
  pool: string;
  identifiers: string[];
  issuer: TextValue | undefined;
  condition: Value | undefined;
  mapping: Value | undefined;
  audiences: Value | undefined;
};

export type GcpBinding = {
  name: string;
  member: TextValue;
  role: string;
  /** Address or e-mail of the bound service account; empty for a resource role. */
  account: string;
};

/** A member read: `set` for principalSet, with what it selects. */
export type GcpMember = {
  pool: string;
  select:
    | { kind: "all" }
    | { kind: "subject"; value: string }
    | { kind: "attribute"; name: string; value: string }
    | { kind: "other" };
};

/** Reads a member of a workload identity pool; undefined for any other member. */
export function readMember(text: string): GcpMember | undefined {
  const match = /^principal(?:Set)?:\/\/iam\.googleapis\.com\//.exec(text);
  if (match === null) return undefined;
  const rest = text.slice(match[0].length);
  const found = /\/(\*|subject\/|attribute\.|group\/)/.exec(rest);
  if (found === null) return { pool: rest, select: { kind: "other" } };
  const pool = rest.slice(0, found.index);
  const tail = rest.slice(found.index + 1);
  if (tail === "*") return { pool, select: { kind: "all" } };
  if (tail.startsWith("subject/")) return { pool, select: { kind: "subject", value: tail.slice("subject/".length) } };
  const attribute = /^attribute\.([A-Za-z0-9_\uFDD0]+)\/([\s\S]*)$/.exec(tail);
  if (attribute) return { pool, select: { kind: "attribute", name: attribute[1]!, value: attribute[2]! } };
  return { pool, select: { kind: "other" } };
}

/** The provider with its expressions parsed. */
export type GcpMatcher = {
  condition: Cel | undefined;
  /** Why the condition cannot be evaluated. */
  broken: string | undefined;
  mapping: CelMapping;
  mappingKnown: boolean;
  mentions: CelMention[];
};

/** Parses the expressions of a provider once. */
export function matcherOf(provider: GcpProvider): GcpMatcher {
  const mapping = new Map<string, Cel>();
  let mappingKnown = provider.mapping === undefined || provider.mapping.kind === "map";
  if (provider.mapping?.kind === "map") {
    for (const { key, value } of provider.mapping.entries) {
      const parsed = value.kind === "text" ? readCel(value.text) : undefined;
      if (parsed !== undefined && isCel(parsed)) mapping.set(key, parsed);
      else mappingKnown = false;
    }
  }
  const matcher: GcpMatcher = { condition: undefined, broken: undefined, mapping, mappingKnown, mentions: [] };
  const { condition } = provider;
  if (condition === undefined || (condition.kind === "plain" && condition.value === null)) return matcher;
  if (condition.kind !== "text") {
    matcher.broken = condition.kind === "unknown" ? condition.why : "the condition is no text";
    return matcher;
  }
  if (condition.text.trim() === "") return matcher;
  const parsed = readCel(condition.text);
  if (!isCel(parsed)) {
    matcher.broken = condition.text.includes(hole)
      ? (condition.why ?? "part of the condition is not known")
      : `the condition cannot be read: ${parsed.message}`;
    return matcher;
  }
  matcher.condition = parsed;
  matcher.mentions = celMentions(parsed, mapping);
  return matcher;
}

function isCel(value: Cel | CelError): value is Cel {
  return !(value instanceof Error);
}

/** What the expressions may name, for one token. */
function scopeOf(claims: Claims, matcher: GcpMatcher): CelScope {
  const assertion = celRecord(claims);
  const inner: CelScope = new Map([["assertion", assertion]]);
  const groups = new Map<string, Map<string, CelValue>>([
    ["attribute", new Map()],
    ["google", new Map()],
  ]);
  for (const [key, expression] of matcher.mapping) {
    const dot = key.indexOf(".");
    const value = evaluateCel(expression, inner);
    if (value.kind !== "error") groups.get(key.slice(0, dot))?.set(key.slice(dot + 1), value);
  }
  const record = (name: string): CelValue =>
    matcher.mappingKnown ? { kind: "record", fields: groups.get(name)! } : { kind: "unknown" };
  return new Map([
    ["assertion", assertion],
    ["attribute", record("attribute")],
    ["google", record("google")],
  ]);
}

/** Whether the provider takes a token. */
export function providerVerdict(matcher: GcpMatcher, claims: Claims, condition = matcher.condition): Verdict {
  if (matcher.broken !== undefined) return "unknown";
  return condition === undefined ? "yes" : celVerdict(condition, scopeOf(claims, matcher));
}

/** Whether a binding is for a token that the provider took. */
export function memberVerdict(member: GcpMember, matcher: GcpMatcher, claims: Claims): Verdict {
  const { select } = member;
  if (select.kind === "all") return "yes";
  if (select.kind === "other") return "unknown";
  if (!matcher.mappingKnown) return "unknown";
  const key = select.kind === "subject" ? "google.subject" : `attribute.${select.name}`;
  if (key.includes(hole)) return "unknown";
  const expression = matcher.mapping.get(key);
  if (expression === undefined) return "no";
  const value = evaluateCel(expression, scopeOf(claims, matcher));
  if (value.kind === "text") return matchGlob(select.value, value.text, exactly);
  return value.kind === "unknown" ? "unknown" : "no";
}

/** What a member compares, for candidates. */
export function memberMentions(member: GcpMember, matcher: GcpMatcher): CelMention[] {
  const { select } = member;
  if (select.kind !== "subject" && select.kind !== "attribute") return [];
  const mapped = matcher.mapping.get(select.kind === "subject" ? "google.subject" : `attribute.${select.name}`);
  const claim = mapped === undefined ? undefined : claimOf(mapped, matcher.mapping);
  return claim === undefined ? [] : [{ claim, pattern: select.value, how: "exact", negated: false }];
}
