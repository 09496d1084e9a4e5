/** Concludes checks that have run for too long, so that none hangs for ever. */
import { unfinishedCheckRuns } from "../store/check-runs.ts";
import { enqueue } from "../store/enqueue.ts";
import { findInstallation, findRepository } from "../store/installations.ts";
import type { AppAccess } from "./access.ts";
import { concludeWithIncident } from "./incident.ts";
import { factsOf } from "./installation.ts";
import { subjectsOf } from "./recheck.ts";

/** Minutes after which a check is concluded. */
const longest = 10;

/**
 * In: where; what ends it. Out: how many checks were concluded. Each is judged once more behind whatever holds its repository, because the job that was slow
 * may have ended meanwhile.
 */
export async function concludeOverdue(access: AppAccess, signal: AbortSignal): Promise<number> {
  const { store, now } = access;
  let count = 0;
  for (const { repositoryId, headSha } of await unfinishedCheckRuns(
    store,
    new Date(now().getTime() - longest * 60_000),
  )) {
    const repository = await findRepository(store, repositoryId);
    const installation =
      repository === undefined ? undefined : await findInstallation(store, repository.installationId);
    if (repository === undefined || installation === undefined || installation.suspended) continue;
    const place = { installation, repository, signal };
    const subjects = await subjectsOf(access, place, headSha, undefined);
    await concludeWithIncident(access, place, { headSha, subjects, code: "watchdog" });
    await enqueue(store, [
      {
        ...{ job: "head", data: { repository: factsOf(repository), headSha } },
        ...{ installationId: installation.id, repositoryId },
      },
    ]);
    count++;
  }
  return count;
}
