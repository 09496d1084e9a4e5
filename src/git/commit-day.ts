import { requireGit } from "./command.ts";
import type { Repository } from "./repository.ts";

/** The day (UTC) on which a commit was made, by its committer. In: a full commit id. Throws LeaseholdError `git`. */
export async function commitDay(repository: Repository, commit: string): Promise<string> {
  const seconds = (await requireGit(["log", "-1", "--format=%ct", commit], repository)).toString("latin1").trim();
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}
