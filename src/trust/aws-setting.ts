/** One AWS role and one of its statements, as its rules look at them. */
import type { AwsStatement } from "./aws-statement.ts";
import { allOf, notOf, type Verdict } from "./glob.ts";
import type { Home, TrustContext } from "./home.ts";
import { claimOfKey, conditionVerdict, type IamCondition, stringOperator } from "./iam-condition.ts";
import type { Mention } from "./mention.ts";
import type { Span } from "./source.ts";
import type { Claims } from "./token.ts";
import type { Value } from "./value.ts";

/** A role with what its template says of it beside the trust policy. */
export type AwsRole = {
  /** Resource address or role name. */
  name: string;
  /** Names and ARNs that a workflow may use. */
  identifiers: string[];
  document: Value;
  span: Span;
  /** What makes it an administrator, if it is one. */
  admin?: { what: string; span: Span } | undefined;
  /** Whether its permissions go beyond reading. */
  writes: Verdict;
  /** How many client ids the OIDC provider lists, where that is known. */
  clientIds?: number | undefined;
};

export type AwsSetting = {
  role: AwsRole;
  statement: AwsStatement;
  condition: IamCondition;
  issuer: string;
  home: Home;
  shared: boolean;
  context: TrustContext;
  audience: string;
  denies(claims: Claims): Verdict;
};

/** Whether a token gets in by one condition of the role: allowed, and by no statement denied. */
export function verdictOf(setting: AwsSetting, condition: IamCondition, claims: Claims): Verdict {
  const own: Verdict[] = [conditionVerdict(condition, claims, setting.issuer), notOf(setting.denies(claims))];
  if (setting.statement.effect === "unknown" || setting.statement.unread !== undefined) own.push("unknown");
  return allOf(own);
}

type AwsMention = Mention & { positive: boolean };

/** What a condition compares, for candidates. */
export function mentionsOf(condition: IamCondition, issuer: string): AwsMention[] {
  const mentions: AwsMention[] = [];
  for (const test of condition.tests) {
    const claim = claimOfKey(test.key, issuer);
    const compare = stringOperator(test.operator);
    if (claim === undefined || compare === undefined) continue;
    for (const { text } of test.values.slice(0, 60))
      mentions.push({ claim, pattern: text, how: compare.like ? "glob" : "exact", positive: !compare.negated });
  }
  return mentions;
}
