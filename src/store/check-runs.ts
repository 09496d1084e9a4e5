/** Check runs, one a head, and the incidents that some of them name. */
import type { Store } from "./open.ts";
import type { CheckConclusion, CheckRunTable, CheckState } from "./schema.ts";

export type CheckRun = {
  repositoryId: number;
  headSha: string;
  /** GitHub's id; undefined until GitHub has given one. */
  checkRunId: number | undefined;
  /** Ours, sent along, by which a run is found again whose id a crash has lost. */
  externalId: string;
  state: CheckState;
  conclusion: CheckConclusion | undefined;
  startedAt: Date;
  concludedAt: Date | undefined;
  incidentId: string | undefined;
};

/** Write it, over what is there for the same head. */
export async function saveCheckRun(store: Store, run: CheckRun): Promise<void> {
  const row = {
    check_run_id: run.checkRunId ?? null,
    external_id: run.externalId,
    state: run.state,
    conclusion: run.conclusion ?? null,
    started_at: run.startedAt,
    concluded_at: run.concludedAt ?? null,
    incident_id: run.incidentId ?? null,
  };
  await store.db
    .insertInto("check_runs")
    .values({ repository_id: run.repositoryId, head_sha: run.headSha, ...row })
    .onConflict((conflict) => conflict.columns(["repository_id", "head_sha"]).doUpdateSet(row))
    .execute();
}

/** Out: undefined where there is none. */
export async function findCheckRun(store: Store, repositoryId: number, headSha: string): Promise<CheckRun | undefined> {
  const row = await store.db
    .selectFrom("check_runs")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("head_sha", "=", headSha)
    .executeTakeFirst();
  return row === undefined ? undefined : checkRunOf(row);
}

/** Those that were begun before a time and have not concluded, the oldest first: the watchdog's. */
export async function unfinishedCheckRuns(store: Store, before: Date): Promise<CheckRun[]> {
  const rows = await store.db
    .selectFrom("check_runs")
    .selectAll()
    .where("state", "<>", "completed")
    .where("started_at", "<", before)
    .orderBy("started_at")
    .limit(1_000)
    .execute();
  return rows.map(checkRunOf);
}

function checkRunOf(row: CheckRunTable): CheckRun {
  return {
    repositoryId: row.repository_id,
    headSha: row.head_sha,
    checkRunId: row.check_run_id ?? undefined,
    externalId: row.external_id,
    state: row.state,
    conclusion: row.conclusion ?? undefined,
    startedAt: row.started_at,
    concludedAt: row.concluded_at ?? undefined,
    incidentId: row.incident_id ?? undefined,
  };
}

/** Something that went wrong on our side; the id is shown to users, the rest is for who looks it up. */
export type Incident = {
  /** Capitals, digits, hyphens. */
  id: string;
  code: string;
  job: string;
  installationId: number | undefined;
  repositoryId: number | undefined;
  happenedAt: Date;
};

/** Keep one; a second of the same id does nothing. */
export async function saveIncident(store: Store, incident: Incident): Promise<void> {
  const { id, code, job, installationId, repositoryId, happenedAt } = incident;
  await store.db
    .insertInto("incidents")
    .values({
      id,
      code,
      job,
      installation_id: installationId ?? null,
      repository_id: repositoryId ?? null,
      happened_at: happenedAt,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** Out: undefined where it is not known. */
export async function findIncident(store: Store, id: string): Promise<Incident | undefined> {
  const row = await store.db.selectFrom("incidents").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        id: row.id,
        code: row.code,
        job: row.job,
        installationId: row.installation_id ?? undefined,
        repositoryId: row.repository_id ?? undefined,
        happenedAt: row.happened_at,
      };
}
