/** The jobs that keep the store's picture of installations and repositories, and forget what was taken away. */
import { rm } from "node:fs/promises";
import { saveInstallation } from "../store/installations.ts";
import type { Store } from "../store/open.ts";
import { purgeInstallation, purgeRepository } from "../store/purge.ts";
import type { JobHandlers } from "./job.ts";

export type RecordOptions = {
  store: Store;
  /** The folder in which the git objects of a repository are kept. */
  gitFolder(repositoryId: number): string;
  now(): Date;
};

/** Handlers for installations that come, change and go, and repositories that are taken out or deleted. */
export function recordHandlers({ store, gitFolder, now }: RecordOptions) {
  const forgetObjects = (repositoryId: number) => rm(gitFolder(repositoryId), { recursive: true, force: true });
  const forget = async (repositoryId: number) => {
    await purgeRepository(store, repositoryId);
    await forgetObjects(repositoryId);
  };
  return {
    installation: async ({ action, accountId, accountType, suspended, permissions }, { installationId }) => {
      if (installationId === undefined) return undefined;
      if (action === "deleted") {
        const { repositories } = await purgeInstallation(store, installationId);
        for (const repository of repositories) await forgetObjects(repository);
      } else {
        const updatedAt = now();
        await saveInstallation(store, {
          id: installationId,
          accountId,
          accountType,
          suspended,
          permissions,
          updatedAt,
        });
      }
      return undefined;
    },
    "installation-repositories": async ({ removed }) => {
      for (const repository of removed) await forget(repository);
      return undefined;
    },
    repository: async ({ action, repository }) => {
      if (action === "deleted") await forget(repository.id);
      return undefined;
    },
  } as const satisfies JobHandlers;
}
