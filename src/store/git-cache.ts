/** What lies in the folder of git objects, so that it can be bounded and emptied. The objects themselves are no business of the store. */
import type { Store } from "./open.ts";

export type GitCacheEntry = { repositoryId: number; bytes: number; fetchedAt: Date; usedAt: Date };

/** Note that a repository was fetched, and how large it is now. */
export async function saveGitCacheEntry(store: Store, entry: GitCacheEntry): Promise<void> {
  const row = { bytes: entry.bytes, fetched_at: entry.fetchedAt, used_at: entry.usedAt };
  await store.db
    .insertInto("git_cache")
    .values({ repository_id: entry.repositoryId, ...row })
    .onConflict((conflict) => conflict.column("repository_id").doUpdateSet(row))
    .execute();
}

/** All entries, the longest unused first. */
export async function listGitCache(store: Store): Promise<GitCacheEntry[]> {
  const rows = await store.db.selectFrom("git_cache").selectAll().orderBy("used_at").execute();
  return rows.map((row) => ({
    repositoryId: row.repository_id,
    bytes: row.bytes,
    fetchedAt: row.fetched_at,
    usedAt: row.used_at,
  }));
}

/** Forget an entry, after its folder is gone. */
export async function forgetGitCacheEntry(store: Store, repositoryId: number): Promise<void> {
  await store.db.deleteFrom("git_cache").where("repository_id", "=", repositoryId).execute();
}
