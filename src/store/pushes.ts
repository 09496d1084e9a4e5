/** What ended at a commit beside pull requests: pushes and merge groups, so that its check can be told again from what is known. */
import type { Store } from "./open.ts";
import type { PushKind } from "./schema.ts";

export type Push = {
  repositoryId: number;
  headSha: string;
  kind: PushKind;
  /** Full name of the ref that was pushed; of a merge group the branch that it is meant for. */
  ref: string;
  /** Zeros for a new ref; of a merge group its base. */
  beforeSha: string;
};

/** Keep one; a second of the same does nothing. Out: whether it is new. */
export async function savePush(store: Store, push: Push, now: Date): Promise<boolean> {
  const { repositoryId, headSha, kind, ref, beforeSha } = push;
  const kept = await store.db
    .insertInto("pushes")
    .values({ repository_id: repositoryId, head_sha: headSha, kind, ref, before_sha: beforeSha, seen_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("head_sha")
    .executeTakeFirst();
  return kept !== undefined;
}

/** Those that ended at a commit, in an order that is always the same. */
export async function pushesTo(store: Store, repositoryId: number, headSha: string): Promise<Push[]> {
  const rows = await store.db
    .selectFrom("pushes")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("head_sha", "=", headSha)
    .orderBy("kind")
    .orderBy("ref")
    .orderBy("before_sha")
    .execute();
  return rows.map((row) => ({
    repositoryId: row.repository_id,
    headSha: row.head_sha,
    kind: row.kind,
    ref: row.ref,
    beforeSha: row.before_sha,
  }));
}

/** Forget those that were first seen before a time. Out: how many. */
export async function prunePushes(store: Store, before: Date): Promise<number> {
  const { numDeletedRows } = await store.db.deleteFrom("pushes").where("seen_at", "<", before).executeTakeFirst();
  return Number(numDeletedRows);
}
