/** The rules on an AWS statement as a whole: nothing binds the owner, nothing binds the audience. */
import type { AwsSetting } from "./aws-setting.ts";
import { whoIs, widestStranger } from "./classes.ts";
import type { Draft } from "./draft.ts";
import {
  claimOfKey,
  type IamTest,
  isNullOperator,
  passesWhenAbsent,
  stringOperator,
  stsClaims,
} from "./iam-condition.ts";
import type { reachOf } from "./reach.ts";
import { hole } from "./value.ts";

const binders: ReadonlySet<string> = new Set([
  "sub",
  "repository",
  "repository_id",
  "repository_owner_id",
  "enterprise_id",
]);

/** AWS-1, 2, 7 and 18: strangers get in and no value of an owner claim is to blame. */
export function openDrafts(setting: AwsSetting, open: boolean, reach: ReturnType<typeof reachOf>): Draft[] {
  const { condition, issuer, role, statement } = setting;
  const base = { span: statement.span, subject: role.name, severity: "critical" as const, preview: "" };
  if (condition.tests.length === 0 && condition.unread.length === 0) {
    return [
      {
        ...base,
        rule: "aws-1",
        message: "The role trusts GitHub without any condition: every repository on GitHub can assume it.",
        facts: { example: exampleOf(reach) },
      },
    ];
  }
  const strict = condition.tests.filter((test) => {
    const compare = stringOperator(test.operator);
    return compare !== undefined && !compare.negated && !passesWhenAbsent(test.operator);
  });
  const claimed = (tests: IamTest[]): string[] =>
    tests.map((test) => claimOfKey(test.key, issuer) ?? "").filter((claim) => stsClaims.has(claim));
  const claims = claimed(strict);
  if (!open && !reach.yes.has("stranger-caller")) return [];
  if (claims.some((claim) => binders.has(claim))) return [];
  const who = widestStranger(reach.yes) ?? "stranger-caller";
  const example = reach.yes.get(who)?.claims.get("sub") ?? "";
  const facts = { example, "taken-by": who };
  const narrow = claims.filter((claim) => claim !== "aud");
  if (narrow.length > 0) {
    const caller = who === "stranger-caller";
    return [
      {
        ...base,
        rule: "aws-18",
        ...(caller ? { confidence: "likely" as const } : {}),
        preview: narrow.join(", "),
        facts,
        message: `Nothing binds the owner: ${narrow.join(", ")} can be the same in ${whoIs(who, setting.home)} (example subject ${example}).`,
      },
    ];
  }
  const negative = condition.tests.filter(
    (test) => isNullOperator(test.operator) || stringOperator(test.operator)?.negated === true,
  );
  const loose = condition.tests.filter(
    (test) => test.operator.qualifier === "all" && stsClaims.has(claimOfKey(test.key, issuer) ?? ""),
  );
  if (negative.some((test) => claimOfKey(test.key, issuer) !== "aud")) {
    return [
      {
        ...base,
        rule: "aws-7",
        facts,
        preview: negative[0]!.operator.written,
        span: negative[0]!.keySpan,
        message: `Only ${negative[0]!.operator.written} limits who may assume the role: whoever is not named gets in (example subject ${example}).`,
      },
    ];
  }
  if (loose.length > 0) return [];
  return [
    {
      ...base,
      rule: "aws-2",
      facts,
      message: `No condition on sub or another claim of the owner: any repository on GitHub can assume the role (example subject ${example}).`,
    },
  ];
}

function exampleOf(reach: ReturnType<typeof reachOf>): string {
  return reach.yes.get("stranger")?.claims.get("sub") ?? "";
}

/** AWS-8. */
export function audienceDrafts(setting: AwsSetting): Draft[] {
  const { condition, issuer, role, statement } = setting;
  if (condition.unread.length > 0 || condition.tests.length === 0) return [];
  const has = condition.tests.some((test) => {
    const key = claimOfKey(test.key, issuer);
    // A misspelt key is a finding of its own.
    return key === "aud" || /:aud$/i.test(test.key) || test.key.endsWith(hole);
  });
  if (has) return [];
  const several = (role.clientIds ?? 0) > 1;
  return [
    {
      rule: "aws-8",
      span: statement.span,
      severity: several ? "high" : "medium",
      subject: role.name,
      preview: "",
      message: `No condition on aud${several ? " while the provider lists several client ids" : ""}: a token asked for another service can be used here.`,
    },
  ];
}
