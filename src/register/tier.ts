/**
 * Blast radius: what an attacker gains with a credential, as points from facts, and the tier that follows. What takes points off
 * does so only where somebody saw it: unknown is never counted as safe.
 */
import type { EnvironmentInventory, RepositoryInventory } from "./inventory.ts";
import { itemsOf } from "./inventory.ts";
import { type Tier, tiers } from "./limits.ts";
import { sameOwner } from "./owner.ts";
import { mayRead, repositoryOf, type Subject, type Subjects } from "./subject.ts";

/** One fact with what it weighs. */
export type TierReason = { points: number; because: string };

export type TierVerdict = {
  /** The tier in force. */
  tier: Tier;
  /** The tier that the facts give. */
  computed: Tier;
  score: number;
  reasons: readonly TierReason[];
  /** Set when the owner asked for a laxer tier that nobody else approved. */
  refused?: Tier;
};

/** Fewest points of each tier. */
const thresholds = { T0: 8, T1: 5, T2: 2 } as const;

/** Events that an outsider can set off while the job may read secrets (GitHub Docs, "Events that trigger workflows"). */
const outsideTriggers = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
  "fork",
  "watch",
]);

const productionName = /(?:^|[-_. ])(?:prod|production|prd|live|release)(?:$|[-_. ])/i;

/** What kind of power a name speaks of. The first that fits counts. */
const classes: readonly { name: RegExp; points: number; because: string }[] = [
  {
    name: /SIGN(?:ING)?_|_SIGN(?:ING)?$|KEYSTORE|GPG|COSIGN|CODESIGN|NOTARI[SZ]/,
    points: 7,
    because: "its name speaks of signing",
  },
  {
    name: /VAULT|KMS|ROOT_|_ROOT$|UNSEAL|APP_PRIVATE_KEY/,
    points: 7,
    because: "its name speaks of keys to other keys",
  },
  {
    name: /NPM|PYPI|NUGET|CRATES|CARGO|RUBYGEMS|MAVEN|SONATYPE|OSSRH|PUBLISH/,
    points: 6,
    because: "its name speaks of publishing packages",
  },
  {
    name: /AWS|AZURE|ARM_|GCP|GOOGLE|GCLOUD|KUBE|TERRAFORM|TF_|DEPLOY|SSH/,
    points: 4,
    because: "its name speaks of deploying",
  },
  {
    name: /DOCKER|REGISTRY|GHCR|ECR|QUAY|GH_|GITHUB|GITLAB|_PAT$|DATABASE|DB_/,
    points: 3,
    because: "its name speaks of code, images or data",
  },
  {
    name: /TOKEN|SECRET|PASSWORD|PRIVATE|CREDENTIAL|_KEY$|_PASS$|WEBHOOK/,
    points: 2,
    because: "its name speaks of a credential",
  },
];

/** The tier of a credential with the reasons. In: the subject and everything around it. */
export function tierOf(subject: Subject, subjects: Subjects): TierVerdict {
  const reasons = reasonsOf(subject, subjects);
  const score = reasons.reduce((sum, { points }) => sum + points, 0);
  const computed = alwaysTop(subject) ? "T0" : tierOfScore(score);
  const { entry } = subject;
  const asked = entry?.tier;
  if (asked === undefined || asked === computed) return { tier: computed, computed, score, reasons };
  if (tiers.indexOf(asked) < tiers.indexOf(computed)) return { tier: asked, computed, score, reasons };
  const approver = entry?.tierApprovedBy;
  const approved = approver !== undefined && !sameOwner(approver, entry?.owner) && !sameOwner(approver, entry?.backup);
  // What every repository can read is of the top tier whoever says otherwise.
  if (approved && !alwaysTop(subject)) return { tier: asked, computed, score, reasons };
  return { tier: computed, computed, score, reasons, refused: asked };
}

/** The tier of a score. */
export function tierOfScore(score: number): Tier {
  if (score >= thresholds.T0) return "T0";
  return score >= thresholds.T1 ? "T1" : score >= thresholds.T2 ? "T2" : "T3";
}

/** Readable by every repository of an organisation, or the key of an App, which can become any of its installations. */
function alwaysTop(subject: Subject): boolean {
  return subject.asset.store === "app-key" || subject.held.some(({ visibility }) => visibility === "all");
}

function reasonsOf(subject: Subject, subjects: Subjects): TierReason[] {
  if (subject.entry?.notASecret === true) return [];
  if (subject.entry?.kind === "federated")
    return [{ points: 1, because: "it is federated: worth little without the identity behind it" }];
  return [
    ...classReason(subject),
    ...storeReasons(subject),
    ...visibilityReasons(subject, subjects),
    ...reachReasons(subject, subjects),
    ...environmentReasons(subject, subjects),
    ...useReasons(subject),
  ];
}

function classReason({ asset }: Subject): TierReason[] {
  const kind = classes.find(({ name }) => name.test(asset.name.toUpperCase()));
  return kind === undefined ? [] : [{ points: kind.points, because: kind.because }];
}

function storeReasons({ asset, held }: Subject): TierReason[] {
  if (asset.store === "agents") return [{ points: 3, because: "an automated agent reads it" }];
  if (asset.store !== "deploy-key") return [];
  const writable = held.some(({ deployKey }) => deployKey?.readOnly === false);
  return writable
    ? [{ points: 4, because: "the deploy key may write" }]
    : [{ points: 1, because: "the deploy key may read" }];
}

function visibilityReasons(subject: Subject, subjects: Subjects): TierReason[] {
  if (subject.held.some(({ visibility }) => visibility === "all"))
    return [{ points: 8, because: "every repository of the organisation may read it" }];
  const repository = repositoryOf(subject.asset, subjects);
  return repository?.visibility === "public" ? [{ points: 1, because: "its repository is public" }] : [];
}

function reachReasons(subject: Subject, subjects: Subjects): TierReason[] {
  if (subject.asset.scope.level !== "org") return [];
  const reach = repositoriesReached(subject, subjects);
  if (reach > 20) return [{ points: 4, because: `${reach} repositories may read it` }];
  return reach > 1
    ? [{ points: reach > 5 ? 3 : 2, because: `${reach} repositories may read it` }]
    : [{ points: 1, because: "it belongs to the organisation" }];
}

/** How many repositories may read an organisation's credential, as far as the inventory tells. */
export function repositoriesReached(subject: Subject, subjects: Subjects): number {
  const selected = subject.held.find(({ visibility }) => visibility === "selected");
  if (selected !== undefined) return selected.repositories?.length ?? 0;
  if (subject.held.some(({ visibility }) => visibility === "all")) return subjects.repositories.size;
  let reach = 0;
  for (const repository of subjects.repositories.values())
    if (subject.held.some((one) => mayRead(one, repository) === true)) reach++;
  return reach;
}

function environmentReasons({ asset }: Subject, subjects: Subjects): TierReason[] {
  const { scope } = asset;
  if (scope.level !== "environment")
    return asset.store === "actions" ? [{ points: 1, because: "no environment guards it" }] : [];
  const reasons: TierReason[] = productionName.test(scope.environment)
    ? [{ points: 3, because: `its environment, ${scope.environment}, sounds like production` }]
    : [];
  const protection = protectionOf(environmentOf(repositoryOf(asset, subjects), scope.environment));
  if (protection === "both")
    reasons.push({ points: -2, because: "its environment asks for reviewers and limits branches" });
  if (protection === "one")
    reasons.push({ points: -1, because: "its environment asks for reviewers or limits branches" });
  if (protection === "none")
    reasons.push({ points: 1, because: "its environment asks nobody and lets every branch in" });
  if (protection === "unknown")
    reasons.push({
      points: 0,
      because: "what guards its environment could not all be seen, and what was seen guards nothing",
    });
  return reasons;
}

/** An environment of a repository, whatever the case of its name. */
export function environmentOf(
  repository: RepositoryInventory | undefined,
  name: string,
): EnvironmentInventory | undefined {
  return itemsOf(repository?.environments)?.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/**
 * How well an environment is guarded, as far as it was seen. Undefined where nobody looked at it; `unknown` where no guard was seen and not
 * everything could be. A host without Apps as guards has none.
 */
export function protectionOf(
  environment: EnvironmentInventory | undefined,
): "both" | "one" | "none" | "unknown" | undefined {
  if (environment === undefined) return undefined;
  const { reviewers, apps, branches } = environment;
  const asks = (reviewers ?? []).length > 0 || (itemsOf(apps) ?? []).length > 0;
  const limits = branches !== undefined && branches !== "all";
  if (asks || limits) return asks && limits ? "both" : "one";
  return reviewers !== undefined && branches !== undefined && apps.status !== "not permitted" ? "none" : "unknown";
}

function useReasons({ uses }: Subject): TierReason[] {
  const reasons: TierReason[] = [];
  const outside = [
    ...new Set(uses.flatMap(({ triggers }) => triggers.filter((event) => outsideTriggers.has(event)))),
  ].sort();
  if (outside.length > 0)
    reasons.push({ points: 3, because: `a workflow that reads it is started by ${outside.join(", ")}` });
  if (uses.some(({ receiver }) => receiver?.thirdParty === true && !receiver.pinned))
    reasons.push({ points: 2, because: "code of others receives it at a version that can move" });
  else if (uses.some(({ receiver }) => receiver?.thirdParty === true))
    reasons.push({ points: 1, because: "code of others receives it" });
  const workflows = new Set(uses.map(({ repository, place }) => `${repository ?? ""} ${place.path}`)).size;
  if (workflows > 5) reasons.push({ points: 1, because: `${workflows} workflows read it` });
  return reasons;
}
