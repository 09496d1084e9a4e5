/** Takes jobs out of the queue and runs them: several at once, one at a time of a key, settled together with their delivery. */
import { sql } from "kysely";
import { fromKysely, type Job, type JobInsert } from "pg-boss";
import { enqueueJobs } from "./enqueue.ts";
import type { Store } from "./open.ts";
import { deadQueue, type JobRow, jobQueue, jobRowSchema } from "./queue-table.ts";

/** A job as its handler gets it. */
export type ClaimedJob = {
  job: string;
  data: unknown;
  delivery: string | undefined;
  installationId: number | undefined;
  repositoryId: number | undefined;
  /** From 1. A try that a crash ended counts. */
  attempt: number;
  /** If this one fails, the job is dead. */
  last: boolean;
  /** Aborted when the process shuts down, or when another process has taken the job over. */
  signal: AbortSignal;
};

/** What a handler may ask for instead of being done: to be run again at a time, without that counting as a failure. */
export type JobOutcome = undefined | { again: Date };

export type JobEnd = "done" | "again" | "retry" | "dead" | "lost" | "handed-back";

export type WorkerOptions = {
  /** Jobs that run at once in this process. */
  concurrency: number;
  /** Tries before a job is dead. */
  maxAttempts: number;
  run(job: ClaimedJob): Promise<JobOutcome>;
  /** The code under which an error is kept: lower case with hyphens. Its message is not kept. */
  codeOf(error: unknown): string;
  /** Called after each job, for logs and figures. */
  onEnd?(job: ClaimedJob, end: JobEnd, seconds: number, error: unknown): void;
  /** The queue could not be asked or a job not be settled; it goes on. */
  onTrouble?(code: string, error: unknown): void;
  /** Milliseconds between looks at an idle queue. */
  pollMilliseconds?: number;
};

export type Worker = {
  /** Look now: something was put in. */
  wake(): void;
  /** Begin no more, wait so long for those that run, and hand the rest back for others. */
  drain(milliseconds: number): Promise<void>;
  /** When it last asked the queue with success, in milliseconds since 1970. */
  lastLook(): number;
  readonly running: number;
};

type Claim = { claimed: ClaimedJob; row: JobRow; job: Job<unknown>; abort: AbortController; ended: Promise<void> };

/** Start taking jobs. */
export function startWorker(store: Store, options: WorkerOptions): Worker {
  const { concurrency, maxAttempts, onTrouble = () => {}, pollMilliseconds = 500 } = options;
  /** One installation may not take every place: the others would wait for its slowest job. */
  const groupConcurrency = Math.max(1, Math.ceil((concurrency * 3) / 4));
  const claims = new Map<string, Claim>();
  let draining = false;
  let looked = Date.now();
  let woken = false;
  let sleeper: (() => void) | undefined;

  const wake = () => {
    woken = true;
    sleeper?.();
  };

  const sleep = async (milliseconds: number) => {
    if (woken || draining) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      sleeper = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    sleeper = undefined;
  };

  async function look(): Promise<void> {
    while (!draining) {
      const free = concurrency - claims.size;
      woken = false;
      let found = 0;
      if (free > 0) {
        try {
          const jobs = await store.boss.fetch<unknown>(jobQueue, { batchSize: free, groupConcurrency });
          looked = Date.now();
          found = jobs.length;
          for (const job of jobs) begin(job);
        } catch (error) {
          onTrouble("queue-fetch", error);
        }
      }
      if (found === 0) await sleep(pollMilliseconds);
    }
  }

  function begin(job: Job<unknown>): void {
    const parsed = jobRowSchema.safeParse(job.data);
    const row: JobRow = parsed.success ? parsed.data : { job: "unknown", key: "unknown", data: undefined };
    const abort = new AbortController();
    const attempt = job.retryCount + 1;
    const claimed: ClaimedJob = {
      job: row.job,
      data: row.data,
      delivery: row.delivery,
      installationId: row.installationId,
      repositoryId: row.repositoryId,
      attempt,
      last: attempt >= maxAttempts,
      signal: abort.signal,
    };
    const claim: Claim = { claimed, row, job, abort, ended: Promise.resolve() };
    claims.set(job.id, claim);
    claim.ended = perform(claim).finally(() => {
      claims.delete(job.id);
      wake();
    });
  }

  async function perform(claim: Claim): Promise<void> {
    const { claimed, row } = claim;
    const from = performance.now();
    let end: JobEnd;
    let problem: unknown;
    try {
      // A process that died with this job so often would die with it again.
      if (claimed.attempt > maxAttempts) {
        end = await bury(claim, "crashed");
      } else {
        const outcome = await options.run(claimed);
        end = outcome === undefined ? await finish(claim) : await runAgain(claim, outcome.again);
      }
    } catch (error) {
      problem = error;
      if (claims.get(claim.job.id) !== claim) return;
      const code = options.codeOf(error);
      try {
        if (draining && claim.abort.signal.aborted) end = await handBack(claim);
        else end = claimed.last ? await bury(claim, code) : await retry(claim, code);
      } catch (settling) {
        // Its lease runs out, and somebody tries it again.
        onTrouble("job-settle", settling);
        return;
      }
    }
    options.onEnd?.({ ...claimed, job: row.job }, end, (performance.now() - from) / 1000, problem);
  }

  /** Take the job out of the queue and settle its delivery, both or neither. */
  async function settle(
    { job, row, claimed }: Claim,
    set: { state: "processed" | "failed" | "stored"; error_code: string | null },
    then: (transaction: Store["db"]) => Promise<string | undefined> = async () => undefined,
  ): Promise<boolean> {
    return await store.db.transaction().execute(async (transaction) => {
      const taken = (await store.boss.deleteJob(jobQueue, [attemptOf(job)], { db: fromKysely(transaction) })) as {
        affected?: number;
      };
      if (taken.affected !== 1) return false;
      const next = await then(transaction);
      if (row.delivery !== undefined)
        await transaction
          .updateTable("deliveries")
          .set({
            ...set,
            attempts: Math.min(claimed.attempt, maxAttempts),
            job_id: next ?? null,
            settled_at: set.state === "stored" ? null : sql<Date>`now()`,
          })
          .where("guid", "=", row.delivery)
          .execute();
      return true;
    });
  }

  async function finish(claim: Claim): Promise<JobEnd> {
    return (await settle(claim, { state: "processed", error_code: null })) ? "done" : "lost";
  }

  async function runAgain(claim: Claim, startAfter: Date | undefined): Promise<JobEnd> {
    const done = await settle(claim, { state: "stored", error_code: null }, async (transaction) => {
      const [id] = await enqueueJobs(store, transaction, [{ ...claim.row, startAfter }]);
      return id;
    });
    return done ? "again" : "lost";
  }

  async function handBack(claim: Claim): Promise<JobEnd> {
    const end = await runAgain(claim, undefined);
    return end === "again" ? "handed-back" : end;
  }

  async function bury(claim: Claim, code: string): Promise<JobEnd> {
    const { row, claimed } = claim;
    const done = await settle(claim, { state: "failed", error_code: code }, async (transaction) => {
      const dead: JobInsert = { data: { ...row, errorCode: code, attempts: Math.min(claimed.attempt, maxAttempts) } };
      await store.boss.insert(deadQueue, [dead], { db: fromKysely(transaction) });
      return undefined;
    });
    return done ? "dead" : "lost";
  }

  async function retry({ job, row, claimed }: Claim, code: string): Promise<JobEnd> {
    await store.db.transaction().execute(async (transaction) => {
      await store.boss.fail(jobQueue, [attemptOf(job)], { code }, { db: fromKysely(transaction) });
      if (row.delivery !== undefined)
        await transaction
          .updateTable("deliveries")
          .set({ attempts: claimed.attempt, error_code: code })
          .where("guid", "=", row.delivery)
          .where("state", "=", "stored")
          .execute();
    });
    return "retry";
  }

  const beating = setInterval(() => void beat(), (store.leaseSeconds * 1000) / 3);
  /** Say that the jobs are alive; who has lost one is told. */
  async function beat(): Promise<void> {
    for (const claim of [...claims.values()]) {
      try {
        const touched = (await store.boss.touch(jobQueue, [attemptOf(claim.job)])) as { affected?: number };
        if (touched.affected === 0 && claims.has(claim.job.id)) claim.abort.abort(new Error("another process has it"));
      } catch (error) {
        onTrouble("queue-heartbeat", error);
      }
    }
  }

  const looking = look();
  return {
    wake,
    lastLook: () => looked,
    get running() {
      return claims.size;
    },
    async drain(milliseconds) {
      draining = true;
      sleeper?.();
      await looking;
      await within(milliseconds, [...claims.values()]);
      for (const { abort } of claims.values()) abort.abort(new Error("shutting down"));
      await within(Math.min(milliseconds, 1_000), [...claims.values()]);
      for (const claim of [...claims.values()]) {
        // One that does not listen: it is given back under its feet, and what it does later is not counted.
        claims.delete(claim.job.id);
        await handBack(claim).catch((error) => onTrouble("job-settle", error));
      }
      clearInterval(beating);
    },
  };
}

function attemptOf({ id, retryCount }: Job<unknown>): { id: string; retryCount: number } {
  return { id, retryCount };
}

async function within(milliseconds: number, claims: readonly Claim[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(claims.map(({ ended }) => ended)), late]);
  clearTimeout(timer);
}
