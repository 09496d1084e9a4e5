/** Rules on what an entry must say beside its owner and its dates. */
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft, isTop } from "../draft.ts";

/** Shorter than this, a purpose tells nothing that the name does not. */
const shortestPurpose = 20;

export function* purpose(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const label = assetLabel(subject.asset);
    const text = entry.purpose?.trim() ?? "";
    const place = entry.placeOf("purpose");
    if (text === "") {
      if (!context.limits.require.includes("purpose")) continue;
      yield {
        rule: "purpose-missing",
        subject,
        standing: "declared",
        place,
        message: `${label} has no purpose: nobody can tell whether it is still needed.`,
      };
    } else if (text.length < shortestPurpose || squeezed(text) === squeezed(entry.name)) {
      yield {
        rule: "purpose-empty",
        subject,
        standing: "declared",
        place,
        message: `The purpose of ${label} says nothing: write what would stop without it, in ${shortestPurpose} characters or more.`,
      };
    }
  }
}

/** Rotation, revocation and plan where the policy or the tier asks for them. */
export function* required(context: AuditContext): Generator<Draft> {
  const { require } = context.limits;
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const label = assetLabel(subject.asset);
    const { tier } = context.tier(subject);
    if (entry.rotate === undefined && entry.kind !== "federated" && require.includes("rotate"))
      yield {
        rule: "rotation-missing",
        subject,
        standing: "declared",
        message: `${label} has no rotation rule: write rotate: { every: ${context.limits.tiers[tier].maxAge}d }.`,
      };
    if (entry.revoke === undefined && (require.includes("revoke") || (isTop(tier) && entry.kind !== "federated")))
      yield {
        rule: "revocation-missing",
        subject,
        standing: "declared",
        severity: isTop(tier) ? "medium" : "low",
        message: `${label} is ${tier} and nobody wrote down how to end it: write revoke: { how: …, contact: … }.`,
      };
    if (entry.plan === undefined && require.includes("plan"))
      yield {
        rule: "plan-missing",
        subject,
        standing: "declared",
        message: `${label} has no plan: keyless, rotate, remove or keep.`,
      };
  }
}

/** A laxer tier needs the word of somebody else. */
export function* tierLowered(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { entry } = subject;
    if (entry === undefined) continue;
    const verdict = context.tier(subject);
    if (verdict.refused === undefined) continue;
    const because = verdict.reasons.map((reason) => reason.because).join("; ");
    yield {
      rule: "tier-lowered",
      subject,
      standing: "observed",
      place: entry.placeOf("tier"),
      message: `${assetLabel(subject.asset)} asks for ${verdict.refused}, and the facts give ${verdict.computed} (${because}): the tier stays ${verdict.tier} until somebody other than its owners approves it under tier-approved-by.`,
      facts: { computed: verdict.computed, asked: verdict.refused, score: String(verdict.score) },
    };
  }
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
