/** The rules of an IAM trust statement that one test of its condition breaks by itself. */
import { type Draft, lowered } from "./draft.ts";
import { type Home, sameName } from "./home.ts";
import {
  claimOfKey,
  type IamTest,
  isNullOperator,
  isServiceKey,
  passesWhenAbsent,
  stringOperator,
  stsClaims,
} from "./iam-condition.ts";
import { issuerKind } from "./issuer.ts";
import { knownClaims } from "./token.ts";
import { hole } from "./value.ts";

/** What the rules on one test need to know of its statement. */
export type TestSetting = {
  subject: string;
  issuer: string;
  home: Home;
  /** Whether the statement keeps strangers out without this test. */
  boundElsewhere(test: IamTest): boolean;
};

/** Findings AWS-5, 6, 9, 10, 11 and 12 of one test. */
export function auditTest(test: IamTest, setting: TestSetting): Draft[] {
  if (isServiceKey(test.key) || test.key.includes(hole)) return [];
  const claim = claimOfKey(test.key, setting.issuer);
  if (claim === undefined || !stsClaims.has(claim)) return [auditKey(test, claim, setting)];
  return [...auditQualifier(test, claim, setting), ...auditValues(test, claim, setting)];
}

/** AWS-12: a key that STS never fills for this issuer. */
function auditKey(test: IamTest, claim: string | undefined, { subject, issuer }: TestSetting): Draft {
  const always =
    passesWhenAbsent(test.operator) ||
    (isNullOperator(test.operator) && test.values.some(({ text }) => text.toLowerCase() === "true"));
  const colon = test.key.lastIndexOf(":");
  const prefix = colon < 0 ? test.key : test.key.slice(0, colon);
  const reason =
    claim !== undefined
      ? knownClaims.has(claim)
        ? `STS does not evaluate the claim ${claim}`
        : `GitHub's tokens have no claim ${claim}`
      : issuerKind(prefix) !== undefined
        ? `the key is of the issuer ${prefix}, the principal of ${issuer}`
        : `no key of ${issuer} is called ${test.key}`;
  const effect = always
    ? `under ${test.operator.written} the condition is always true`
    : "so the role can never be assumed";
  return {
    rule: "aws-12",
    span: test.keySpan,
    severity: always ? "high" : "low",
    message: `The condition key ${test.key} is never present: ${reason}, ${effect}.`,
    preview: test.key,
    subject,
    facts: { key: test.key, operator: test.operator.written, ...(always ? {} : { unusable: "true" }) },
  };
}

/** AWS-5 and AWS-6: a qualifier that lets a token without the claim pass. */
function auditQualifier(test: IamTest, claim: string, setting: TestSetting): Draft[] {
  const bound = setting.boundElsewhere(test);
  const base = {
    span: test.keySpan,
    preview: `${test.operator.written} ${test.key}`,
    subject: setting.subject,
    facts: { operator: test.operator.written, claim },
  };
  const drafts: Draft[] = [];
  if (test.operator.qualifier === "all") {
    drafts.push({
      ...base,
      rule: "aws-5",
      severity: bound ? lowered("critical") : "critical",
      message: `${test.operator.written} on ${claim} is true for every token that lacks the key: use the plain operator.`,
    });
  } else if (test.operator.ifExists && (claim === "sub" || claim === "aud")) {
    drafts.push({
      ...base,
      rule: "aws-6",
      severity: bound ? lowered("high") : "high",
      message: `${test.operator.written} on ${claim} is true for every token that lacks the key: drop IfExists.`,
    });
  }
  return drafts;
}

function auditValues(test: IamTest, claim: string, setting: TestSetting): Draft[] {
  const compare = stringOperator(test.operator);
  if (compare === undefined) return [];
  const drafts: Draft[] = [];
  for (const value of test.values) {
    const wild = /[*?]/.test(value.text);
    const base = {
      span: value.span,
      preview: value.text,
      subject: setting.subject,
      facts: { claim, operator: test.operator.written },
    };
    if (!compare.like && wild) {
      drafts.push({
        ...base,
        rule: "aws-10",
        severity: "low",
        message: `${test.operator.written} takes * and ? as themselves, so ${claim} never ${compare.negated ? "differs as meant" : "matches"}: use StringLike or the exact value.`,
        facts: { ...base.facts, unusable: "true" },
      });
    } else if (compare.like && !wild && !value.text.includes(hole)) {
      drafts.push({
        ...base,
        rule: "aws-11",
        severity: "info",
        message: `${test.operator.written} on ${claim} without a wildcard: StringEquals says the same and cannot be widened by accident.`,
      });
    }
    if (claim === "aud" && !compare.negated) {
      const owner = /^https:\/\/github\.com\/([^/*?]+)$/.exec(value.text)?.[1];
      const foreign =
        owner !== undefined &&
        !sameName(owner, setting.home.named.owner) &&
        !setting.home.owners.has(owner.toLowerCase());
      if ((compare.like && wild) || foreign) {
        drafts.push({
          ...base,
          rule: "aws-9",
          severity: "medium",
          message: foreign
            ? `The audience ${value.text} is the default of another account: a token asked for without thought passes.`
            : `The audience ${value.text} has a wildcard: tokens meant for other services pass.`,
        });
      }
    }
  }
  return drafts;
}
