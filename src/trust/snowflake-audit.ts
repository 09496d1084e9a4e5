/**
 * Audit of Snowflake's workload identities in SQL: `WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = '…' SUBJECT = '…')` and
 * `ADD WORKLOAD IDENTITY name TYPE = OIDC …`. Source: Snowflake, "CREATE USER", "ALTER USER … ADD WORKLOAD IDENTITY".
 */
import { whoIs } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, unknownTrust } from "./draft.ts";
import { allOf, anyOf, exactly, matchGlob, type Verdict } from "./glob.ts";
import { homeOf, sameName, type TrustContext } from "./home.ts";
import { issuerKind } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { reachOf } from "./reach.ts";
import { placeOf, type Span } from "./source.ts";
import { subjectRules } from "./subject-rules.ts";
import type { Claims } from "./token.ts";
import { hole, type TextValue } from "./value.ts";

export type SnowflakeIdentity = {
  name: string;
  span: Span;
  issuer: TextValue;
  subject: TextValue | undefined;
  audiences: TextValue[];
};

/** What Snowflake expects where no audience list is given. */
const snowflakeAudience = "snowflakecomputing.com";

/** Audits one identity. One of another issuer gives nothing. Never throws. */
export function auditSnowflake(identity: SnowflakeIdentity, context: TrustContext): Audit {
  const audit = emptyAudit();
  const kind = issuerKind(identity.issuer.text);
  if (kind === undefined) {
    if (identity.issuer.text.includes(hole) && identity.subject?.text.startsWith("repo:"))
      audit.unknown.push(unknownTrust(identity.span, identity.issuer.why ?? "the issuer is not known"));
    return audit;
  }
  const { subject } = identity;
  if (subject === undefined) {
    audit.unknown.push(unknownTrust(identity.span, "the identity names no subject"));
    return audit;
  }
  const audiences = identity.audiences.length > 0 ? identity.audiences.map(({ text }) => text) : [snowflakeAudience];
  const verdict = (claims: Claims): Verdict =>
    allOf([
      matchGlob(identity.issuer.text, claims.get("iss") ?? "", exactly),
      matchGlob(subject.text, claims.get("sub") ?? "", exactly),
      anyOf(audiences.map((text) => matchGlob(text, claims.get("aud") ?? "", exactly))),
    ]);
  const mentions: Mention[] = [{ claim: "sub", pattern: subject.text, how: "exact" }];
  const home = homeOf(mentions, context);
  const reach = reachOf({ verdict, mentions, home, issuer: identity.issuer.text, audience: audiences[0]! });
  const base = { span: subject.span, subject: identity.name, preview: subject.text };
  const drafts: Draft[] = [];
  for (const rule of subjectRules(reach, { wild: false, writes: "unknown" })) {
    const example = reach.yes.get(rule.by)?.claims.get("sub") ?? "";
    if (rule.kind !== "template" && rule.kind !== "pull") continue;
    drafts.push({
      ...base,
      rule: rule.kind === "pull" ? "snowflake-pull-request" : "snowflake-template",
      severity: rule.severity,
      ...(rule.sure ? {} : { confidence: "likely" as const }),
      message: `The user can be taken by ${whoIs(rule.by, home)} (example subject ${example})${rule.note ?? ""}.`,
      facts: { example, "taken-by": rule.by },
    });
  }
  if (/[*?%]/.test(subject.text)) {
    drafts.push({
      ...base,
      rule: "snowflake-wildcard",
      severity: "low",
      facts: { unusable: "true" },
      message: "Snowflake compares the subject as it is written: a wildcard never matches.",
    });
  } else {
    const match = /^repo:([^/:@]+\/[^/:@]+):/.exec(subject.text);
    if (match !== null) {
      const refused =
        context.immutable === true && context.repository !== undefined && sameName(context.repository, match[1]!);
      drafts.push({
        ...base,
        rule: "snowflake-legacy",
        severity: refused ? "high" : "info",
        message: refused
          ? "The subject names the repository without ids, but the repository emits immutable subjects: its jobs are refused."
          : "The subject names the repository without ids: it stops working once the repository emits immutable subjects.",
      });
    }
  }
  for (const draft of drafts)
    audit.drafts.push(
      kind.kind === "own" && draft.severity === "critical" ? { ...draft, severity: lowered(draft.severity) } : draft,
    );
  audit.policies.push({
    system: "snowflake",
    name: identity.name,
    place: placeOf(identity.span),
    issuer: identity.issuer.text,
    audiences,
    identifiers: [identity.name],
    verdict,
    home: home.named,
    takenBy: examplesOf(reach),
    unknown: [...reach.unknown],
  });
  if (reach.unknown.size > 0) audit.unknown.push(unknownTrust(subject.span, subject.why ?? "the subject is not known"));
  return audit;
}
