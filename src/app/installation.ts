/** Installations that come, change and go, and the repositories that they reach. */
import { listInstalledRepositories } from "../github/installation.ts";
import { listOpenPullRequests } from "../github/pull-request.ts";
import { enqueue } from "../store/enqueue.ts";
import { listRepositories, type Repository, saveRepository } from "../store/installations.ts";
import { savePullRequest } from "../store/pull-requests.ts";
import { purgeInstallation, purgeRepository } from "../store/purge.ts";
import type { AppAccess } from "./access.ts";
import type { Place } from "./content.ts";
import type { JobHandler, RepositoryFacts } from "./job.ts";
import { presentInstallation, readInstallation, readRepository, repositoryOf } from "./present.ts";
import { pullRequestOf } from "./recheck.ts";

export function installationHandler(access: AppAccess): JobHandler<"installation"> {
  return async (_, { installationId }) => {
    if (installationId !== undefined) await reconcileInstallation(access, installationId);
    return undefined;
  };
}

export function installationRepositoriesHandler(access: AppAccess): JobHandler<"installation-repositories"> {
  return async (_, { installationId }) => {
    if (installationId !== undefined) await reconcileInstallation(access, installationId);
    return undefined;
  };
}

/** Let the store know what an installation is and reaches now, and nothing beyond it. */
export async function reconcileInstallation(access: AppAccess, id: number): Promise<void> {
  const { store, github, cache, now } = access;
  github.forget(id);
  const updatedAt = now();
  const installation = await readInstallation(access, id);
  if (installation === undefined) {
    const { repositories } = await purgeInstallation(store, id);
    await forgetObjects(access, repositories);
    await cache.remove(`organisation${id}`);
    return;
  }
  if (installation.suspended) return;
  const { port } = await github.reading(id, installation.permissions);
  const seen = await listInstalledRepositories(port);
  if (seen.status !== "listed") return;
  const known = new Map((await listRepositories(store, id)).map((one) => [one.id, one]));
  const added: Repository[] = [];
  for (const answer of seen.items) {
    const repository = repositoryOf(answer, id, updatedAt);
    if (!known.delete(repository.id)) added.push(repository);
    await saveRepository(store, repository);
  }
  for (const gone of known.values()) {
    await purgeRepository(store, gone.id);
    await forgetObjects(access, [gone.id]);
  }
  await enqueue(
    store,
    added.map((repository) => ({
      ...{ job: "repository", data: { repository: factsOf(repository), action: "installed" } },
      ...{ installationId: id, repositoryId: repository.id, upkeep: true },
    })),
  );
}

export function repositoryHandler(access: AppAccess): JobHandler<"repository"> {
  return async ({ repository: facts, action }, { installationId, signal }) => {
    if (installationId === undefined) return undefined;
    const installation = await presentInstallation(access, installationId);
    if (installation === undefined || installation.suspended) return undefined;
    const repository = await readRepository(access, installation, facts);
    // Deleted or given to another account: the installation's list says which.
    if (repository === undefined) await reconcileInstallation(access, installationId);
    else if (action === "installed" && !repository.archived)
      await checkOpenPullRequests(access, { installation, repository, signal });
    return undefined;
  };
}

async function checkOpenPullRequests({ github, store }: AppAccess, { installation, repository }: Place): Promise<void> {
  const { port } = await github.reading(installation.id, installation.permissions);
  const seen = await listOpenPullRequests(port, repository);
  if (seen.status !== "listed") return;
  const heads = new Set<string>();
  for (const answer of seen.items) {
    const pull = pullRequestOf(repository.id, answer);
    await savePullRequest(store, pull);
    heads.add(pull.headSha);
  }
  await enqueue(
    store,
    [...heads].map((headSha) => ({
      ...{ job: "head", data: { repository: factsOf(repository), headSha } },
      ...{ installationId: installation.id, repositoryId: repository.id },
    })),
  );
}

/** A repository of the store in the form that jobs are given. */
export function factsOf(repository: Repository): RepositoryFacts {
  const { id, owner, name, archived, fork, visibility, defaultBranch } = repository;
  return {
    ...{ id, owner, name, archived, fork, private: visibility !== "public" },
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
  };
}

async function forgetObjects({ cache }: AppAccess, repositories: readonly number[]): Promise<void> {
  for (const id of repositories) {
    await cache.remove(String(id));
    await cache.remove(`${id}everything`);
  }
}
