/** Brings together what is declared, what the stores hold and what workflows use: one subject per credential. */
import { compareText } from "../finding.ts";
import { type Asset, assetKey, targetOf } from "./asset.ts";
import { type Held, heldIn, storeOf } from "./held.ts";
import { type Inventory, itemsOf, type RepositoryInventory } from "./inventory.ts";
import type { Entry, Register } from "./register.ts";
import type { SecretUse, SecretUses } from "./use.ts";

/** One credential, as far as anybody knows of it. */
export type Subject = {
  asset: Asset;
  /** One text per credential; see `assetKey`. */
  key: string;
  /** Its name in waivers, findings and evidence. */
  target: string;
  entry: Entry | undefined;
  /** Usually one; keys and tokens can share a title. */
  held: readonly Held[];
  /** `unknown` where no inventory says, or its store could not be read. */
  presence: "present" | "absent" | "unknown";
  /** Why the presence is unknown, where a store says so. */
  unseen: "not permitted" | "not available here" | undefined;
  uses: readonly SecretUse[];
};

/** Everything an audit looks at, indexed once so that its cost grows with what there is. */
export type Subjects = {
  all: readonly Subject[];
  byKey: ReadonlyMap<string, Subject>;
  repositories: ReadonlyMap<string, RepositoryInventory>;
  /** The one repository of the inventory, in lower case: what a missing repository stands for. */
  home: string;
  /** Repositories in which some job reads all secrets, or one whose name is computed. */
  readsAll: ReadonlySet<string>;
  /** Whether every workflow of a repository was read. */
  complete(repository: string): boolean;
};

type Building = { -readonly [Key in keyof Subject]: Subject[Key] } & { held: Held[]; uses: SecretUse[] };

/** In: see `audit`. Out: the subjects in the order of their keys. */
export function subjectsOf(
  register: Register | undefined,
  inventory: Inventory | undefined,
  uses: SecretUses,
): Subjects {
  const repositories = new Map((inventory?.repositories ?? []).map((one) => [one.name.toLowerCase(), one]));
  const only = inventory?.repositories.length === 1 ? inventory.repositories[0]!.name.toLowerCase() : "";
  const byKey = new Map<string, Building>();
  const subjectFor = (asset: Asset): Building => {
    const own = atHome(asset, only);
    const key = assetKey(own);
    let subject = byKey.get(key);
    if (subject === undefined) {
      subject = {
        ...{ asset: own, key, target: targetOf(own), entry: undefined },
        ...{ held: [], presence: "unknown", unseen: undefined, uses: [] },
      };
      byKey.set(key, subject);
    }
    return subject;
  };

  const held = inventory === undefined ? [] : heldIn(inventory);
  const byToken = new Map(held.flatMap((one) => (one.tokenId === undefined ? [] : [[one.tokenId, one]])));
  for (const entry of register?.entries ?? []) {
    // A token is known by its number; its name can be changed by its owner.
    const token = entry.tokenId === undefined ? undefined : byToken.get(entry.tokenId);
    const subject = subjectFor(entry.store === "pat" && token !== undefined ? token : entry);
    subject.entry = entry;
    if (token !== undefined && entry.store !== "pat") subject.held.push(token);
  }
  for (const one of held) subjectFor(one).held.push(one);

  const use = useResolver(byKey, repositories, only, subjectFor);
  const readsAll = new Set<string>();
  for (const row of uses.rows) {
    if (row.form === "named") use(row);
    else readsAll.add((row.repository ?? only).toLowerCase());
  }
  if (inventory !== undefined)
    for (const subject of byKey.values()) Object.assign(subject, presenceOf(subject, inventory, repositories, only));

  for (const { uses: own, held: holders } of byKey.values()) {
    own.sort(compareUses);
    if (holders.length > 1) holders.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  }

  const completeIn = uses.complete === "all" ? undefined : new Set(uses.complete.map((name) => name.toLowerCase()));
  return {
    all: [...byKey.values()].sort((a, b) => compareText(a.key, b.key)),
    ...{ byKey, repositories, home: only, readsAll },
    complete: (repository) => completeIn?.has(repository.toLowerCase()) ?? true,
  };
}

/** Uses in an order of their own, so that what is said of the first does not hang on who read which file first. */
function compareUses(a: SecretUse, b: SecretUse): number {
  return (
    compareText(a.repository ?? "", b.repository ?? "") ||
    compareText(a.place.path, b.place.path) ||
    a.place.start - b.place.start ||
    compareText(a.receiver?.name ?? "", b.receiver?.name ?? "")
  );
}

/** The inventory's part for an asset's repository. */
export function repositoryOf(
  asset: Asset,
  subjects: Pick<Subjects, "repositories" | "home">,
): RepositoryInventory | undefined {
  if (asset.scope.level === "org") return undefined;
  return subjects.repositories.get(asset.scope.repository?.toLowerCase() ?? subjects.home);
}

/** Whether a repository may read an organisation's secret. Undefined where that is not known. */
export function mayRead(held: Held, repository: RepositoryInventory): boolean | undefined {
  if (held.visibility === "all") return true;
  if (held.visibility === "private") return repository.visibility !== "public";
  const name = repository.name.toLowerCase();
  return held.repositories?.some((one) => one.toLowerCase() === name);
}

/** The same asset whether or not the one repository of the inventory is named. */
function atHome(asset: Asset, home: string): Asset {
  const { store, name, scope } = asset;
  if (scope.level === "org" || scope.repository === undefined || scope.repository.toLowerCase() !== home)
    return { store, name, scope };
  return scope.level === "environment"
    ? { store, name, scope: { level: "environment", environment: scope.environment } }
    : { store, name, scope: { level: "repository" } };
}

/** Finds which secret a reference means: the environment's beats the repository's, and that the organisation's (GitHub Docs, "Secrets reference"). */
function useResolver(
  byKey: ReadonlyMap<string, Building>,
  repositories: ReadonlyMap<string, RepositoryInventory>,
  home: string,
  subjectFor: (asset: Asset) => Building,
): (use: SecretUse) => void {
  const ofEnvironments = new Map<string, Building[]>();
  for (const subject of byKey.values()) {
    const { scope, name } = subject.asset;
    if (scope.level !== "environment") continue;
    const key = `${(scope.repository ?? home).toLowerCase()} ${name}`;
    ofEnvironments.set(key, [...(ofEnvironments.get(key) ?? []), subject]);
  }
  return (use) => {
    const name = use.name.toUpperCase();
    const repository = (use.repository ?? home).toLowerCase();
    const at = use.repository === undefined ? {} : { repository: use.repository };
    const store = use.store ?? "actions";
    const find = (asset: Asset) => byKey.get(assetKey(atHome(asset, home)));
    const own = { store, name, scope: { level: "repository", ...at } } as const;
    const seen = repositories.get(repository);
    const shared = find({ store, name, scope: { level: "org" } });
    const readable =
      shared !== undefined &&
      seen !== undefined &&
      shared.held.length > 0 &&
      shared.held.every((one) => mayRead(one, seen) === false)
        ? undefined
        : shared;
    const computed = use.environment?.includes("${{") === true;
    const named =
      use.environment === undefined || computed
        ? undefined
        : find({ store, name, scope: { level: "environment", ...at, environment: use.environment } });
    const candidates = [named, find(own), readable].filter((one) => one !== undefined);
    const meant = candidates.find((one) => one.held.length > 0) ?? candidates.find((one) => one.entry !== undefined);
    const possible = computed ? (ofEnvironments.get(`${repository} ${name}`) ?? []) : [];
    for (const one of possible) one.uses.push(use);
    if (meant !== undefined) meant.uses.push(use);
    else if (possible.length === 0) subjectFor(own).uses.push(use);
  };
}

function presenceOf(
  subject: Building,
  inventory: Inventory,
  repositories: ReadonlyMap<string, RepositoryInventory>,
  home: string,
): Pick<Subject, "presence" | "unseen"> {
  const { asset } = subject;
  if (subject.held.some((one) => one.store === asset.store)) return { presence: "present", unseen: undefined };
  const repository = repositoryOf(asset, { repositories, home });
  const store = storeOf(asset, inventory, repository);
  if (store === "gone") return { presence: "absent", unseen: undefined };
  if (store === undefined) return { presence: "unknown", unseen: undefined };
  if (store.status !== "listed") return { presence: "unknown", unseen: store.status };
  // What is only used could lie in any of the stores that its jobs read.
  if (subject.entry === undefined && !othersRead(subject, repository))
    return { presence: "unknown", unseen: undefined };
  return { presence: "absent", unseen: undefined };
}

/** Whether the organisation's secrets and the environments of the jobs that use a secret were read too. */
function othersRead(subject: Building, repository: RepositoryInventory | undefined): boolean {
  if (repository === undefined || subject.asset.store !== "actions") return true;
  // Where there is no organisation there are none of its secrets.
  if (repository.organisationSecrets.status === "not permitted") return false;
  const environments = itemsOf(repository.environments);
  return subject.uses.every((use) => {
    if (use.environment === undefined) return true;
    const one = environments?.find(({ name }) => name.toLowerCase() === use.environment?.toLowerCase());
    return environments !== undefined && (one === undefined || one.secrets.status === "listed");
  });
}
