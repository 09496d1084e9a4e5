/** Audit of federated identity credentials of Microsoft Entra, standard and flexible. */
import { type FlexibleTest, flexibleMentions, flexibleVerdict, readFlexible } from "./azure-expression.ts";
import { whoIs } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, raised, unknownTrust } from "./draft.ts";
import { allOf, anyOf, exactly, matchGlob, type Verdict } from "./glob.ts";
import { homeOf, sameName, type TrustContext } from "./home.ts";
import { issuerKind, sharedIssuer } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { reachOf } from "./reach.ts";
import { placeOf, type Span } from "./source.ts";
import { subjectRules } from "./subject-rules.ts";
import type { Claims } from "./token.ts";
import { hole, spanInside, type TextValue } from "./value.ts";

export type AzureCredential = {
  name: string;
  span: Span;
  issuer: TextValue | undefined;
  subject: TextValue | undefined;
  expression: TextValue | undefined;
  audiences: TextValue[];
  identifiers: string[];
  writes: Verdict;
  /** A role at subscription or management-group scope that owns it. */
  admin?: { what: string; span: Span } | undefined;
  /** A client secret or certificate of the same identity. */
  secret?: Span | undefined;
  /** Why the credential's fields could not be read at all. */
  unread?: string | undefined;
};

/** Audiences of the login action, by cloud (Microsoft Entra, "Workload identity federation": sovereign clouds). */
const audiences: ReadonlySet<string> = new Set([
  "api://AzureADTokenExchange",
  "api://AzureADTokenExchangeUSGov",
  "api://AzureADTokenExchangeChina",
  "api://AzureADTokenExchangeUSNat",
  "api://AzureADTokenExchangeUSSec",
]);

/** Audits one credential. One whose issuer and subject are another service's gives nothing. Never throws. */
export function auditAzure(credential: AzureCredential, context: TrustContext): Audit {
  const audit = emptyAudit();
  const issuer = credential.issuer?.text ?? "";
  const subject = credential.subject?.text;
  const aboutGitHub =
    issuerKind(issuer) !== undefined ||
    (subject ?? "").startsWith("repo:") ||
    /claims\[['"](?:sub|job_workflow_ref)['"]\]\s+\w+\s+['"](?:repo:|[\w-]+\/[\w.-]+\/\.github\/)/.test(
      credential.expression?.text ?? "",
    );
  const openIssuer = issuer === "" || issuer.includes(hole);
  if (!aboutGitHub) {
    if (
      openIssuer &&
      credential.unread === undefined &&
      (subject === undefined || subject.includes(hole)) &&
      credential.span.source.text.includes("githubusercontent")
    ) {
      audit.unknown.push(
        unknownTrust(
          credential.span,
          credential.issuer?.why ?? credential.subject?.why ?? "issuer and subject are not known",
        ),
      );
    }
    return audit;
  }
  const drafts: Draft[] = [...issuerDrafts(credential), ...audienceDrafts(credential)];
  const tests = credential.expression === undefined ? undefined : readFlexible(credential.expression.text);
  const mentions: Mention[] =
    tests !== undefined
      ? flexibleMentions(tests)
      : subject !== undefined
        ? [{ claim: "sub", pattern: subject, how: "exact" }]
        : [];
  const trusted = openIssuer ? sharedIssuer : issuer;
  const verdict = (claims: Claims): Verdict =>
    allOf([
      issuerVerdict(issuer, claims),
      audienceVerdict(credential, claims),
      subjectVerdict(credential, tests, claims),
    ]);
  const home = homeOf(mentions, context);
  const audience = credential.audiences.find(({ text }) => !text.includes(hole))?.text ?? "api://AzureADTokenExchange";
  const reach = reachOf({ verdict, mentions, home, issuer: trusted, audience });
  drafts.push(...reachDrafts(credential, tests, reach, home));
  drafts.push(...subjectDrafts(credential, context));
  if (credential.secret !== undefined) {
    drafts.push({
      rule: "az-10",
      span: credential.secret,
      severity: "medium",
      subject: credential.name,
      preview: "",
      message: "The identity trusts GitHub and still has a client secret or certificate: the static way in stays open.",
    });
  }
  if (credential.admin !== undefined) {
    drafts.push({
      rule: "az-11",
      span: credential.admin.span,
      severity: "medium",
      subject: credential.name,
      preview: credential.admin.what,
      message: `The identity that GitHub can use is ${credential.admin.what} of a subscription or management group.`,
    });
  }
  const own = issuerKind(issuer)?.kind === "own";
  for (const draft of drafts) {
    let { severity } = draft;
    if (own && severity === "critical") severity = lowered(severity);
    if (credential.admin !== undefined && reachRules.has(draft.rule)) severity = raised(severity);
    audit.drafts.push({ ...draft, severity });
  }
  audit.policies.push({
    system: "azure",
    name: credential.name,
    place: placeOf(credential.span),
    issuer: trusted,
    audiences: credential.audiences.map(({ text }) => text).filter((text) => !text.includes(hole)),
    identifiers: credential.identifiers,
    verdict,
    home: home.named,
    takenBy: examplesOf(reach),
    unknown: [...reach.unknown],
  });
  if (reach.unknown.size > 0) {
    const at = credential.expression ?? credential.subject;
    const why =
      credential.expression !== undefined && tests === undefined
        ? "the expression cannot be read"
        : (at?.why ?? credential.issuer?.why ?? "the subject is not known");
    audit.unknown.push(unknownTrust(at?.span ?? credential.span, why));
  }
  return audit;
}

const reachRules: ReadonlySet<string> = new Set(["az-1", "az-2", "az-3", "az-4", "az-5"]);

function issuerVerdict(issuer: string, claims: Claims): Verdict {
  return issuer === "" ? "unknown" : matchGlob(issuer, claims.get("iss") ?? "", exactly);
}

function audienceVerdict({ audiences: listed }: AzureCredential, claims: Claims): Verdict {
  // Left out, the service's default stands.
  if (listed.length === 0) return "yes";
  return anyOf(listed.map(({ text }) => matchGlob(text, claims.get("aud") ?? "", exactly)));
}

function subjectVerdict(credential: AzureCredential, tests: FlexibleTest[] | undefined, claims: Claims): Verdict {
  if (credential.expression !== undefined) return tests === undefined ? "unknown" : flexibleVerdict(tests, claims);
  return credential.subject === undefined
    ? "unknown"
    : matchGlob(credential.subject.text, claims.get("sub") ?? "", exactly);
}

/** AZ-7. */
function issuerDrafts({ issuer, name }: AzureCredential): Draft[] {
  if (issuer === undefined || issuer.text.includes(hole)) return [];
  const { text } = issuer;
  const base = { rule: "az-7", span: issuer.span, subject: name, preview: text };
  if (issuerKind(text) === undefined) {
    return [
      {
        ...base,
        severity: "high",
        message: `The issuer ${text} is not GitHub's, though the subject is: whoever runs that host decides who gets in.`,
      },
    ];
  }
  if (text.startsWith("https://") && !text.endsWith("/")) return [];
  const what = text.endsWith("/") ? "a trailing slash" : "no https:// in front";
  return [
    {
      ...base,
      severity: "low",
      facts: { unusable: "true" },
      message: `The issuer has ${what}: it is compared exactly, so the credential never matches.`,
    },
  ];
}

/** AZ-8. */
function audienceDrafts(credential: AzureCredential): Draft[] {
  return credential.audiences
    .filter(({ text }) => !text.includes(hole) && !audiences.has(text))
    .map(({ text, span }) => ({
      rule: "az-8",
      span,
      severity: "medium",
      subject: credential.name,
      preview: text,
      message: `The audience ${text} is not what the login action asks for by default (api://AzureADTokenExchange): set the action's audience to it, or change it.`,
    }));
}

/** AZ-1 to AZ-5. */
function reachDrafts(
  credential: AzureCredential,
  tests: FlexibleTest[] | undefined,
  reach: ReturnType<typeof reachOf>,
  home: ReturnType<typeof homeOf>,
): Draft[] {
  const value = credential.expression ?? credential.subject;
  if (value === undefined) return [];
  const subjectTest = tests?.find((test) => test.claim === "sub");
  const span = subjectTest === undefined ? value.span : spanInside(value, subjectTest.start, subjectTest.end);
  const preview = subjectTest?.value ?? value.text;
  const wild = subjectTest?.operator === "matches" && /[*?]/.test(subjectTest.value);
  const drafts: Draft[] = [];
  for (const rule of subjectRules(reach, { wild, writes: credential.writes })) {
    const example = reach.yes.get(rule.by)?.claims.get("sub") ?? "";
    const flexible = tests !== undefined;
    const caller = rule.by === "stranger-caller" || (flexible && subjectTest === undefined);
    const id =
      rule.kind === "open" || rule.kind === "template"
        ? caller && flexible
          ? "az-1"
          : rule.kind === "open"
            ? "az-2"
            : "az-4"
        : rule.kind === "wide"
          ? "az-3"
          : "az-5";
    // A standard credential names one subject: nothing wide about it.
    if (id === "az-3" && !flexible) continue;
    drafts.push({
      rule: id,
      span,
      severity: id === "az-1" ? "critical" : rule.severity,
      ...(rule.sure && !caller ? {} : { confidence: "likely" as const }),
      subject: credential.name,
      preview,
      message: `The identity can be taken by ${whoIs(rule.by, home)} (example subject ${example})${rule.note ?? ""}.`,
      facts: { example, "taken-by": rule.by },
    });
  }
  return drafts;
}

/** AZ-6 and AZ-9. */
function subjectDrafts({ subject, name }: AzureCredential, context: TrustContext): Draft[] {
  if (subject === undefined || subject.text.includes(hole)) return [];
  const base = { span: subject.span, subject: name, preview: subject.text };
  if (/[*?]/.test(subject.text)) {
    return [
      {
        ...base,
        rule: "az-6",
        severity: "low",
        facts: { unusable: "true" },
        message:
          "A standard credential takes * and ? as themselves, so this subject never matches: write the exact subject, or use a flexible credential.",
      },
    ];
  }
  const match = /^repo:([^/:@]+\/[^/:@]+):/.exec(subject.text);
  if (match === null) return [];
  const refused =
    context.immutable === true && context.repository !== undefined && sameName(context.repository, match[1]!);
  return [
    {
      ...base,
      rule: "az-9",
      severity: refused ? "high" : "info",
      message: refused
        ? "The subject names the repository without ids, but the repository emits immutable subjects: its jobs are refused."
        : "The subject names the repository without ids: keep this credential and add one with the ids while the repository is moved.",
    },
  ];
}
