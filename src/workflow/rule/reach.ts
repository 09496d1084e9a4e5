/** How severities are ranked: how long the credential lives, times who could come by it. */
import type { Severity } from "../../finding.ts";
import { isIdentifier, isKeyHalf } from "../keyless/credential-name.ts";
import { isLocked } from "../lockfile.ts";
import type { Uses } from "../model.ts";
import type { SecretForm, SecretUse } from "../use.ts";
import type { RuleInput } from "./rule.ts";

/** `job`: the job's own token, dead when the job ends. `stored`: a secret that lives until somebody ends it. */
export type Life = "job" | "stored";

/** Who could come by it: code of this repository; code of a third party; anyone who can open an issue or pull request. */
export type Reach = "own" | "third-party" | "outsider";

const ranks: Record<Life, Record<Reach, Severity>> = {
  job: { own: "info", "third-party": "low", outsider: "medium" },
  stored: { own: "low", "third-party": "medium", outsider: "high" },
};

export function severityOf(life: Life, reach: Reach): Severity {
  return ranks[life][reach];
}

export function lifeOf(form: SecretForm): Life {
  return form === "token" ? "job" : "stored";
}

const stored = new WeakMap<readonly SecretUse[], readonly SecretUse[]>();

/** Uses that hand a stored secret's value on; the job's own token, mere decisions and values that are only identifiers by their name left out. Worked out once for a list. */
export function storedUses(uses: readonly SecretUse[]): readonly SecretUse[] {
  let found = stored.get(uses);
  if (found === undefined) {
    found = uses.filter((use) => use.form !== "token" && use.role === "value" && !onlyIdentifies(use));
    stored.set(uses, found);
  }
  return found;
}

/** Whether a secret's name says that its value is no credential and could stand in `vars`. */
export function onlyIdentifies(use: SecretUse): boolean {
  return use.form === "named" && isIdentifier(use.name) && !isKeyHalf(use.name);
}

const byJob = new WeakMap<readonly SecretUse[], Map<string | undefined, SecretUse[]>>();

/** Uses of one job, those of the workflow's own `env` that no step reads by name included: they are in every job's environment. */
export function usesOfJob(uses: readonly SecretUse[], job: string): SecretUse[] {
  let groups = byJob.get(uses);
  if (groups === undefined) {
    groups = Map.groupBy(uses, (use) => use.job);
    byJob.set(uses, groups);
  }
  const common = (groups.get(undefined) ?? []).filter((use) => use.consumer.kind === "env");
  return [...common, ...(groups.get(job) ?? [])];
}

/** Owners whose actions GitHub itself maintains. */
const githubOwners = new Set(["actions", "github"]);

/** Whether other people's code runs here that may change without a change in this repository: an action, reusable workflow or image of another owner without a full commit id, lockfile entry or digest. */
export function isUnpinnedThirdParty(uses: Uses, input: RuleInput): boolean {
  if (uses.local || uses.refKind === "sha" || uses.refKind === "digest") return false;
  if (uses.kind === "docker") return true;
  if (uses.kind !== "action" && uses.kind !== "workflow") return false;
  const owner = uses.owner?.toLowerCase();
  if (owner === undefined || githubOwners.has(owner) || owner === input.context.owner?.toLowerCase()) return false;
  return !isLocked(input.context.lockfile, input.model.source.path, uses);
}

/** `owner/repo/path` without the version, in lower case; empty when it is no action. */
export function actionName(uses: Uses | undefined): string {
  if (uses?.owner === undefined) return "";
  return `${uses.owner}/${uses.repo}${uses.path === undefined ? "" : `/${uses.path}`}`.toLowerCase();
}

/** Names joined for a message: `A, B and C`; long lists are cut. */
export function listed(names: Iterable<string>): string {
  const all = [...new Set(names)];
  if (all.length > 5) return `${all.slice(0, 4).join(", ")} and ${all.length - 4} more`;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** How a use's secret is called in a message. */
export function secretName(use: SecretUse): string {
  return use.form === "all" || use.form === "inherit"
    ? "all secrets"
    : use.form === "dynamic"
      ? "a secret chosen at run time"
      : use.name;
}
