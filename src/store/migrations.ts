/**
 * The schema, step by step. Steps are only ever added: one that was released is never changed, and there is no way back.
 * What can be put in words is left to the database to enforce: where an id, a SHA or a code belongs, a sentence does not fit.
 */
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Our own schema, so that a database may be shared. */
export const storeSchema = "leasehold";

const sha = sql.raw("'^[0-9a-f]{40}([0-9a-f]{24})?$'");
const code = sql.raw("'^[a-z0-9][a-z0-9-]{0,63}$'");
const word = sql.raw("'^[a-z0-9_]{1,64}$'");

async function run(db: Kysely<unknown>, statements: readonly ReturnType<typeof sql>[]): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}

export const migrations: Readonly<Record<string, Migration>> = {
  "0001-deliveries": {
    up: (db) =>
      run(db, [
        sql`create table leasehold.deliveries (
          guid text primary key check (guid ~ '^[0-9A-Za-z-]{1,64}$'),
          event text not null check (event ~ ${word}),
          action text check (action ~ ${word}),
          installation_id bigint,
          repository_id bigint,
          received_at timestamptz not null,
          state text not null check (state in ('stored', 'processed', 'ignored', 'failed')),
          attempts integer not null default 0,
          job_id uuid,
          error_code text check (error_code ~ ${code}),
          settled_at timestamptz
        )`,
        sql`create index deliveries_waiting on leasehold.deliveries (installation_id, received_at) where state = 'stored'`,
        sql`create index deliveries_failed on leasehold.deliveries (received_at) where state = 'failed'`,
        sql`create index deliveries_settled on leasehold.deliveries (settled_at) where settled_at is not null`,
        sql`create table leasehold.redeliveries (
          guid text primary key check (guid ~ '^[0-9A-Za-z-]{1,64}$'),
          tries integer not null,
          asked_at timestamptz not null
        )`,
      ]),
  },
  "0002-repositories": {
    up: (db) =>
      run(db, [
        sql`create table leasehold.installations (
          id bigint primary key,
          account_id bigint not null,
          account_type text not null check (account_type in ('Organization', 'User')),
          suspended boolean not null,
          permissions jsonb not null,
          updated_at timestamptz not null
        )`,
        sql`create table leasehold.repositories (
          id bigint primary key,
          installation_id bigint not null,
          owner text not null check (owner ~ '^[A-Za-z0-9_-]{1,100}$'),
          name text not null check (name ~ '^[A-Za-z0-9._-]{1,100}$'),
          default_branch text check (length(default_branch) <= 255),
          visibility text not null check (visibility in ('public', 'internal', 'private')),
          archived boolean not null,
          fork boolean not null,
          updated_at timestamptz not null
        )`,
        sql`create index repositories_installation on leasehold.repositories (installation_id)`,
      ]),
  },
  "0003-checks": {
    up: (db) =>
      run(db, [
        sql`create table leasehold.pull_requests (
          repository_id bigint not null,
          number integer not null,
          open boolean not null,
          head_sha text not null check (head_sha ~ ${sha}),
          head_repository_id bigint,
          base_ref text not null check (length(base_ref) <= 255),
          base_sha text not null check (base_sha ~ ${sha}),
          conclusion text check (conclusion in ('success', 'neutral', 'failure')),
          blocking integer,
          warnings integer,
          judged_sha text check (judged_sha ~ ${sha}),
          updated_at timestamptz not null,
          primary key (repository_id, number)
        )`,
        sql`create index pull_requests_head on leasehold.pull_requests (repository_id, head_sha) where open`,
        sql`create index pull_requests_base on leasehold.pull_requests (repository_id, base_ref) where open`,
        sql`create table leasehold.check_runs (
          repository_id bigint not null,
          head_sha text not null check (head_sha ~ ${sha}),
          check_run_id bigint,
          external_id text not null check (external_id ~ '^[0-9A-Za-z:-]{1,64}$'),
          state text not null check (state in ('queued', 'in_progress', 'completed')),
          conclusion text check (conclusion in ('success', 'neutral', 'failure')),
          started_at timestamptz not null,
          concluded_at timestamptz,
          incident_id text check (incident_id ~ '^[0-9A-Z-]{1,32}$'),
          primary key (repository_id, head_sha)
        )`,
        sql`create index check_runs_running on leasehold.check_runs (started_at) where state <> 'completed'`,
        sql`create table leasehold.incidents (
          id text primary key check (id ~ '^[0-9A-Z-]{1,32}$'),
          code text not null check (code ~ ${code}),
          job text not null check (job ~ ${code}),
          installation_id bigint,
          repository_id bigint,
          happened_at timestamptz not null
        )`,
        sql`create table leasehold.git_cache (
          repository_id bigint primary key,
          bytes bigint not null,
          fetched_at timestamptz not null,
          used_at timestamptz not null
        )`,
      ]),
  },
  "0004-pushes": {
    up: (db) =>
      run(db, [
        sql`create table leasehold.pushes (
          repository_id bigint not null,
          head_sha text not null check (head_sha ~ ${sha}),
          kind text not null check (kind in ('push', 'merge-group')),
          ref text not null check (length(ref) <= 255),
          before_sha text not null check (before_sha ~ ${sha}),
          seen_at timestamptz not null,
          primary key (repository_id, head_sha, kind, ref, before_sha)
        )`,
        sql`create index pushes_seen on leasehold.pushes (seen_at)`,
      ]),
  },
};
