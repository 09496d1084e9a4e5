/** Forgets an installation. */
import { type Kysely, sql } from "kysely";
import type { Store } from "./open.ts";
import { deadQueue, jobQueue, queueSchema } from "./queue-table.ts";
import type { Database } from "./schema.ts";

/** What was removed; the caller removes the folders of these repositories from the git cache. */
export type Purged = { repositories: number[]; jobs: number; rows: number };

/**
 * Remove everything that is kept of an installation: rows, waiting jobs, dead jobs. The job that calls this goes on.
 * In: the installation's id. Doing it twice is harmless.
 */
export async function purgeInstallation(store: Store, id: number): Promise<Purged> {
  return await store.db.transaction().execute(async (transaction) => {
    const owned = await transaction.selectFrom("repositories").select("id").where("installation_id", "=", id).execute();
    const repositories = owned.map((row) => row.id);
    let rows = await purgeRows(transaction, repositories);
    rows += await deleted(transaction.deleteFrom("incidents").where("installation_id", "=", id));
    rows += await deleted(transaction.deleteFrom("deliveries").where("installation_id", "=", id));
    rows += await deleted(transaction.deleteFrom("repositories").where("installation_id", "=", id));
    rows += await deleted(transaction.deleteFrom("installations").where("id", "=", id));
    return { repositories, jobs: await purgeJobs(transaction, id), rows };
  });
}

/** Remove what is kept of one repository, as after it was deleted or taken out of the installation. */
export async function purgeRepository(store: Store, repositoryId: number): Promise<void> {
  await store.db.transaction().execute(async (transaction) => {
    await purgeRows(transaction, [repositoryId]);
    await transaction.deleteFrom("incidents").where("repository_id", "=", repositoryId).execute();
    await transaction.deleteFrom("repositories").where("id", "=", repositoryId).execute();
  });
}

async function purgeRows(db: Kysely<Database>, repositories: readonly number[]): Promise<number> {
  if (repositories.length === 0) return 0;
  let rows = 0;
  for (const table of ["pull_requests", "pushes", "check_runs", "git_cache"] as const)
    rows += await deleted(db.deleteFrom(table).where("repository_id", "in", repositories));
  return rows;
}

async function deleted(query: { executeTakeFirst(): Promise<{ numDeletedRows: bigint } | undefined> }) {
  return Number((await query.executeTakeFirst())?.numDeletedRows ?? 0n);
}

/** pg-boss finds jobs by their data one queue at a time and reads them all to do so; this is one statement. */
async function purgeJobs(db: Kysely<Database>, id: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.id(queueSchema, "job")}
    where name in (${jobQueue}, ${deadQueue}) and state <> 'active' and data ->> 'installationId' = ${String(id)}`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0);
}
