/** Deliveries whose job is nowhere: they are never left in between. */
import { sql } from "kysely";
import type { Store } from "./open.ts";
import { jobQueue, queueSchema } from "./queue-table.ts";

/**
 * Mark deliveries as failed (`job-lost`) that wait for a job the queue does not have, as after a backup was put back or a queue was
 * emptied by hand. What a job needs is not kept with the delivery, so GitHub must deliver it again, which the sweep then asks for.
 * In: the store, and how old a delivery must be. Out: how many.
 */
export async function failLostDeliveries(store: Store, olderThan: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update leasehold.deliveries d set state = 'failed', error_code = 'job-lost', job_id = null, settled_at = now()
    where d.state = 'stored' and d.received_at < ${olderThan} and not exists (
      select 1 from ${sql.id(queueSchema, "job")} j where j.name = ${jobQueue} and j.id = d.job_id
    )`.execute(store.db);
  return Number(numAffectedRows ?? 0);
}
