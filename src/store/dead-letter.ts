/** Jobs that failed for good: they are listed, and can be begun again. */
import { fromKysely } from "pg-boss";
import { noteJobs } from "./deliveries.ts";
import { enqueueJobs } from "./enqueue.ts";
import type { Store } from "./open.ts";
import { deadQueue, deadRowSchema } from "./queue-table.ts";

export type DeadJob = {
  id: string;
  job: string;
  delivery: string | undefined;
  installationId: number | undefined;
  repositoryId: number | undefined;
  errorCode: string;
  attempts: number;
  diedAt: Date;
};

async function deadRows(store: Store) {
  const found = await store.boss.findJobs<unknown>(deadQueue, { queued: true });
  return found.map(({ id, data, createdOn }) => ({ id, diedAt: createdOn, row: deadRowSchema.parse(data) }));
}

/** All of them, those that died first in front. */
export async function listDead(store: Store): Promise<DeadJob[]> {
  const rows = await deadRows(store);
  return rows
    .map(({ id, diedAt, row: { job, delivery, installationId, repositoryId, errorCode, attempts } }) => ({
      id,
      job,
      delivery,
      installationId,
      repositoryId,
      errorCode,
      attempts,
      diedAt,
    }))
    .sort((a, b) => a.diedAt.getTime() - b.diedAt.getTime());
}

/** Put dead jobs back into the queue, with all their tries. In: which, all without. Out: how many. */
export async function requeueDead(store: Store, ids?: readonly string[]): Promise<number> {
  const rows = (await deadRows(store)).filter(({ id }) => ids === undefined || ids.includes(id));
  let count = 0;
  for (const { id, row } of rows) {
    count += await store.db.transaction().execute(async (transaction) => {
      const db = fromKysely(transaction);
      const taken = (await store.boss.deleteJob(deadQueue, id, { db })) as { affected?: number };
      if (taken.affected !== 1) return 0;
      if (row.delivery !== undefined) {
        const revived = await transaction
          .updateTable("deliveries")
          .set({ state: "stored", attempts: 0, settled_at: null })
          .where("guid", "=", row.delivery)
          .where("state", "=", "failed")
          .executeTakeFirst();
        // GitHub delivered it again meanwhile: that one has a job of its own.
        if (revived.numUpdatedRows === 0n) return 0;
      }
      const [job] = await enqueueJobs(store, transaction, [row]);
      if (row.delivery !== undefined) await noteJobs(transaction, [[row.delivery, job!]]);
      return 1;
    });
  }
  return count;
}
