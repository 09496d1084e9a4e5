/** Rules on who and what can reach a credential. */
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft, isTop } from "../draft.ts";
import { repositoryOf, type Subject } from "../subject.ts";
import { environmentOf, protectionOf, repositoriesReached } from "../tier.ts";

/** One name in several places. That the value is the same only fingerprints prove, so this is likely at best. */
export function* shared(context: AuditContext): Generator<Draft> {
  const byName = new Map<string, Subject[]>();
  const byRepository = new Map<string, Subject[]>();
  for (const subject of credentials(context)) {
    const { asset, entry } = subject;
    if (asset.store !== "actions" || asset.name === "" || (subject.held.length === 0 && entry === undefined)) continue;
    if (entry?.kind === "federated") continue;
    if (asset.scope.level === "repository") push(byName, asset.name, subject);
    if (asset.scope.level === "environment")
      push(byRepository, `${(asset.scope.repository ?? "").toLowerCase()} ${asset.name}`, subject);
    const reach =
      asset.scope.level === "org" && entry?.shared === undefined ? repositoriesReached(subject, context.subjects) : 0;
    if (reach > context.limits.sharedAbove && subject.held.some(({ visibility }) => visibility !== "all"))
      yield {
        rule: "shared",
        subject,
        standing: "observed",
        severity: "low",
        message: `${assetLabel(asset)} reaches ${reach} repositories: write under shared why they need one and the same, or give each its own.`,
        facts: { repositories: String(reach) },
      };
  }
  for (const [name, subjects] of byName)
    yield* sharedGroup(name, subjects, context.limits.sharedAbove, "repositories", "likely");
  // Two environments usually hold two values under one name, which is right.
  for (const [name, subjects] of byRepository) yield* sharedGroup(name, subjects, 1, "environments", "weak");
}

function* sharedGroup(
  key: string,
  subjects: readonly Subject[],
  most: number,
  what: string,
  confidence: "likely" | "weak",
): Generator<Draft> {
  if (subjects.length <= most || subjects.some(({ entry }) => entry?.shared !== undefined)) return;
  const first = subjects[0]!;
  const place = subjects.find(({ entry }) => entry !== undefined)?.entry?.placeOf() ?? first.uses[0]?.place;
  yield {
    rule: "shared",
    key: `${what} ${key}`,
    standing: "observed",
    confidence,
    ...(place !== undefined && { place }),
    message: `${first.asset.name} lies in ${subjects.length} ${what}: if the value is the same, one leak opens them all. Compare fingerprints, or write under shared why.`,
    facts: { name: first.asset.name, places: String(subjects.length) },
  };
}

/** Readable by every repository there is and will be. */
export function* visibleToAll(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    if (!subject.held.some(({ visibility }) => visibility === "all")) continue;
    yield {
      rule: "visible-to-all",
      subject,
      standing: "observed",
      message: `${assetLabel(subject.asset)} can be read by a workflow of every repository, also of those made tomorrow: select the repositories that need it.`,
    };
  }
}

/** Dangerous, and guarded by no environment or by one that guards nothing. */
export function* isolation(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { asset, entry } = subject;
    if (asset.store !== "actions" || entry?.kind === "federated") continue;
    if (subject.held.length === 0 && entry === undefined) continue;
    const { tier } = context.tier(subject);
    if (!isTop(tier)) continue;
    const label = assetLabel(asset);
    if (asset.scope.level !== "environment") {
      yield {
        rule: "outside-environment",
        subject,
        standing: subject.held.length > 0 ? "observed" : "declared",
        message: `${label} is ${tier} and lies outside any environment: every branch's workflows can read it. Move it into an environment with reviewers.`,
      };
      continue;
    }
    const environment = environmentOf(repositoryOf(asset, context.subjects), asset.scope.environment);
    if (protectionOf(environment) === "none")
      yield {
        rule: "environment-unprotected",
        subject,
        standing: "observed",
        message: `${label} is ${tier}, and its environment asks nobody and lets every branch in: add reviewers, and limit the branches.`,
      };
  }
}

/** Code of others that receives the value without the owner's word. */
export function* thirdParty(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const accepted = new Set((subject.entry?.thirdParties ?? []).map((name) => name.toLowerCase()));
    const told = new Set<string>();
    for (const { receiver, place } of subject.uses) {
      if (receiver?.thirdParty !== true || accepted.has(receiver.name.toLowerCase())) continue;
      const key = receiver.name.toLowerCase();
      if (told.has(key)) continue;
      told.add(key);
      const loose = subject.uses.some((use) => use.receiver?.name.toLowerCase() === key && !use.receiver.pinned);
      yield {
        rule: "third-party-receives",
        subject,
        key,
        standing: "observed",
        place,
        severity: loose ? "medium" : "low",
        message: `${receiver.name} receives ${assetLabel(subject.asset)}${loose ? " at a version that can move" : ", pinned"}: list it under third-parties if its owner agrees.`,
        facts: { receiver: receiver.name, pinned: loose ? "no" : "yes" },
      };
    }
  }
}

/** Names that people give to their own tokens. */
const personalName = /(?:^|_)(?:PAT|GH_PAT|PERSONAL_(?:ACCESS_)?TOKEN|MY_TOKEN|USER_TOKEN)(?:$|_)/;

/** A person's token in a machine's hands. */
export function* humanToken(context: AuditContext): Generator<Draft> {
  for (const subject of credentials(context)) {
    const { asset, uses, entry } = subject;
    if (uses.length === 0 || asset.store !== "actions" || entry?.kind === "federated") continue;
    const bound = entry?.tokenId !== undefined;
    if (!bound && !personalName.test(asset.name)) continue;
    const person = subject.held.find((one) => one.store === "pat")?.person;
    yield {
      rule: "human-token",
      subject,
      standing: bound ? "declared" : "observed",
      confidence: bound ? "certain" : "likely",
      place: uses[0]!.place,
      message: `${assetLabel(asset)} is ${bound ? "" : "by its name "}a personal access token${person === undefined ? "" : ` of @${person}`} in a workflow: what runs with it looks like that person. Use the job's own token, or an App's.`,
    };
  }
}

function push(map: Map<string, Subject[]>, key: string, subject: Subject): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [subject]);
  else list.push(subject);
}
