/**
 * Audit of roles of HashiCorp Vault's JWT auth method.
 * Source: Vault docs, "JWT/OIDC auth method (API)": bound_subject and bound_audiences are exact, bound_claims a map whose lists are
 * alternatives, bound_claims_type string or glob (only `*` is free).
 */
import { whoIs, widestStranger } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, unknownTrust } from "./draft.ts";
import { allOf, anyOf, exactly, matchGlob, type Verdict, vaultGlob } from "./glob.ts";
import { homeOf, type TrustContext } from "./home.ts";
import { readValues } from "./iam-condition.ts";
import { issuerKind, sharedIssuer } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { type Reach, reachOf } from "./reach.ts";
import { placeOf, type Span } from "./source.ts";
import { parseSubject } from "./subject.ts";
import { subjectRules } from "./subject-rules.ts";
import { type Claims, ownerClaims } from "./token.ts";
import { entryOf, hole, itemsOf, type MapValue, type TextValue, textOf, valueAt, whyUnknown } from "./value.ts";
import { fieldDrafts } from "./vault-fields.ts";

export type VaultRole = {
  name: string;
  span: Span;
  /** The role's fields under Vault's own names. */
  fields: MapValue;
  identifiers: string[];
  /** Issuer of the backend where it is known. */
  issuer?: string | undefined;
  /** The backend that takes several issuers without `bound_issuer`. */
  openBackend?: Span | undefined;
};

export type BoundClaim = { claim: string; values: TextValue[]; span: Span };

/** Audits one role. One that nothing ties to GitHub gives nothing. Never throws. */
export function auditVault(role: VaultRole, context: TrustContext): Audit {
  const audit = emptyAudit();
  const { fields } = role;
  const type = textOf(valueAt(fields, "role_type"));
  if (type === "oidc") return audit;
  const claims = valueAt(fields, "bound_claims");
  const bounds: BoundClaim[] =
    claims?.kind === "map"
      ? claims.entries.map(({ key, keySpan, value }) => ({
          claim: key.replace(/^\//, ""),
          values: readValues(value),
          span: keySpan,
        }))
      : [];
  const subject = entryOf(fields, "bound_subject");
  const subjects = subject === undefined ? [] : readValues(subject.value).filter(({ text }) => text !== "");
  if (!isAboutGitHub(role, bounds, subjects)) return audit;
  const globType = valueAt(fields, "bound_claims_type");
  const typeText = textOf(globType);
  const glob: boolean | undefined =
    globType === undefined
      ? false
      : typeText === undefined || typeText.includes(hole)
        ? undefined
        : typeText === "glob";
  const audiences = itemsOf(valueAt(fields, "bound_audiences")).flatMap((value) => readValues(value));
  const claimsUnknown =
    claims !== undefined && claims.kind !== "map" && !(claims.kind === "plain" && claims.value === null);
  const verdict = (token: Claims): Verdict => {
    const verdicts: Verdict[] = bounds.map((bound) => boundVerdict(bound, glob, token));
    if (subjects.length > 0)
      verdicts.push(anyOf(subjects.map(({ text }) => matchGlob(text, token.get("sub") ?? "", exactly))));
    if (audiences.length > 0)
      verdicts.push(anyOf(audiences.map(({ text }) => matchGlob(text, token.get("aud") ?? "", exactly))));
    if (claimsUnknown) verdicts.push("unknown");
    return allOf(verdicts);
  };
  const mentions: Mention[] = [
    ...bounds.flatMap(({ claim, values }) =>
      values.map(({ text }): Mention => ({ claim, pattern: text, how: glob === false ? "exact" : "vault-glob" })),
    ),
    ...subjects.map(({ text }): Mention => ({ claim: "sub", pattern: text, how: "exact" })),
    ...audiences.map(({ text }): Mention => ({ claim: "aud", pattern: text, how: "exact" })),
  ];
  const issuer = role.issuer ?? sharedIssuer;
  const home = homeOf(mentions, context);
  const ask = (some: (token: Claims) => Verdict, about: Mention[] = mentions): Reach =>
    reachOf({
      verdict: some,
      mentions: about,
      home: homeOf(about, context),
      issuer,
      audience: `https://github.com/${home.named.owner}`,
    });
  const reach = ask(verdict);
  const drafts = [
    ...bindingDrafts(role, bounds, subjects, reach, home, claimsUnknown),
    ...fieldDrafts(role, bounds, glob),
  ];
  const open = drafts.some((draft) => draft.rule === "va-1" || draft.rule === "va-5");
  if (!open) {
    for (const bound of bounds) {
      for (const value of bound.values) {
        const alone = (token: Claims): Verdict =>
          allOf([verdict(token), boundVerdict({ ...bound, values: [value] }, glob, token)]);
        const about = mentions.filter((mention) => mention.claim !== bound.claim || mention.pattern === value.text);
        drafts.push(...valueDrafts(role, bound, value, glob === true, ask(alone, about), homeOf(about, context)));
      }
    }
    for (const value of subjects)
      drafts.push(
        ...valueDrafts(role, { claim: "sub", values: subjects, span: value.span }, value, false, reach, home),
      );
  }
  const own = issuerKind(issuer)?.kind === "own";
  for (const draft of drafts)
    audit.drafts.push(own && draft.severity === "critical" ? { ...draft, severity: lowered(draft.severity) } : draft);
  audit.policies.push({
    system: "vault",
    name: role.name,
    place: placeOf(role.span),
    issuer,
    audiences: audiences.map(({ text }) => text).filter((text) => !text.includes(hole)),
    identifiers: role.identifiers,
    verdict,
    home: home.named,
    takenBy: examplesOf(reach),
    unknown: [...reach.unknown],
  });
  if (reach.unknown.size > 0) {
    const why = whyUnknown(claims) ??
      whyUnknown(subject?.value) ??
      whyUnknown(valueAt(fields, "bound_audiences")) ?? {
        why: "the type of the bound claims is not known",
        span: role.span,
      };
    audit.unknown.push(unknownTrust(why.span, why.why));
  }
  return audit;
}

function boundVerdict(bound: BoundClaim, glob: boolean | undefined, claims: Claims): Verdict {
  const actual = claims.get(bound.claim);
  if (bound.claim.includes(hole)) return "unknown";
  if (actual === undefined) return "no";
  if (glob === undefined && bound.values.some(({ text }) => text.includes("*"))) return "unknown";
  return anyOf(bound.values.map(({ text }) => matchGlob(text, actual, glob === true ? vaultGlob : exactly)));
}

const telling: ReadonlySet<string> = new Set([
  ...ownerClaims,
  "workflow",
  "workflow_ref",
  "job_workflow_ref",
  "runner_environment",
  "ref_protected",
]);

/** A Vault role can be anybody's: the backend's issuer, a claim that only GitHub has, or a subject of GitHub's form says that it is GitHub's. */
function isAboutGitHub(role: VaultRole, bounds: readonly BoundClaim[], subjects: readonly TextValue[]): boolean {
  if (role.issuer !== undefined) return issuerKind(role.issuer) !== undefined;
  if (bounds.some(({ claim }) => telling.has(claim))) return true;
  const named = [...subjects, ...bounds.filter(({ claim }) => claim === "sub").flatMap(({ values }) => values)];
  return named.some(({ text }) => text.startsWith("repo:") || parseSubject(text).kind === "pairs");
}

/** VA-1 and VA-5. */
function bindingDrafts(
  role: VaultRole,
  bounds: readonly BoundClaim[],
  subjects: readonly TextValue[],
  reach: Reach,
  home: ReturnType<typeof homeOf>,
  claimsUnknown: boolean,
): Draft[] {
  const by = widestStranger(reach.yes);
  if (
    by === undefined ||
    subjects.length > 0 ||
    claimsUnknown ||
    bounds.some(({ claim }) => claim === "sub" || ownerClaims.has(claim))
  )
    return [];
  const example = reach.yes.get(by)?.claims.get("sub") ?? "";
  const base = {
    span: bounds[0]?.span ?? role.span,
    subject: role.name,
    preview: bounds.map(({ claim }) => claim).join(", "),
    facts: { example, "taken-by": by },
    severity: "critical" as const,
  };
  if (bounds.length === 0)
    return [
      {
        ...base,
        rule: "va-1",
        message: `Neither bound_subject nor a bound claim names the owner: ${whoIs(by, home)} gets in (example subject ${example}).`,
      },
    ];
  return [
    {
      ...base,
      rule: "va-5",
      ...(by === "stranger-caller" ? { confidence: "likely" as const } : {}),
      message: `Only ${base.preview} is bound, which ${whoIs(by, home)} can have too (example subject ${example}).`,
    },
  ];
}

/** VA-3 and VA-9, and the same rows for a subject that any template gives. */
function valueDrafts(
  role: VaultRole,
  bound: BoundClaim,
  value: TextValue,
  glob: boolean,
  reach: Reach,
  home: ReturnType<typeof homeOf>,
): Draft[] {
  const base = { span: value.span, subject: role.name, preview: value.text };
  const drafts: Draft[] = [];
  if (bound.claim !== "sub" && !(bound.claim.startsWith("repository") && !bound.claim.endsWith("_id"))) return drafts;
  const wild = glob && value.text.includes("*");
  for (const rule of subjectRules(reach, { wild, writes: "unknown" })) {
    if (rule.kind === "pull" && bound.claim !== "sub") continue;
    if (rule.by === "org-other-repository" && !wild && bound.claim !== "repository_owner") continue;
    const example = reach.yes.get(rule.by)?.claims.get("sub") ?? "";
    drafts.push({
      ...base,
      rule: rule.kind === "template" ? "va-1" : "va-3",
      severity: rule.severity,
      ...(rule.sure ? {} : { confidence: "likely" as const }),
      message: `The role can be taken by ${whoIs(rule.by, home)} (example subject ${example})${rule.note ?? ""}.`,
      facts: { example, "taken-by": rule.by },
    });
  }
  const successor = (["re-registered-owner", "re-registered-legacy"] as const).find((one) => reach.yes.has(one));
  if (drafts.length === 0 && bound.claim === "repository" && successor !== undefined) {
    drafts.push({
      ...base,
      rule: "va-9",
      severity: "low",
      facts: { "taken-by": successor, example: reach.yes.get(successor)?.claims.get("sub") ?? "" },
      message: `The repository is bound by name only: ${whoIs(successor, home)} gets in. Add repository_id.`,
    });
  }
  return drafts;
}
