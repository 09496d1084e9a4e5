/** The rules on one value of `sub` or `repository` in an IAM trust statement: who gets in by this value alone. */
import { type AwsSetting, mentionsOf, verdictOf } from "./aws-setting.ts";
import { whoIs } from "./classes.ts";
import { type Draft, lowered } from "./draft.ts";
import { type Home, homeOf, sameName } from "./home.ts";
import {
  claimOfKey,
  type IamTest,
  isServiceKey,
  passesWhenAbsent,
  stringOperator,
  stsClaims,
} from "./iam-condition.ts";
import { issuerKind } from "./issuer.ts";
import { withAssumedNames } from "./placeholder.ts";
import { type Reach, reachOf } from "./reach.ts";
import type { Span } from "./source.ts";
import { type SubjectRule, subjectRules } from "./subject-rules.ts";
import { hole, type TextValue } from "./value.ts";

export function auditValue(
  setting: AwsSetting,
  test: IamTest,
  value: TextValue,
  claim: "sub" | "repository",
  known: Reach | undefined,
): Draft[] {
  // A name that is not known is taken to be a plain name: what the rest of the pattern says then holds, though not for certain.
  const { owner, repo } = setting.home.named;
  const assumed = claim === "sub" ? withAssumedNames(value.text, owner, repo) : undefined;
  const alone: IamTest = { ...test, values: [assumed === undefined ? value : { ...value, text: assumed }] };
  const condition = {
    ...setting.condition,
    tests: setting.condition.tests
      .filter((one) => !isNeverMet(one, setting.issuer))
      .map((one) => (one === test ? alone : one)),
  };
  const unmet = condition.tests.length < setting.condition.tests.length;
  const mentions = mentionsOf(condition, setting.issuer);
  const home: Home = homeOf(
    mentions.filter((mention) => mention.positive),
    setting.context,
  );
  const alike = assumed === undefined && known !== undefined && !unmet;
  const reach = alike
    ? known
    : reachOf({
        verdict: (claims) => verdictOf(setting, condition, claims),
        mentions,
        home,
        issuer: `https://${setting.issuer}`,
        audience: setting.audience,
      });
  const wild = stringOperator(test.operator)?.like === true && /[*?]/.test(value.text);
  const narrowed = setting.condition.tests.some(
    (one) => one !== test && ["job_workflow_ref", "environment"].includes(claimOfKey(one.key, setting.issuer) ?? ""),
  );
  const drafts: Draft[] = [];
  const base = { span: value.span, subject: setting.role.name, preview: value.text };
  for (const rule of subjectRules(reach, { wild, writes: setting.role.writes })) {
    const draft = draftOf(rule, base, narrowed, home, reach);
    drafts.push(assumed === undefined && !unmet ? draft : { ...draft, confidence: "likely" });
  }
  if (claim === "sub") drafts.push(...identityDrafts(setting, value, reach, base, drafts));
  return drafts;
}

/**
 * Whether a test of a misspelt or unsupported key keeps everybody out. It is reported by itself and will be corrected, so the values beside it
 * are judged without it.
 */
function isNeverMet(test: IamTest, issuer: string): boolean {
  if (isServiceKey(test.key) || test.key.includes(hole) || passesWhenAbsent(test.operator)) return false;
  const claim = claimOfKey(test.key, issuer);
  return (claim === undefined || !stsClaims.has(claim)) && stringOperator(test.operator) !== undefined;
}

const ruleOf: Record<SubjectRule["kind"], string> = {
  open: "aws-3",
  template: "aws-4",
  wide: "aws-13",
  pull: "aws-14",
};

function draftOf(
  rule: SubjectRule,
  base: { span: Span; subject: string; preview: string },
  narrowed: boolean,
  home: Home,
  reach: Reach,
): Draft {
  const example = reach.yes.get(rule.by)?.claims.get("sub") ?? "";
  const severity =
    rule.kind === "wide" && narrowed && rule.by === "org-other-repository" ? lowered(rule.severity) : rule.severity;
  return {
    ...base,
    rule: ruleOf[rule.kind],
    severity,
    ...(rule.sure ? {} : { confidence: "likely" as const }),
    message: `The role can be taken by ${whoIs(rule.by, home)} (example subject ${example})${rule.note ?? ""}.`,
    facts: { example, "taken-by": rule.by },
  };
}

/** AWS-15 and AWS-16: names without ids, and ids that are not the repository's. */
function identityDrafts(
  setting: AwsSetting,
  value: TextValue,
  reach: Reach,
  base: { span: Span; subject: string; preview: string },
  found: readonly Draft[],
): Draft[] {
  const drafts: Draft[] = [];
  const match = /^repo:([^/:@*?]+)(?:@([0-9]+))?\/([^/:@*?]+)(?:@([0-9]+))?:/.exec(value.text);
  if (match === null || value.text.includes(hole)) return drafts;
  const [, owner, ownerId, repo, repoId] = match;
  const { context } = setting;
  const scanned = context.repository !== undefined && sameName(context.repository, `${owner}/${repo}`);
  const kind = issuerKind(setting.issuer);
  const server = kind?.kind === "own" && kind.server;
  const open = found.some((draft) => draft.rule === "aws-3" || draft.rule === "aws-4");
  if (
    ownerId === undefined &&
    repoId === undefined &&
    !server &&
    !open &&
    (reach.yes.has("re-registered-legacy") || context.immutable === true)
  ) {
    const refused = scanned && context.immutable === true && !hasImmutableSibling(setting, owner!, repo!);
    drafts.push({
      ...base,
      rule: "aws-15",
      severity: refused ? "high" : "info",
      message: refused
        ? `The subject names ${owner}/${repo} without ids, but the repository emits immutable subjects: the role will refuse its jobs.`
        : `The subject names ${owner}/${repo} without ids: it outlives the names, and repositories that emit immutable subjects are refused.`,
      facts: { example: value.text },
    });
  }
  if (scanned && ownerId !== undefined && context.ownerId !== undefined && ownerId !== context.ownerId) {
    drafts.push({
      ...base,
      rule: "aws-16",
      severity: "critical",
      message: `The owner id ${ownerId} is not that of ${owner} (${context.ownerId}): the account with that id can take the name and get in.`,
      facts: { example: value.text },
    });
  } else if (scanned && repoId !== undefined && context.repoId !== undefined && repoId !== context.repoId) {
    drafts.push({
      ...base,
      rule: "aws-16",
      severity: "low",
      message: `The repository id ${repoId} is not that of ${owner}/${repo} (${context.repoId}): the value never matches.`,
      facts: { unusable: "true" },
    });
  }
  return drafts;
}

/** Whether another value of the statement names the same repository with its ids. */
function hasImmutableSibling(setting: AwsSetting, owner: string, repo: string): boolean {
  return setting.condition.tests.some((test) =>
    test.values.some(({ text }) => {
      const match = /^repo:([^/:@]+)@[^/]+\/([^/:@]+)@/.exec(text);
      return match !== null && sameName(match[1]!, owner) && sameName(match[2]!, repo);
    }),
  );
}
