/** Pull requests and what was judged of them: a check shows the worst verdict over all open ones with its head. */
import type { Store } from "./open.ts";
import type { CheckConclusion, PullRequestTable } from "./schema.ts";

export type PullRequest = {
  repositoryId: number;
  number: number;
  open: boolean;
  headSha: string;
  headRepositoryId: number | undefined;
  baseRef: string;
  baseSha: string;
  /** GitHub's time of the last change. */
  updatedAt: Date;
};

/** What was judged of a pull request; `sha` is the head that was looked at. */
export type PullRequestVerdict = { sha: string; conclusion: CheckConclusion; blocking: number; warnings: number };

export type JudgedPullRequest = PullRequest & { verdict: PullRequestVerdict | undefined };

/** Write what was read; what is older than what is there does nothing. The verdict stays, and says of which head it is. */
export async function savePullRequest(store: Store, pull: PullRequest): Promise<void> {
  const row = {
    open: pull.open,
    head_sha: pull.headSha,
    head_repository_id: pull.headRepositoryId ?? null,
    base_ref: pull.baseRef,
    base_sha: pull.baseSha,
    updated_at: pull.updatedAt,
  };
  await store.db
    .insertInto("pull_requests")
    .values({ repository_id: pull.repositoryId, number: pull.number, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(["repository_id", "number"])
        .doUpdateSet(row)
        .where("pull_requests.updated_at", "<=", pull.updatedAt),
    )
    .execute();
}

/** Note what was judged. Does nothing where the pull request is not known. */
export async function savePullRequestVerdict(
  store: Store,
  repositoryId: number,
  number: number,
  verdict: PullRequestVerdict,
): Promise<void> {
  const { sha, conclusion, blocking, warnings } = verdict;
  await store.db
    .updateTable("pull_requests")
    .set({ judged_sha: sha, conclusion, blocking, warnings })
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .execute();
}

/** Out: undefined where it is not known. */
export async function findPullRequest(
  store: Store,
  repositoryId: number,
  number: number,
): Promise<JudgedPullRequest | undefined> {
  const row = await store.db
    .selectFrom("pull_requests")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number)
    .executeTakeFirst();
  return row === undefined ? undefined : pullRequestOf(row);
}

/** The open ones with a head, by number. */
export async function openPullRequestsWithHead(
  store: Store,
  repositoryId: number,
  headSha: string,
): Promise<JudgedPullRequest[]> {
  return await openPullRequests(store, repositoryId, "head_sha", headSha);
}

/** The open ones into a branch, by number: they are judged anew when its policy changes. */
export async function openPullRequestsInto(
  store: Store,
  repositoryId: number,
  baseRef: string,
): Promise<JudgedPullRequest[]> {
  return await openPullRequests(store, repositoryId, "base_ref", baseRef);
}

async function openPullRequests(
  store: Store,
  repositoryId: number,
  column: "head_sha" | "base_ref",
  value: string,
): Promise<JudgedPullRequest[]> {
  const rows = await store.db
    .selectFrom("pull_requests")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("open", "=", true)
    .where(column, "=", value)
    .orderBy("number")
    .execute();
  return rows.map(pullRequestOf);
}

function pullRequestOf(row: PullRequestTable): JudgedPullRequest {
  const { judged_sha: sha, conclusion, blocking, warnings } = row;
  return {
    repositoryId: row.repository_id,
    number: row.number,
    open: row.open,
    headSha: row.head_sha,
    headRepositoryId: row.head_repository_id ?? undefined,
    baseRef: row.base_ref,
    baseSha: row.base_sha,
    updatedAt: row.updated_at,
    verdict:
      sha === null || conclusion === null
        ? undefined
        : { sha, conclusion, blocking: blocking ?? 0, warnings: warnings ?? 0 },
  };
}
