/** The table of secret uses of the workflow model, in the form that the register asks for. */
import type { Finding } from "../finding.ts";
import type { SecretUse as RegisterUse } from "../register/use.ts";
import type { WorkflowScan } from "../workflow/scan-workflow.ts";
import { placeOfSpan } from "../workflow/source.ts";
import type { Consumer, SecretUse } from "../workflow/use.ts";

/** Owners whose actions GitHub itself maintains: no third party to a repository on GitHub. */
const githubOwners = new Set(["actions", "github"]);

/**
 * Uses of stored secrets in one file.
 * In: what `scanWorkflow` gave, the repository (`owner/name`) where several are judged together, its owner (whose own actions are
 * no third party), and the keyless findings of the file, which tell the provider. Out: a row per use; the job's own token is left
 * out. A mere decision (`if: secrets.X != ''`) is a use too: the secret must be there for it.
 */
export function registerUses(
  scan: WorkflowScan,
  about: { repository?: string; owner?: string; keyless?: readonly Finding[] } = {},
): RegisterUse[] {
  const { model } = scan;
  if (model === undefined) return [];
  const providers = new Map<number, string>();
  for (const { rule, place, facts } of about.keyless ?? [])
    if (rule.startsWith("keyless/") && facts.catalogue !== undefined) providers.set(place.start, facts.catalogue);
  const seen = new Set<string>();
  return scan.uses.flatMap((use) => {
    if (use.form === "token") return [];
    const receiver = receiverOf(use.consumer, about.owner?.toLowerCase());
    // One reference that several steps read is several rows of the model; here only what differs counts.
    const key = `${use.place.start} ${use.job ?? ""} ${receiver?.name ?? ""}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const place = placeOfSpan(model.source, use.place);
    const keyless = providers.get(place.start);
    return [
      {
        ...(about.repository !== undefined && { repository: about.repository }),
        ...{ place, form: formOf(use), name: use.form === "named" ? use.name : "*", triggers: use.triggers },
        ...(model.kind === "dependabot" && { store: "dependabot" as const }),
        ...(use.job !== undefined && { job: use.job }),
        ...(use.environment !== undefined && { environment: use.environment }),
        ...(receiver !== undefined && { receiver }),
        ...(keyless !== undefined && { keyless }),
      },
    ];
  });
}

function formOf({ form }: SecretUse): RegisterUse["form"] {
  return form === "named" || form === "dynamic" ? form : "all";
}

function receiverOf(consumer: Consumer, owner: string | undefined): RegisterUse["receiver"] {
  if (consumer.kind !== "action" && consumer.kind !== "workflow") return undefined;
  const { uses } = consumer;
  if (uses.local || uses.owner === undefined || uses.repo === undefined) return undefined;
  const name = [uses.owner, uses.repo, ...(uses.path === undefined || uses.path === "" ? [] : [uses.path])].join("/");
  const by = uses.owner.toLowerCase();
  return {
    name,
    thirdParty: !githubOwners.has(by) && by !== owner,
    pinned: uses.refKind === "sha" || uses.refKind === "digest",
  };
}
