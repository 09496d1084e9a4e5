/** Findings on their way: what a rule found, before it has an id and a place in bytes. */
import { type Confidence, type Finding, type Place, type Severity, severities, severityRank } from "../finding.ts";
import { identityOf, withIdentity } from "../finding-id.ts";
import type { SubjectClass } from "./classes.ts";
import type { Verdict } from "./glob.ts";
import type { Reach } from "./reach.ts";
import { placeOf, type Span } from "./source.ts";
import type { NamedRepository } from "./subject.ts";
import type { Claims } from "./token.ts";
import { hole } from "./value.ts";

export const trustSystems = ["aws", "gcp", "azure", "vault", "octo-sts", "snowflake"] as const;
export type TrustSystem = (typeof trustSystems)[number];

/** One way into a cloud, as computed. */
export type TrustPolicy = {
  system: TrustSystem;
  /** Name or address of the role, provider, credential or identity. Untrusted. */
  name: string;
  place: Place;
  /** Issuer URL. */
  issuer: string;
  /** Audiences that it takes as written; empty when it checks none or takes patterns. */
  audiences: string[];
  /** What a workflow may call it by: role name or ARN, provider path, client id, policy name. */
  identifiers: string[];
  /** Whom it means, with ids that are made up where neither it nor the context tells them. */
  home: Required<NamedRepository>;
  /** Answers for the claims of one token. */
  verdict(claims: Claims): Verdict;
  /** Who gets in, each with an example subject. */
  takenBy: Partial<Record<SubjectClass, string>>;
  /** Kinds of runs for which the answer is not known. */
  unknown: SubjectClass[];
};

/** Something that looks like trust and could not be evaluated: never a pass. */
export type UnknownTrust = {
  path: string;
  place: Place;
  why: string;
  /** Set where program code names GitHub's issuer and no statement was read: it may as well be about something else. */
  vague?: true;
};

/** A finding of one rule: `rule` is the slug after `trust/`. */
export type Draft = {
  rule: string;
  span: Span;
  severity: Severity;
  confidence?: Confidence;
  message: string;
  /** The text that is wrong. */
  preview: string;
  /** Address of the policy it is about: part of the finding's identity. */
  subject: string;
  facts?: Record<string, string>;
};

/** What the audit of one policy gives. */
export type Audit = { drafts: Draft[]; policies: TrustPolicy[]; unknown: UnknownTrust[] };

export function emptyAudit(): Audit {
  return { drafts: [], policies: [], unknown: [] };
}

export function addAudit(into: Audit, more: Audit): void {
  for (const draft of more.drafts) into.drafts.push(draft);
  for (const policy of more.policies) into.policies.push(policy);
  for (const one of more.unknown) into.unknown.push(one);
}

export function unknownTrust(span: Span, why: string): UnknownTrust {
  return { path: span.source.path, place: placeOf(span), why };
}

/** One level worse. */
export function raised(severity: Severity): Severity {
  return severities[Math.max(0, severityRank(severity) - 1)]!;
}

/** One level better; `info` stays. */
export function lowered(severity: Severity): Severity {
  return severities[Math.min(severities.length - 1, severityRank(severity) + 1)]!;
}

/** The examples of a reach, by class. */
export function examplesOf(reach: Reach): Partial<Record<SubjectClass, string>> {
  const examples: Partial<Record<SubjectClass, string>> = {};
  for (const [subjectClass, passed] of reach.yes) examples[subjectClass] = passed.claims.get("sub") ?? "";
  return examples;
}

/** A text of a policy as it may be quoted: holes as `(unknown)`, cut at 160 characters. */
export function quoted(text: string): string {
  const shown = text.replaceAll(hole, "(unknown)");
  return shown.length > 160 ? `${shown.slice(0, 159)}…` : shown;
}

/** What is written at a span, quotes taken off: where a text is not wholly known, its source says more. */
function writtenAt({ source, start, end }: Span): string {
  return source.text.slice(start, end).replace(/^(["'`])([\s\S]*)\1$/, "$2");
}

/**
 * Findings from drafts. The id rests on rule, path, policy and offending text, and on the ordinal where all of these are the same,
 * so that moving a policy within its file changes nothing.
 */
export function findingsOf(drafts: readonly Draft[], salt: string): Finding[] {
  const ordinals = new Map<string, number>();
  return drafts.map((draft) => {
    const place = placeOf(draft.span);
    const parts = [`trust/${draft.rule}`, place.path, draft.subject, draft.preview];
    const key = JSON.stringify(parts);
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const identity = identityOf(salt, [...parts, String(ordinal)]);
    const finding: Finding = {
      rule: `trust/${draft.rule}`,
      id: identity.id,
      place,
      severity: draft.severity,
      confidence: draft.confidence ?? "certain",
      message: draft.message,
      preview: quoted(draft.preview.includes(hole) ? writtenAt(draft.span) : draft.preview),
      excerpt: "",
      facts: { policy: quoted(draft.subject), ...draft.facts },
      gates: [`trust statement of ${quoted(draft.subject)}`, `rule ${draft.rule}`],
      fixes: [],
    };
    return withIdentity(finding, identity);
  });
}
