/** Webhook deliveries: taken in once, settled once. */
import { type Kysely, sql } from "kysely";
import { enqueueJobs, type NewJob } from "./enqueue.ts";
import type { Store } from "./open.ts";
import type { Database, DeliveryState } from "./schema.ts";

/** A delivery as it is kept; without a job it is one that nobody handles. */
export type NewDelivery = {
  guid: string;
  event: string;
  action: string | undefined;
  installationId: number | undefined;
  repositoryId: number | undefined;
  receivedAt: Date;
  job: Omit<NewJob, "delivery" | "installationId" | "repositoryId"> | undefined;
  /** Why it cannot be worked on, as a code: it is kept as failed, so that it is seen and GitHub may deliver it again. */
  errorCode?: string | undefined;
};

/**
 * `stored`: kept and put into the queue · `again`: had failed for good, is tried anew · `waiting`: here already, its job has yet to end ·
 * `duplicate`: was processed · `ignored`: kept, nobody handles it · `failed`: kept, cannot be worked on.
 */
export type Intake = "stored" | "again" | "waiting" | "duplicate" | "ignored" | "failed";

/**
 * Keep deliveries and put their jobs into the queue, in one transaction: both are there or neither is.
 * In: deliveries in the order they came. Out: what became of each, in the same order.
 */
export async function storeDeliveries(store: Store, deliveries: readonly NewDelivery[]): Promise<Intake[]> {
  return await store.db.transaction().execute(async (transaction) => {
    const outcome = new Map<string, Intake>();
    const known = await insertNew(transaction, deliveries, outcome);
    const workable = new Set(deliveries.flatMap(({ guid, job }) => (job === undefined ? [] : [guid])));
    if (known.length > 0) await lookAgain(transaction, known, workable, outcome);
    const seen = new Set<string>();
    const firsts = deliveries.filter(({ guid }) => !seen.has(guid) && seen.add(guid));
    const starting = firsts.filter(
      ({ guid, job }) => job !== undefined && ["stored", "again"].includes(outcome.get(guid) ?? ""),
    );
    const ids = await enqueueJobs(
      store,
      transaction,
      starting.map(({ guid, job, installationId, repositoryId }) => ({
        ...job!,
        delivery: guid,
        installationId,
        repositoryId,
      })),
    );
    await noteJobs(
      transaction,
      starting.map(({ guid }, at) => [guid, ids[at]!]),
    );
    const told = new Set<string>();
    return deliveries.map(({ guid }) => {
      const first = !told.has(guid);
      told.add(guid);
      const became = outcome.get(guid)!;
      if (first) return became;
      return became === "ignored" ? "duplicate" : became === "failed" ? "failed" : "waiting";
    });
  });
}

/** Insert what is not there yet. Out: the guids that are there already. */
async function insertNew(
  db: Kysely<Database>,
  deliveries: readonly NewDelivery[],
  outcome: Map<string, Intake>,
): Promise<string[]> {
  const byGuid = new Map<string, NewDelivery>();
  for (const delivery of deliveries) if (!byGuid.has(delivery.guid)) byGuid.set(delivery.guid, delivery);
  // In the order of guids, so that two processes cannot wait for each other.
  const rows = [...byGuid.values()].sort((a, b) => (a.guid < b.guid ? -1 : 1));
  const inserted = await db
    .insertInto("deliveries")
    .values(
      rows.map(({ guid, event, action, installationId, repositoryId, receivedAt, job, errorCode }) => ({
        guid,
        event,
        action: action ?? null,
        installation_id: installationId ?? null,
        repository_id: repositoryId ?? null,
        received_at: receivedAt,
        state:
          job !== undefined
            ? ("stored" as const)
            : errorCode === undefined
              ? ("ignored" as const)
              : ("failed" as const),
        error_code: errorCode ?? null,
        attempts: 0,
        settled_at: job === undefined ? receivedAt : null,
      })),
    )
    .onConflict((conflict) => conflict.column("guid").doNothing())
    .returning(["guid", "state"])
    .execute();
  for (const { guid, state } of inserted) outcome.set(guid, state === "processed" ? "duplicate" : state);
  return rows.map(({ guid }) => guid).filter((guid) => !outcome.has(guid));
}

/** What is there already: only one that had failed is begun again. */
async function lookAgain(
  db: Kysely<Database>,
  guids: readonly string[],
  workable: ReadonlySet<string>,
  outcome: Map<string, Intake>,
): Promise<void> {
  const rows = await db
    .selectFrom("deliveries")
    .select(["guid", "state"])
    .where("guid", "in", guids)
    .orderBy("guid")
    .forUpdate()
    .execute();
  const failed: string[] = [];
  for (const { guid, state } of rows) {
    const again = state === "failed" && workable.has(guid);
    if (again) failed.push(guid);
    outcome.set(guid, again ? "again" : state === "failed" ? "failed" : state === "stored" ? "waiting" : "duplicate");
  }
  if (failed.length === 0) return;
  await db
    .updateTable("deliveries")
    .set({ state: "stored", attempts: 0, settled_at: null })
    .where("guid", "in", failed)
    .execute();
}

/** Which job works on which delivery. */
export async function noteJobs(
  db: Kysely<Database>,
  pairs: readonly (readonly [guid: string, job: string])[],
): Promise<void> {
  if (pairs.length === 0) return;
  await sql`
    update leasehold.deliveries d set job_id = j.id
    from unnest(${sql.val(pairs.map(([guid]) => guid))}::text[], ${sql.val(pairs.map(([, job]) => job))}::uuid[]) as j(guid, id)
    where d.guid = j.guid`.execute(db);
}

/** A delivery as it stands. */
export type DeliveryRecord = {
  guid: string;
  event: string;
  action: string | null;
  state: DeliveryState;
  attempts: number;
  errorCode: string | null;
};

/** In: guids. Out: those that are known, for the sweep of GitHub's failed deliveries. */
export async function findDeliveries(store: Store, guids: readonly string[]): Promise<DeliveryRecord[]> {
  if (guids.length === 0) return [];
  const rows = await store.db
    .selectFrom("deliveries")
    .select(["guid", "event", "action", "state", "attempts", "error_code"])
    .where("guid", "in", guids)
    .execute();
  return rows.map(({ error_code, ...row }) => ({ ...row, errorCode: error_code }));
}

/** How many deliveries there are of each state. */
export async function countDeliveries(store: Store): Promise<Record<DeliveryState, number>> {
  const rows = await store.db
    .selectFrom("deliveries")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .groupBy("state")
    .execute();
  const counts: Record<DeliveryState, number> = { stored: 0, processed: 0, ignored: 0, failed: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** Forget deliveries that were settled before a time, those that failed excepted. Out: how many. */
export async function pruneDeliveries(store: Store, before: Date): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom("deliveries")
    .where("settled_at", "<", before)
    .where("state", "in", ["processed", "ignored"])
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/**
 * Note that GitHub is asked to deliver one again. Out: which try this is, from 1.
 * GitHub keeps no count of its own; the sweep stops at three.
 */
export async function noteRedelivery(store: Store, guid: string, now: Date): Promise<number> {
  const row = await store.db
    .insertInto("redeliveries")
    .values({ guid, tries: 1, asked_at: now })
    .onConflict((conflict) =>
      conflict.column("guid").doUpdateSet((eb) => ({ tries: eb("redeliveries.tries", "+", 1), asked_at: now })),
    )
    .returning("tries")
    .executeTakeFirstOrThrow();
  return row.tries;
}
