/** What a credential is known by: the store it lies in, whose it is there, and its name. */

/** Stores a register can speak of. */
export const stores = [
  "actions",
  "dependabot",
  "codespaces",
  "agents",
  "registry",
  "deploy-key",
  "app-key",
  "pat",
  "webhook",
] as const;
export type Store = (typeof stores)[number];

/**
 * Stores whose names follow GitHub's rules for secrets: letters, digits and underscores, stored in upper case, looked up
 * without regard to case (GitHub Docs, "Secrets reference").
 */
const secretStores: ReadonlySet<Store> = new Set(["actions", "dependabot", "codespaces", "agents", "registry"]);

/** Whose credential it is. A missing `repository` is the repository that the register lies in. */
export type Scope =
  | { level: "org" }
  | { level: "repository"; repository?: string }
  | { level: "environment"; repository?: string; environment: string };

export type Asset = { store: Store; scope: Scope; name: string };

/** Whether a store holds secrets under GitHub's naming rules. */
export function holdsSecrets(store: Store): boolean {
  return secretStores.has(store);
}

/** A name as its store keeps it: upper case for secrets, as written elsewhere. */
export function storedName(store: Store, name: string): string {
  return holdsSecrets(store) ? name.toUpperCase() : name;
}

/**
 * The name under which waivers, findings and evidence know an asset: `actions/NAME`, `actions/production/NAME` in an
 * environment, `org:actions/NAME`, and with the repository in front where it is told, `acme/shop:actions/NAME`.
 */
export function targetOf({ store, scope, name }: Asset): string {
  const stored = storedName(store, name);
  if (scope.level === "org") return `org:${store}/${stored}`;
  const home = scope.repository === undefined ? "" : `${scope.repository}:`;
  return scope.level === "environment" ? `${home}${store}/${scope.environment}/${stored}` : `${home}${store}/${stored}`;
}

/**
 * One text per asset, whatever the case it is written in: repositories and environments have none at GitHub either.
 * In: the asset, and the repository that a missing one stands for.
 */
export function assetKey({ store, scope, name }: Asset, home?: string): string {
  const stored = storedName(store, name);
  if (scope.level === "org") return JSON.stringify(["org", store, stored]);
  const repository = (scope.repository ?? home ?? "").toLowerCase();
  const environment = scope.level === "environment" ? scope.environment.toLowerCase() : null;
  return JSON.stringify([repository, store, environment, stored]);
}

/** The asset in words: `AWS_DEPLOY_KEY (environment production)`. */
export function assetLabel({ store, scope, name }: Asset): string {
  const where = [
    ...(store === "actions" ? [] : [store]),
    ...(scope.level === "org" ? ["organisation"] : scope.repository === undefined ? [] : [scope.repository]),
    ...(scope.level === "environment" ? [`environment ${scope.environment}`] : []),
  ];
  return where.length === 0 ? storedName(store, name) : `${storedName(store, name)} (${where.join(", ")})`;
}
