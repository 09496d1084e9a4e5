/** What the stores of an inventory hold, one form for all of them. */
import type { PlainDate } from "../plain-date.ts";
import type { Asset, Store } from "./asset.ts";
import {
  type DeployKey,
  type EnvironmentInventory,
  type Inventory,
  itemsOf,
  type OrganisationInventory,
  type RepositoryInventory,
  type Seen,
} from "./inventory.ts";

/** One thing in a store. Days are in UTC. */
export type Held = Asset & {
  createdAt?: PlainDate;
  updatedAt?: PlainDate;
  /** Of an organisation's: who may read it. */
  visibility?: "all" | "private" | "selected";
  repositories?: readonly string[];
  /** What GitHub itself says of its end; null where it says there is none. */
  expiresAt?: PlainDate | null;
  lastUsed?: PlainDate | null;
  tokenId?: number;
  /** Login that GitHub names: who made a token, who added a key. */
  person?: string;
  deployKey?: DeployKey;
};

/** Stores of secrets, by their key in a repository's or the organisation's part of an inventory. */
const secretStores = ["actions", "dependabot", "codespaces", "agents"] as const;

/** Day of a moment, in UTC: moments end in Z, so the day is what stands before the T. */
export function dayOf(moment: string): PlainDate {
  return moment.slice(0, 10);
}

/** Everything in an inventory that a register can declare. Variables are no credentials and are left out. */
export function heldIn(inventory: Inventory): Held[] {
  const held = inventory.organisation === undefined ? [] : ofOrganisation(inventory.organisation);
  for (const repository of inventory.repositories) held.push(...ofRepository(repository));
  return held;
}

function ofOrganisation(organisation: OrganisationInventory): Held[] {
  const scope = { level: "org" } as const;
  const secrets = secretStores.flatMap((store) =>
    (itemsOf(organisation[store]) ?? []).map(
      (item): Held => ({
        ...{ store, scope, name: item.name, visibility: item.visibility },
        createdAt: dayOf(item.createdAt),
        updatedAt: dayOf(item.updatedAt),
        ...(item.repositories !== undefined && { repositories: item.repositories }),
      }),
    ),
  );
  // What OIDC opens holds no credential.
  const registries = (itemsOf(organisation.registries) ?? [])
    .filter(({ auth }) => auth === "static")
    .map(
      ({ name, visibility, updatedAt }): Held => ({
        ...{ store: "registry", scope, name, visibility, updatedAt: dayOf(updatedAt) },
      }),
    );
  const tokens = (itemsOf(organisation.personalTokens) ?? []).map(
    (token): Held => ({
      ...{ store: "pat", scope, name: token.name, tokenId: token.tokenId, person: token.owner },
      createdAt: dayOf(token.grantedAt),
      expiresAt: token.expiresAt === null ? null : dayOf(token.expiresAt),
      lastUsed: token.lastUsedAt === null ? null : dayOf(token.lastUsedAt),
    }),
  );
  return [...secrets, ...registries, ...tokens];
}

function ofRepository(repository: RepositoryInventory): Held[] {
  const scope = { level: "repository", repository: repository.name } as const;
  const secrets = secretStores.flatMap((store) =>
    (itemsOf(repository[store]) ?? []).map(
      ({ name, createdAt, updatedAt }): Held => ({
        ...{ store, scope, name, createdAt: dayOf(createdAt), updatedAt: dayOf(updatedAt) },
      }),
    ),
  );
  const inEnvironments = (itemsOf(repository.environments) ?? []).flatMap((environment) =>
    ofEnvironment(repository.name, environment),
  );
  const keys = (itemsOf(repository.deployKeys) ?? []).map(
    (key): Held => ({
      ...{ store: "deploy-key", scope, name: key.title, createdAt: dayOf(key.createdAt), deployKey: key },
      lastUsed: key.lastUsed === null ? null : dayOf(key.lastUsed),
      ...(key.addedBy !== null && { person: key.addedBy }),
    }),
  );
  const hooks = (itemsOf(repository.webhooks) ?? [])
    .filter(({ hasSecret }) => hasSecret)
    .map(({ host, updatedAt }): Held => ({ store: "webhook", scope, name: host, updatedAt: dayOf(updatedAt) }));
  return [...secrets, ...inEnvironments, ...keys, ...hooks];
}

function ofEnvironment(repository: string, environment: EnvironmentInventory): Held[] {
  return (itemsOf(environment.secrets) ?? []).map(({ name, createdAt, updatedAt }) => ({
    store: "actions",
    scope: { level: "environment", repository, environment: environment.name },
    ...{ name, createdAt: dayOf(createdAt), updatedAt: dayOf(updatedAt) },
  }));
}

/** The part of an inventory in which an asset would lie, or undefined where the inventory does not reach. `gone`: its environment is. */
export function storeOf(
  asset: Asset,
  inventory: Inventory,
  repository: RepositoryInventory | undefined,
): Seen<unknown> | "gone" | undefined {
  const { store, scope } = asset;
  if (store === "pat") return inventory.organisation?.personalTokens;
  if (store === "registry") return inventory.organisation?.registries;
  // No endpoint lists the private keys of an App.
  if (store === "app-key") return undefined;
  if (scope.level === "org") return isSecretStore(store) ? inventory.organisation?.[store] : undefined;
  if (repository === undefined) return undefined;
  if (scope.level === "environment") {
    const environments = itemsOf(repository.environments);
    if (environments === undefined) return repository.environments;
    return environments.find(({ name }) => name.toLowerCase() === scope.environment.toLowerCase())?.secrets ?? "gone";
  }
  if (store === "deploy-key") return repository.deployKeys;
  if (store === "webhook") return repository.webhooks;
  return repository[store];
}

function isSecretStore(store: Store): store is (typeof secretStores)[number] {
  return (secretStores as readonly string[]).includes(store);
}
