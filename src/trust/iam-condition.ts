/**
 * Conditions of an IAM trust policy, computed as STS computes them.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple context keys or values",
 * "Set operators for multivalued context keys", "Available keys for AWS OIDC federation".
 */
import { allOf, exactly, iamGlob, matchGlob, notOf, type Verdict } from "./glob.ts";
import { withoutPlaceholders } from "./placeholder.ts";
import type { Span } from "./source.ts";
import type { Claims } from "./token.ts";
import {
  hole,
  itemsOf,
  type MapValue,
  type TextValue,
  textOrHole,
  textValue,
  type UnknownValue,
  type Value,
} from "./value.ts";

/** `StringLike` with its parts taken off: `ForAllValues:StringLikeIfExists` is base `StringLike`, qualifier `all`, ifExists. */
export type IamOperator = { written: string; base: string; qualifier?: "all" | "any"; ifExists: boolean };

/** One key under one operator with all its values. */
export type IamTest = { operator: IamOperator; key: string; keySpan: Span; values: TextValue[] };

/** What a `Condition` block says: all tests must hold. `unread` is what could not be read. */
export type IamCondition = { tests: IamTest[]; unread: UnknownValue[] };

/** Claims that STS evaluates for GitHub's tokens (announced January and February 2026); `sub` and `aud` always. */
export const stsClaims: ReadonlySet<string> = new Set([
  "sub",
  "aud",
  "amr",
  "actor",
  "actor_id",
  "enterprise_id",
  "environment",
  "job_workflow_ref",
  "ref",
  "repository",
  "repository_id",
  "repository_owner_id",
  "workflow",
]);

/** The operators that compare texts, whether they are negated and how they compare. */
const stringOperators = new Map<string, { negated: boolean; like: boolean; ignoreCase: boolean }>([
  ["stringequals", { negated: false, like: false, ignoreCase: false }],
  ["stringnotequals", { negated: true, like: false, ignoreCase: false }],
  ["stringequalsignorecase", { negated: false, like: false, ignoreCase: true }],
  ["stringnotequalsignorecase", { negated: true, like: false, ignoreCase: true }],
  ["stringlike", { negated: false, like: true, ignoreCase: false }],
  ["stringnotlike", { negated: true, like: true, ignoreCase: false }],
]);

/** How an operator compares texts; undefined for one that does not. Operator names have no letter case. */
export function stringOperator(
  operator: IamOperator,
): { negated: boolean; like: boolean; ignoreCase: boolean } | undefined {
  return stringOperators.get(operator.base.toLowerCase());
}

export function isNullOperator(operator: IamOperator): boolean {
  return operator.base.toLowerCase() === "null";
}

export function readOperator(written: string): IamOperator {
  let base = written;
  let qualifier: "all" | "any" | undefined;
  const prefix = /^(ForAllValues|ForAnyValue):/i.exec(base);
  if (prefix) {
    qualifier = prefix[1]!.toLowerCase() === "forallvalues" ? "all" : "any";
    base = base.slice(prefix[0].length);
  }
  const ifExists = /IfExists$/i.test(base);
  if (ifExists) base = base.slice(0, -"IfExists".length);
  return qualifier === undefined ? { written, base, ifExists } : { written, base, qualifier, ifExists };
}

/** Reads `{ operator: { key: value | values } }`. */
export function readCondition(value: Value | undefined): IamCondition {
  const condition: IamCondition = { tests: [], unread: [] };
  if (value === undefined || (value.kind === "plain" && value.value === null)) return condition;
  if (value.kind === "unknown") condition.unread.push(value);
  if (value.kind !== "map") return condition;
  for (const { key: written, value: block } of value.entries) {
    if (block.kind === "map") readBlock(readOperator(written), block, condition);
    else condition.unread.push({ kind: "unknown", why: whyNot(block), span: block.span });
  }
  return condition;
}

function readBlock(operator: IamOperator, block: MapValue, condition: IamCondition): void {
  for (const { key, keySpan, value } of block.entries) {
    condition.tests.push({ operator, key, keySpan, values: readValues(value) });
  }
}

function whyNot(value: Value): string {
  return value.kind === "unknown" ? value.why : "the condition is not an object of keys and values";
}

/** The values of a test; one that is not known is a hole. */
export function readValues(value: Value): TextValue[] {
  if (value.kind === "unknown") return [textValue(hole, value.span, value.why)];
  return itemsOf(value).map((item) => {
    if (item.kind === "text") return withoutPlaceholders(item);
    const text = textOrHole(item);
    return textValue(text ?? hole, item.span, item.kind === "unknown" ? item.why : "the value is no text");
  });
}

/** The claim a condition key names under an issuer (`host/path:claim`); undefined where the key is about something else. Keys have no letter case. */
export function claimOfKey(key: string, issuer: string): string | undefined {
  const colon = key.lastIndexOf(":");
  if (colon < 0) return undefined;
  const prefix = key.slice(0, colon).replace(/^https:\/\//i, "");
  return prefix.toLowerCase() === issuer.toLowerCase() ? key.slice(colon + 1).toLowerCase() : undefined;
}

/**
 * Whether a condition lets a token pass. In: the condition, the token's claims, the issuer (host and path) the principal names.
 * A key that STS does not know for this issuer is absent; a key of another service (`aws:SourceIp`) cannot be told from here.
 */
export function conditionVerdict(condition: IamCondition, claims: Claims, issuer: string): Verdict {
  const verdicts = condition.tests.map((test) => testVerdict(test, claims, issuer));
  if (condition.unread.length > 0) verdicts.push("unknown");
  return allOf(verdicts);
}

/** One test; see `conditionVerdict`. */
export function testVerdict(test: IamTest, claims: Claims, issuer: string): Verdict {
  if (isServiceKey(test.key) || test.key.includes(hole)) return "unknown";
  const claim = claimOfKey(test.key, issuer);
  const actual = claim !== undefined && stsClaims.has(claim) ? claims.get(claim) : undefined;
  if (isNullOperator(test.operator)) return nullVerdict(test, actual);
  const compare = stringOperator(test.operator);
  if (actual === undefined) {
    if (test.operator.ifExists || test.operator.qualifier === "all") return "yes";
    if (compare === undefined) return /not/i.test(test.operator.base) ? "unknown" : "no";
    return compare.negated && test.operator.qualifier !== "any" ? "yes" : "no";
  }
  if (compare === undefined) return "unknown";
  const rules = compare.like ? iamGlob : exactly;
  let matched: Verdict = "no";
  for (const { text } of test.values) {
    const verdict = matchValue(text, actual, rules, compare.ignoreCase);
    if (verdict === "yes") {
      matched = "yes";
      break;
    }
    if (verdict === "unknown") matched = "unknown";
  }
  return compare.negated ? notOf(matched) : matched;
}

function matchValue(pattern: string, actual: string, rules: typeof iamGlob, ignoreCase: boolean): Verdict {
  const literal = withoutVariables(pattern);
  return ignoreCase ? matchGlob(literal.toLowerCase(), actual.toLowerCase(), rules) : matchGlob(literal, actual, rules);
}

/** `${*}`, `${?}` and `${$}` stand for the character; any other policy variable (`${aws:username}`) is not known here. */
function withoutVariables(pattern: string): string {
  if (!pattern.includes("${")) return pattern;
  // A literal star inside a pattern is rare enough to be left undecided.
  return pattern.replace(/\$\{[^{}]{0,200}\}/g, hole);
}

function nullVerdict(test: IamTest, actual: string | undefined): Verdict {
  const verdicts = test.values.map(({ text }): Verdict => {
    if (text.includes(hole)) return "unknown";
    return (text.toLowerCase() === "true") === (actual === undefined) ? "yes" : "no";
  });
  return verdicts.includes("yes") ? "yes" : verdicts.includes("unknown") ? "unknown" : "no";
}

/** Global and service keys, whose value the token does not decide. */
export function isServiceKey(key: string): boolean {
  return /^(?:aws|sts|iam|saml|sso|s3|ec2|kms|lambda|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com):/i.test(
    key,
  );
}

/** Whether a test can only ever say yes for a token that lacks the claim: negated, `IfExists` or `ForAllValues`. */
export function passesWhenAbsent(operator: IamOperator): boolean {
  if (operator.ifExists || operator.qualifier === "all") return true;
  return stringOperator(operator)?.negated === true && operator.qualifier !== "any";
}
