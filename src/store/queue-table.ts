/** The queue's own tables, which pg-boss keeps: what they are called, how they are set up, and reading their figures. */
import { sql } from "kysely";
import type { PgBoss } from "pg-boss";
import { z } from "zod";
import { nextJobId } from "./job-id.ts";
import type { Store } from "./open.ts";

export const queueSchema = "leasehold_queue";
/** All jobs wait in one queue: order and fairness hold across their kinds. */
export const jobQueue = "jobs";
/** Where a job ends that failed too often. Nothing takes jobs from here but `requeueDead`. */
export const deadQueue = "dead";

const day = 86_400;

/**
 * `key_strict_fifo`: of one key, jobs are begun one after the other in the order they came, by an index that two processes cannot
 * both satisfy. How often a job is tried is decided by the worker, which counts crashes too: here the number only must not run out.
 */
export async function createQueues(boss: PgBoss, leaseSeconds: number): Promise<void> {
  const tries = { retryLimit: 1_000_000, retryDelay: 2, retryBackoff: true, retryDelayMax: 600 };
  const times = { expireInSeconds: day - 1, heartbeatSeconds: Math.max(10, leaseSeconds), retentionSeconds: 365 * day };
  await boss.createQueue(jobQueue, { policy: "key_strict_fifo", ...tries, ...times });
  await boss.updateQueue(jobQueue, { ...tries, ...times });
  await boss.createQueue(deadQueue, { policy: "standard", retentionSeconds: 365 * day });
  // pg-boss looks a queue up when it is first used, on a connection of its own: inside a transaction on PGlite's only one it would wait for ever.
  for (const queue of [jobQueue, deadQueue]) await boss.findJobs(queue, { id: nextJobId() });
}

/** What a row of the queue holds; parsed when it is read, because a row may be older than this program. */
export const jobRowSchema = z.object({
  job: z.string(),
  key: z.string(),
  delivery: z.string().optional(),
  installationId: z.number().int().optional(),
  repositoryId: z.number().int().optional(),
  data: z.unknown(),
});
export type JobRow = z.output<typeof jobRowSchema>;

export const deadRowSchema = jobRowSchema.extend({ errorCode: z.string(), attempts: z.number().int() });

/** Jobs by state, and how long the oldest delivery has waited. */
export type QueueFigures = {
  waiting: number;
  /** Set to a later time, by a retry or by the job itself. */
  deferred: number;
  running: number;
  dead: number;
  /** Seconds since the oldest delivery came in that is not settled; 0 without one. */
  lagSeconds: number;
};

/** In: the store and the present time. */
export async function queueFigures(store: Store, now: Date): Promise<QueueFigures> {
  const table = sql.id(queueSchema, "job");
  const { rows } = await sql<Record<string, number>>`
    select
      count(*) filter (where name = ${jobQueue} and state < 'active' and start_after <= now()) as waiting,
      count(*) filter (where name = ${jobQueue} and state < 'active' and start_after > now()) as deferred,
      count(*) filter (where name = ${jobQueue} and state = 'active') as running,
      count(*) filter (where name = ${deadQueue} and state < 'active') as dead
    from ${table}`.execute(store.db);
  const oldest = await store.db
    .selectFrom("deliveries")
    .select(({ fn }) => fn.min("received_at").as("received_at"))
    .where("state", "=", "stored")
    .executeTakeFirst();
  const since = oldest?.received_at as Date | null | undefined;
  const { waiting = 0, deferred = 0, running = 0, dead = 0 } = rows[0] ?? {};
  return {
    waiting,
    deferred,
    running,
    dead,
    lagSeconds: since == null ? 0 : Math.max(0, (now.getTime() - since.getTime()) / 1000),
  };
}

/** Jobs that a process began which is gone, for a folder's only process: they are tried again at once. */
export async function handBackOrphans(store: Store): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.id(queueSchema, "job")} where name = ${jobQueue} and state = 'active'`.execute(store.db);
  if (rows.length > 0)
    await store.boss.fail(
      jobQueue,
      rows.map(({ id }) => id),
      { code: "crashed" },
    );
  return rows.length;
}
