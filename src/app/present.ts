/** Reads what is now: an installation and its repositories, from the store where it is known there and from GitHub where not. */
import { getInstallation, getRepository, type InstalledRepository } from "../github/installation.ts";
import {
  findInstallation,
  findRepository,
  type Installation,
  type Repository,
  saveInstallation,
  saveRepository,
} from "../store/installations.ts";
import type { AppAccess } from "./access.ts";
import type { RepositoryFacts } from "./job.ts";

/** Out: undefined where GitHub knows no such installation. */
export async function presentInstallation(access: AppAccess, id: number): Promise<Installation | undefined> {
  return (await findInstallation(access.store, id)) ?? (await readInstallation(access, id));
}

/** The same, asked of GitHub whatever the store knows. */
export async function readInstallation(
  { github, store, now }: AppAccess,
  id: number,
): Promise<Installation | undefined> {
  const updatedAt = now();
  const found = await getInstallation(github.app, id);
  if (found.status !== "found") return undefined;
  const { account, permissions, suspended_at } = found.value;
  const installation: Installation = {
    ...{ id, accountId: account.id, accountType: account.type === "Organization" ? "Organization" : "User" },
    ...{ suspended: suspended_at != null, permissions, updatedAt },
  };
  await saveInstallation(store, installation);
  return installation;
}

/**
 * A repository that a payload names.
 * In: its installation; what the payload said, which may be out of date. Out: as it is now; undefined where the installation does not reach it.
 */
export async function presentRepository(
  access: AppAccess,
  installation: Installation,
  facts: RepositoryFacts,
): Promise<Repository | undefined> {
  const known = await findRepository(access.store, facts.id);
  const same =
    known !== undefined &&
    known.installationId === installation.id &&
    known.owner === facts.owner &&
    known.name === facts.name &&
    known.archived === facts.archived &&
    (facts.defaultBranch === undefined || known.defaultBranch === facts.defaultBranch) &&
    (known.visibility !== "public") === facts.private;
  if (same) return known;
  const found = await readRepository(access, installation, facts);
  if (found !== undefined || known === undefined || known.name === facts.name) return found;
  return await readRepository(access, installation, known);
}

/** The same, asked of GitHub whatever the store knows. In: its id, and a name under which it was known. */
export async function readRepository(
  access: AppAccess,
  installation: Installation,
  { id, owner, name }: Pick<RepositoryFacts, "id" | "owner" | "name">,
): Promise<Repository | undefined> {
  const updatedAt = access.now();
  const { port } = await access.github.reading(installation.id, installation.permissions);
  const found = await getRepository(port, { owner, name });
  // A name that was given on to another repository says nothing of this one.
  if (found.status !== "found" || found.value.id !== id) return undefined;
  const repository = repositoryOf(found.value, installation.id, updatedAt);
  await saveRepository(access.store, repository);
  return repository;
}

export function repositoryOf(answer: InstalledRepository, installationId: number, updatedAt: Date): Repository {
  return {
    ...{ id: answer.id, installationId, owner: answer.owner.login, name: answer.name, updatedAt },
    ...{ defaultBranch: answer.default_branch ?? undefined, archived: answer.archived, fork: answer.fork },
    visibility: answer.visibility ?? (answer.private ? "private" : "public"),
  };
}
