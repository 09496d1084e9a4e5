/** Rules on deploy keys, which have no end and of which GitHub tells the last use and who added them. */
import { daysBetween } from "../../plain-date.ts";
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft } from "../draft.ts";

export function* deployKeys(context: AuditContext): Generator<Draft> {
  const { limits, today, owners } = context;
  for (const subject of credentials(context)) {
    if (subject.asset.store !== "deploy-key") continue;
    const label = assetLabel(subject.asset);
    for (const { deployKey, createdAt, lastUsed, person } of subject.held) {
      if (deployKey === undefined) continue;
      const common = { subject, key: String(deployKey.id), standing: "observed" } as const;
      const since = lastUsed ?? createdAt;
      if (since !== undefined && daysBetween(since, today) > limits.unusedAfter)
        yield {
          ...common,
          rule: "deploy-key-stale",
          message:
            lastUsed == null
              ? `${label} was added on ${createdAt} and GitHub has no record of a use: delete it.`
              : `${label} was last used on ${lastUsed}: delete it if nothing needs it.`,
          facts: { since },
        };
      if (!deployKey.readOnly)
        yield {
          ...common,
          rule: "deploy-key-writable",
          message: `${label} may push to the repository, past every review: make it read-only, or use the job's own token.`,
        };
      const state = person === undefined ? undefined : owners(`@${person}`);
      if (state === "left" || state === "unknown")
        yield {
          ...common,
          rule: "deploy-key-adder-left",
          severity: state === "left" ? "high" : "medium",
          message: `${label} was added by @${person}, who ${state === "left" ? "has no access any more" : "is no member of the organisation"} and may still hold its private half: replace it.`,
        };
    }
  }
}
