/** Audit of one AWS role: every statement and every value of its trust policy, each put to the table of subjects. */
import { audienceDrafts, openDrafts } from "./aws-open.ts";
import { type AwsRole, type AwsSetting, mentionsOf, verdictOf } from "./aws-setting.ts";
import {
  type AwsStatement,
  hasAction,
  issuerOfCondition,
  principalKinds,
  readStatements,
  speaksOfRepositories,
  withKnownKeys,
} from "./aws-statement.ts";
import { auditValue } from "./aws-subject.ts";
import { auditTest } from "./aws-tests.ts";
import { strangerClasses } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, raised, unknownTrust } from "./draft.ts";
import { anyOf, type Verdict } from "./glob.ts";
import { homeOf, type TrustContext } from "./home.ts";
import { claimOfKey, conditionVerdict, type IamCondition, type IamTest, stringOperator } from "./iam-condition.ts";
import { issuerKind } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { type Reach, reachOf } from "./reach.ts";
import { placeOf, type Span } from "./source.ts";
import type { Claims } from "./token.ts";
import { hole, whyUnknown } from "./value.ts";

/** The audience of GitHub's tokens for AWS, by partition (`aws-actions/configure-aws-credentials`). */
export const awsAudience = "sts.amazonaws.com";

/** Most values of one test that are looked at one by one. */
const valueLimit = 500;

/** Audits the trust policy of one role. In: the role as its reader found it, what is known of the repository. Never throws. */
export function auditAwsRole(role: AwsRole, context: TrustContext): Audit {
  const audit = emptyAudit();
  const statements = readStatements(role.document);
  const trusting = statements.filter((statement) => statement.effect !== "deny" && hasAction(statement, webIdentity));
  const denying = statements.filter((statement) => statement.effect === "deny" && hasAction(statement, webIdentity));
  let found = false;
  for (const statement of trusting) found = auditStatement(role, statement, denying, context, audit) || found;
  for (const statement of statements) {
    if (statement.unread === undefined) continue;
    if (statement.span.source.text.includes("githubusercontent.com"))
      audit.unknown.push(unknownTrust(statement.unread.span, statement.unread.why));
  }
  if (found) auditRole(role, statements, audit);
  return audit;
}

const webIdentity = "sts:AssumeRoleWithWebIdentity";

/** Whether the statement trusts GitHub. */
function auditStatement(
  role: AwsRole,
  statement: AwsStatement,
  denying: AwsStatement[],
  context: TrustContext,
  audit: Audit,
): boolean {
  const kinds = principalKinds(statement);
  const issuer =
    kinds.github[0]?.issuer.replace(/\/+$/, "") ??
    issuerOfCondition(statement.condition) ??
    (speaksOfRepositories(statement.condition) ? "token.actions.githubusercontent.com" : undefined);
  const star =
    kinds.star?.span ??
    (statement.anyone !== undefined && statement.federated.length === 0 ? statement.anyone : undefined);
  const literalAction = statement.actions.find(({ text }) => text.toLowerCase() === webIdentity.toLowerCase());
  if (star !== undefined && (issuer !== undefined || literalAction !== undefined)) {
    audit.drafts.push(
      principalDraft(
        role,
        star,
        "critical",
        "*",
        "The principal is *: any provider that the account trusts can be used.",
      ),
    );
  }
  if (issuer === undefined) return star !== undefined && literalAction !== undefined;
  if (kinds.github.length > 0 && kinds.other.length + kinds.open.length > 0) {
    const other = (kinds.other[0] ?? kinds.open[0])!;
    audit.drafts.push(
      principalDraft(
        role,
        other.span,
        "medium",
        other.text,
        "One statement trusts GitHub and another provider: the conditions of one do not bind the other.",
      ),
    );
  } else if (kinds.github.length === 0 && kinds.other.length > 0) return false;

  const condition = withKnownKeys(statement.condition, issuer);
  const mentions = mentionsOf(condition, issuer);
  const setting: AwsSetting = {
    role,
    statement,
    condition,
    issuer,
    home: homeOf(
      mentions.filter((mention) => mention.positive),
      context,
    ),
    shared: issuerKind(issuer)?.kind === "shared",
    context,
    audience: partitionAudience(kinds.github[0]?.value.text ?? ""),
    denies: (claims) => deniedBy(denying, claims, issuer),
  };
  const reach = reachOf({
    verdict: (claims) => verdictOf(setting, condition, claims),
    mentions,
    home: setting.home,
    issuer: `https://${issuer}`,
    audience: setting.audience,
  });
  const drafts = [
    ...openDrafts(
      setting,
      [...reach.yes.keys()].some((one) => strangerClasses.has(one)),
      reach,
    ),
    ...valueDrafts(setting, reach),
    ...audienceDrafts(setting),
  ];
  for (const test of condition.tests) {
    drafts.push(
      ...auditTest(test, {
        subject: role.name,
        issuer,
        home: setting.home,
        boundElsewhere: (one) => isBoundWithout(setting, one, mentions),
      }),
    );
  }
  for (const draft of drafts) audit.drafts.push(adjusted(draft, setting));
  audit.policies.push({
    system: "aws",
    name: role.name,
    place: placeOf(statement.span),
    issuer: `https://${issuer}`,
    audiences: literalAudiences(condition, issuer),
    identifiers: role.identifiers,
    verdict: (claims) => verdictOf(setting, condition, claims),
    home: setting.home.named,
    takenBy: examplesOf(reach),
    unknown: [...reach.unknown],
  });
  if (reach.unknown.size > 0) {
    const why = whyOf(condition, statement);
    audit.unknown.push(unknownTrust(why.span, why.why));
  }
  return true;
}

function principalDraft(
  role: AwsRole,
  span: Span,
  severity: Draft["severity"],
  preview: string,
  message: string,
): Draft {
  return { rule: "aws-17", span, severity, message, preview, subject: role.name };
}

/** AWS asks for another audience in the China partition. */
function partitionAudience(principal: string): string {
  return principal.startsWith("arn:aws-cn:") ? "sts.amazonaws.com.cn" : awsAudience;
}

function deniedBy(denying: readonly AwsStatement[], claims: Claims, issuer: string): Verdict {
  return anyOf(
    denying.map((statement) => {
      const kinds = principalKinds(statement);
      const about = statement.anyone !== undefined || kinds.star !== undefined || kinds.github.length > 0;
      if (!about) return kinds.open.length > 0 || statement.unread !== undefined ? "unknown" : "no";
      return conditionVerdict(withKnownKeys(statement.condition, issuer), claims, issuer);
    }),
  );
}

/** AWS-3, 4, 13, 14, 15 and 16, value by value. */
function valueDrafts(setting: AwsSetting, reach: Reach): Draft[] {
  const drafts: Draft[] = [];
  for (const test of setting.condition.tests) {
    const claim = claimOfKey(test.key, setting.issuer);
    const compare = stringOperator(test.operator);
    if (compare === undefined || compare.negated || (claim !== "sub" && claim !== "repository")) continue;
    for (const value of test.values.slice(0, valueLimit)) {
      // A test with one value is the statement itself.
      const known = test.values.length === 1 ? reach : undefined;
      drafts.push(...auditValue(setting, test, value, claim, known));
    }
  }
  return drafts;
}

function literalAudiences(condition: IamCondition, issuer: string): string[] {
  return condition.tests
    .filter((test) => claimOfKey(test.key, issuer) === "aud" && stringOperator(test.operator)?.negated === false)
    .flatMap((test) => test.values.map(({ text }) => text))
    .filter((text) => !/[*?]/.test(text) && !text.includes(hole));
}

/** Whether strangers stay out when one test is taken away. */
function isBoundWithout(setting: AwsSetting, test: IamTest, mentions: Mention[]): boolean {
  const condition = { ...setting.condition, tests: setting.condition.tests.filter((one) => one !== test) };
  const reach = reachOf({
    verdict: (claims) => verdictOf(setting, condition, claims),
    mentions,
    home: setting.home,
    issuer: `https://${setting.issuer}`,
    audience: setting.audience,
  });
  return ![...reach.yes.keys(), ...reach.unknown].some((one) => strangerClasses.has(one) || one === "stranger-caller");
}

const raisable = new Set(["aws-10", "aws-11", "aws-12", "aws-15", "aws-17"]);

/** Administrators raise, an issuer of one enterprise lowers: there are no strangers there. */
function adjusted(draft: Draft, setting: AwsSetting): Draft {
  let { severity } = draft;
  if (!setting.shared && severity === "critical") severity = lowered(severity);
  if (setting.role.admin !== undefined && !raisable.has(draft.rule)) severity = raised(severity);
  return { ...draft, severity };
}

function whyOf(condition: IamCondition, statement: AwsStatement): { why: string; span: Span } {
  if (statement.unread) return statement.unread;
  const unread = condition.unread[0];
  if (unread) return unread;
  for (const test of condition.tests) {
    if (test.key.includes(hole)) return { why: "a condition key is not known", span: test.keySpan };
    for (const value of test.values) {
      const why = whyUnknown(value);
      if (why) return why;
    }
  }
  const odd = condition.tests[0];
  return {
    why:
      odd === undefined
        ? "the statement is not known"
        : `the condition on ${odd.key} does not depend on the token alone`,
    span: odd?.keySpan ?? statement.span,
  };
}

/** AWS-19 and AWS-20: what the role is beside its trust in GitHub. */
function auditRole(role: AwsRole, statements: readonly AwsStatement[], audit: Audit): void {
  if (role.admin !== undefined) {
    audit.drafts.push({
      rule: "aws-19",
      span: role.admin.span,
      severity: "medium",
      subject: role.name,
      preview: role.admin.what,
      message: `The role that GitHub can assume has ${role.admin.what}: whoever gets in owns the account.`,
    });
  }
  for (const statement of statements) {
    if (
      statement.effect !== "allow" ||
      !statement.actions.some(({ text }) => /^(?:sts:AssumeRole|sts:\*|\*)$/i.test(text))
    )
      continue;
    const account = statement.accounts.find(
      ({ text }) => text === "*" || /:(?:user|root)\b/.test(text) || /^[0-9]{12}$/.test(text),
    );
    const span = account?.span ?? (statement.federated.length === 0 ? statement.anyone : undefined);
    if (span === undefined) continue;
    const who = account?.text ?? "*";
    audit.drafts.push({
      rule: "aws-20",
      span,
      severity: "medium",
      subject: role.name,
      preview: who,
      message: `The role that GitHub can assume also trusts ${who === "*" ? "every account" : "an account or user"} by sts:AssumeRole: use separate roles.`,
    });
  }
}
