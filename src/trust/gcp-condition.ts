import { alternativesOf, isPartial } from "./cel-mention.ts";
import type { Cel } from "./cel-parse.ts";
import { type SubjectClass, whoIs, widestStranger } from "./classes.ts";
import { type Draft, lowered } from "./draft.ts";
import type { Bound } from "./gcp-binding.ts";
import type { GcpMatcher, GcpProvider } from "./gcp-match.ts";
import { sameName, type TrustContext } from "./home.ts";
import type { Question, Reach } from "./reach.ts";
import { spanInside } from "./value.ts";

/** GCP-1 and GCP-2. */
export function withoutCondition(provider: GcpProvider, bound: Bound[]): Draft[] {
  const drafts: Draft[] = [];
  for (const { binding, reach } of bound) {
    const by = widestStranger(reach.yes);
    if (by === undefined) continue;
    const example = reach.yes.get(by)?.claims.get("sub") ?? "";
    drafts.push({
      rule: "gcp-1",
      span: binding.member.span,
      severity: "critical",
      subject: provider.name,
      preview: binding.member.text,
      message: `The provider has no attribute condition and this member lets in ${exampleText(by)} (example subject ${example}).`,
      facts: { example, "taken-by": by },
    });
  }
  if (drafts.length > 0) return drafts;
  return [
    {
      rule: "gcp-2",
      span: provider.span,
      severity: "high",
      subject: provider.name,
      preview: "",
      message:
        "The provider has no attribute condition: every repository on GitHub gets into the pool, and one careless binding lets it in.",
    },
  ];
}

function exampleText(by: SubjectClass): string {
  return by === "stranger-caller"
    ? "any repository that calls the workflow, if that is public"
    : "any repository on GitHub";
}

/** GCP-3, 4, 5, 6 and 13. */
export function conditionDrafts(
  provider: GcpProvider,
  matcher: GcpMatcher,
  cel: Cel,
  alone: { question: Question; reach: Reach },
  held: boolean,
  reachOfPart: (cel: Cel) => Reach,
  context: TrustContext,
): Draft[] {
  const value = provider.condition;
  if (value?.kind !== "text") return [];
  const { home } = alone.question;
  const base = { span: value.span, subject: provider.name, preview: value.text };
  const by = widestStranger(alone.reach.yes);
  const drafts: Draft[] = [];
  if (by !== undefined) {
    const example = alone.reach.yes.get(by)?.claims.get("sub") ?? "";
    const facts = {
      example,
      "taken-by": by,
      ...(held ? { "narrowed-by": "every binding of the pool in this tree" } : {}),
    };
    const severity = held ? lowered("critical") : "critical";
    const parts = alternativesOf(cel);
    const weak = parts.filter((part) => widestStranger(reachOfPart(part.cel).yes) !== undefined);
    if (parts.length > 1 && weak.length > 0 && weak.length < parts.length) {
      for (const part of weak) {
        drafts.push({
          ...base,
          rule: "gcp-5",
          span: spanInside(value, part.start, part.end),
          preview: value.text.slice(part.start, part.end),
          severity,
          facts,
          message: `One side of || is enough, and this one lets in ${whoIs(by, home)} (example subject ${example}).`,
        });
      }
    } else if (
      matcher.mentions.some((mention) => isPartial(mention) && ownerish.has(mention.claim) && !mention.negated)
    ) {
      drafts.push({
        ...base,
        rule: "gcp-4",
        severity,
        facts,
        message: `A partial match lets in ${whoIs(by, home)} (example subject ${example}).`,
      });
    } else {
      drafts.push({
        ...base,
        rule: "gcp-3",
        severity,
        facts,
        message: `The condition does not bind the owner: it lets in ${whoIs(by, home)} (example subject ${example}).`,
      });
    }
    return drafts;
  }
  const successor = (["re-registered-owner", "re-registered-legacy"] as const).find((one) => alone.reach.yes.has(one));
  const names = matcher.mentions.filter(
    (mention) => !mention.negated && (mention.claim === "repository" || mention.claim === "repository_owner"),
  );
  if (successor !== undefined && names.length > 0) {
    drafts.push({
      ...base,
      rule: "gcp-6",
      severity: names.some((mention) => mention.claim === "repository") ? "low" : "medium",
      facts: { "taken-by": successor, example: alone.reach.yes.get(successor)?.claims.get("sub") ?? "" },
      message: `Only names are compared: ${whoIs(successor, home)} gets in. Compare repository_owner_id and repository_id.`,
    });
  }
  const legacy = matcher.mentions.find(
    (mention) => mention.claim === "sub" && !mention.negated && /^repo:[^/:@]+\/[^/:@*]+:/.test(mention.pattern),
  );
  if (legacy !== undefined) {
    const scanned =
      context.repository !== undefined && sameName(context.repository, `${home.named.owner}/${home.named.repo}`);
    const refused = context.immutable === true && scanned;
    drafts.push({
      ...base,
      rule: "gcp-13",
      preview: legacy.pattern,
      severity: refused ? "high" : "info",
      facts: { subject: legacy.pattern },
      message: refused
        ? `The condition compares a name-only subject, but the repository emits immutable ones: its jobs are refused.`
        : `The condition compares a name-only subject: it stops working once the repository emits immutable ones.`,
    });
  }
  return drafts;
}

const ownerish: ReadonlySet<string> = new Set([
  "sub",
  "repository",
  "repository_owner",
  "job_workflow_ref",
  "workflow_ref",
]);
