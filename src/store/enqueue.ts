/** Puts jobs into the queue, inside the transaction that stores what they are about. */
import { type Kysely, sql } from "kysely";
import { fromKysely, type JobInsert } from "pg-boss";
import { nextJobId } from "./job-id.ts";
import type { Store } from "./open.ts";
import { type JobRow, jobQueue } from "./queue-table.ts";
import type { Database } from "./schema.ts";

/** What is to be done. `data` holds ids, refs, SHAs and names that GitHub's API is asked by, and nothing else of a payload. */
export type NewJob = {
  /** Kind of the job: lower case with hyphens. */
  job: string;
  data: unknown;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  /** What must not run at once and not out of order; without it the repository, else the installation, else the App. */
  key?: string | undefined;
  /** Guid of the delivery that it settles. */
  delivery?: string | undefined;
  /** Not before. */
  startAfter?: Date | undefined;
  /** Work that nobody waits for goes after work that somebody does. */
  upkeep?: boolean | undefined;
};

/** Places in line that are told apart: an installation with more waiting than this gets no further back. */
const mostRank = 1_000;

/**
 * Put jobs into the queue.
 * Fairness: a job's priority is how many of its installation wait before it, so that the queue takes the first of each, then the
 * second of each: a storm of one waits behind single jobs of all others.
 * In: the store, a transaction of it (or its own connection), the jobs in their order. Out: their ids.
 */
export async function enqueueJobs(store: Store, db: Kysely<Database>, jobs: readonly NewJob[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const rank = await waitingBy(db, [...new Set(jobs.map(({ installationId }) => installationId ?? 0))]);
  const ids: string[] = [];
  const rows = jobs.map((job): JobInsert => {
    const { installationId, repositoryId, delivery, startAfter, upkeep = false } = job;
    const group = installationId ?? 0;
    const before = rank.get(group) ?? 0;
    rank.set(group, before + 1);
    const id = nextJobId();
    ids.push(id);
    const key = job.key ?? defaultKey(job);
    const data: JobRow = { job: job.job, key, delivery, installationId, repositoryId, data: job.data };
    return {
      id,
      data,
      singletonKey: key,
      priority: -Math.min(before, mostRank) - (upkeep ? 2 * mostRank : 0),
      group: { id: String(group) },
      ...(startAfter === undefined ? {} : { startAfter }),
    };
  });
  await store.boss.insert(jobQueue, rows, { db: fromKysely(db) });
  return ids;
}

/** Put in jobs that no delivery asked for: sweeps, follow-ups. */
export async function enqueue(store: Store, jobs: readonly NewJob[]): Promise<string[]> {
  return await store.db.transaction().execute((transaction) => enqueueJobs(store, transaction, jobs));
}

function defaultKey({ repositoryId, installationId }: NewJob): string {
  if (repositoryId !== undefined) return `repository:${repositoryId}`;
  return installationId === undefined ? "app" : `installation:${installationId}`;
}

/** Deliveries that wait, by installation (0: none), counted up to a limit so that a long line costs no more than a short one. */
async function waitingBy(db: Kysely<Database>, installations: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; waiting: number }>`
    select i.id, (select count(*) from (
      select 1 from leasehold.deliveries d where d.installation_id = i.id and d.state = 'stored' limit ${sql.lit(mostRank)}
    ) counted)::int as waiting
    from unnest(${sql.val([...installations])}::bigint[]) as i(id)`.execute(db);
  return new Map(rows.map(({ id, waiting }) => [id, waiting]));
}
