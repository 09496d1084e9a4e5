/** Audit of Google Cloud workload identity providers and of the bindings that use their pool. */
import { strangerClasses } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, unknownTrust } from "./draft.ts";
import { bindingDrafts, type Linked, samePool } from "./gcp-binding.ts";
import { conditionDrafts, withoutCondition } from "./gcp-condition.ts";
import { auditMapping } from "./gcp-mapping.ts";
import {
  type GcpBinding,
  type GcpProvider,
  matcherOf,
  memberMentions,
  memberVerdict,
  providerVerdict,
  readMember,
} from "./gcp-match.ts";
import { allOf } from "./glob.ts";
import { homeOf, type TrustContext } from "./home.ts";
import { issuerKind, sharedIssuer } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { type Question, type Reach, reachOf } from "./reach.ts";
import { placeOf } from "./source.ts";
import type { Claims } from "./token.ts";
import { hole, textOf, type Value } from "./value.ts";

/** Everything about Google Cloud in one module or file. `powerful`: accounts with a role that owns the project, and that role. */
export type GcpSetup = { providers: GcpProvider[]; bindings: GcpBinding[]; powerful: ReadonlyMap<string, string> };

/** Google's default audience is the provider's own URL; what stands for it in questions. */
const providerAudience = "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p";

/** Audits the providers for GitHub and the bindings of their pools. Never throws. */
export function auditGcp(setup: GcpSetup, context: TrustContext): Audit {
  const audit = emptyAudit();
  const github = setup.providers.filter((provider) => isGitHubProvider(provider));
  for (const provider of github) {
    const linked: Linked[] = [];
    for (const binding of setup.bindings) {
      const member = readMember(binding.member.text);
      if (member !== undefined && samePool(member.pool, provider.pool, github.length === 1))
        linked.push({ binding, member });
    }
    auditProvider(provider, linked, setup, context, audit);
  }
  return audit;
}

function isGitHubProvider(provider: GcpProvider): boolean {
  const issuer = provider.issuer?.text ?? "";
  if (issuerKind(issuer) !== undefined) return true;
  // An issuer that is not known, with expressions that only GitHub's claims make sense of.
  return (
    (issuer === "" || issuer.includes(hole)) &&
    /assertion\.repository/.test(`${textOf(provider.condition) ?? ""} ${mappingText(provider.mapping)}`)
  );
}

function mappingText(mapping: Value | undefined): string {
  return mapping?.kind === "map" ? mapping.entries.map(({ value }) => textOf(value) ?? "").join(" ") : "";
}

function auditProvider(
  provider: GcpProvider,
  linked: Linked[],
  setup: GcpSetup,
  context: TrustContext,
  audit: Audit,
): void {
  const matcher = matcherOf(provider);
  const known = provider.issuer?.text ?? "";
  const issuer = known === "" || known.includes(hole) ? sharedIssuer : known;
  const ask = (
    mentions: Mention[],
    verdict: (claims: Claims) => ReturnType<typeof providerVerdict>,
  ): { question: Question; reach: Reach } => {
    const question: Question = {
      verdict,
      mentions,
      home: homeOf(
        mentions.filter((one) => !(one as { negated?: boolean }).negated),
        context,
      ),
      issuer,
      audience: audienceOf(provider),
    };
    return { question, reach: reachOf(question) };
  };
  const drafts: Draft[] = [];
  const bindingMentions = linked.flatMap(({ member }) => memberMentions(member, matcher));
  const alone = ask([...matcher.mentions, ...bindingMentions], (claims) => providerVerdict(matcher, claims));
  const bound = linked.map((one) => ({
    ...one,
    ...ask([...matcher.mentions, ...memberMentions(one.member, matcher)], (claims) =>
      allOf([providerVerdict(matcher, claims), memberVerdict(one.member, matcher, claims)]),
    ),
  }));
  const held =
    bound.length > 0 &&
    bound.every(({ reach }) => ![...reach.yes.keys(), ...reach.unknown].some((one) => strangerClasses.has(one)));
  const condition = provider.condition;
  if (matcher.broken === undefined) {
    if (matcher.condition === undefined || condition === undefined) drafts.push(...withoutCondition(provider, bound));
    else
      drafts.push(
        ...conditionDrafts(
          provider,
          matcher,
          matcher.condition,
          alone,
          held,
          (cel) => ask(matcher.mentions, (claims) => providerVerdict(matcher, claims, cel)).reach,
          context,
        ),
      );
  }
  drafts.push(
    ...auditMapping(provider, matcher, linked, alone.question.home),
    ...bindingDrafts(provider, matcher, bound, setup),
  );
  const own = issuerKind(issuer)?.kind === "own";
  for (const draft of drafts)
    audit.drafts.push(own && draft.severity === "critical" ? { ...draft, severity: lowered(draft.severity) } : draft);

  const asked =
    bound.length === 0
      ? [{ name: provider.name, span: provider.span, ...alone }]
      : bound.map(({ binding, question, reach }) => ({
          name: `${provider.name} → ${binding.name}`,
          span: binding.member.span,
          question,
          reach,
        }));
  for (const { name, span, question, reach } of asked) {
    audit.policies.push({
      system: "gcp",
      name,
      place: placeOf(span),
      issuer,
      audiences: [],
      identifiers: provider.identifiers,
      verdict: question.verdict,
      home: question.home.named,
      takenBy: examplesOf(reach),
      unknown: [...reach.unknown],
    });
    if (reach.unknown.size === 0 && matcher.broken === undefined) continue;
    const at = matcher.broken !== undefined && condition !== undefined ? condition.span : span;
    const why =
      matcher.broken ??
      (condition?.kind === "text" ? condition.why : undefined) ??
      "the condition or the member is not wholly known";
    if (!audit.unknown.some((one) => one.place.start === placeOf(at).start && one.path === at.source.path))
      audit.unknown.push(unknownTrust(at, why));
  }
}

function audienceOf(provider: GcpProvider): string {
  const first = provider.audiences?.kind === "list" ? textOf(provider.audiences.items[0]) : undefined;
  return first ?? providerAudience;
}
