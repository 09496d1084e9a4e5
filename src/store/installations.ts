/** Installations and their repositories, as the last job saw them. */
import type { Store } from "./open.ts";
import type { Permissions, RepositoryTable, Visibility } from "./schema.ts";

export type Installation = {
  id: number;
  accountId: number;
  accountType: "Organization" | "User";
  suspended: boolean;
  permissions: Permissions;
  updatedAt: Date;
};

export type Repository = {
  id: number;
  installationId: number;
  owner: string;
  name: string;
  defaultBranch: string | undefined;
  visibility: Visibility;
  archived: boolean;
  fork: boolean;
  updatedAt: Date;
};

/** Write what was read. Something that was read earlier does not overwrite something that was read later. */
export async function saveInstallation(store: Store, installation: Installation): Promise<void> {
  const { id, accountId, accountType, suspended, permissions, updatedAt } = installation;
  const row = {
    account_id: accountId,
    account_type: accountType,
    suspended,
    permissions: JSON.stringify(permissions),
    updated_at: updatedAt,
  };
  await store.db
    .insertInto("installations")
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row).where("installations.updated_at", "<=", updatedAt))
    .execute();
}

/** Out: undefined where it is not known. */
export async function findInstallation(store: Store, id: number): Promise<Installation | undefined> {
  return (await listInstallations(store)).find((installation) => installation.id === id);
}

/** All of them, by id. */
export async function listInstallations(store: Store): Promise<Installation[]> {
  const rows = await store.db.selectFrom("installations").selectAll().orderBy("id").execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    accountType: row.account_type,
    suspended: row.suspended,
    permissions: row.permissions,
    updatedAt: row.updated_at,
  }));
}

/** As `saveInstallation`, for a repository; it may have come from another installation (a transfer). */
export async function saveRepository(store: Store, repository: Repository): Promise<void> {
  const { id, installationId, owner, name, defaultBranch, visibility, archived, fork, updatedAt } = repository;
  const row = {
    installation_id: installationId,
    owner,
    name,
    default_branch: defaultBranch ?? null,
    visibility,
    archived,
    fork,
    updated_at: updatedAt,
  };
  await store.db
    .insertInto("repositories")
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row).where("repositories.updated_at", "<=", updatedAt))
    .execute();
}

/** Out: undefined where it is not known. */
export async function findRepository(store: Store, id: number): Promise<Repository | undefined> {
  const row = await store.db.selectFrom("repositories").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : repositoryOf(row);
}

/** Of one installation, by id. */
export async function listRepositories(store: Store, installationId: number): Promise<Repository[]> {
  const rows = await store.db
    .selectFrom("repositories")
    .selectAll()
    .where("installation_id", "=", installationId)
    .orderBy("id")
    .execute();
  return rows.map(repositoryOf);
}

function repositoryOf(row: RepositoryTable): Repository {
  return {
    id: row.id,
    installationId: row.installation_id,
    owner: row.owner,
    name: row.name,
    defaultBranch: row.default_branch ?? undefined,
    visibility: row.visibility,
    archived: row.archived,
    fork: row.fork,
    updatedAt: row.updated_at,
  };
}
