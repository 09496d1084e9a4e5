import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMigrated, migrateStore } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations.ts";
import { createDatabase, startPostgres, type TestServer } from "./postgres.ts";

const names = Object.keys(migrations);

/** Everything of the schema that a program can depend on, as text. */
async function schemaOf(db: Kysely<never>): Promise<string> {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
    where table_schema = 'leasehold' order by 1, 2`.execute(db);
  const indexes = await sql`select indexdef from pg_indexes where schemaname = 'leasehold' order by 1`.execute(db);
  const constraints = await sql`
    select conrelid::regclass::text as on, pg_get_constraintdef(oid) as is from pg_constraint
    where connamespace = 'leasehold'::regnamespace order by 1, 2`.execute(db);
  return JSON.stringify([columns.rows, indexes.rows, constraints.rows], null, 1);
}

/** From empty, from each earlier version, twice, and from a newer one. */
function tests(open: () => Promise<Kysely<never>>): void {
  let whole: string;
  let db: Kysely<never>;
  const fresh = async () => {
    await sql`drop schema if exists leasehold cascade`.execute(db);
  };
  beforeAll(async () => {
    db = await open();
    await fresh();
    expect(await migrateStore(db)).toEqual(names);
    whole = await schemaOf(db);
  }, 180_000);
  afterAll(async () => {
    await db?.destroy();
  });

  it("runs every step on an empty database, and none the second time", async () => {
    expect(await isMigrated(db)).toBe(true);
    expect(await migrateStore(db)).toEqual([]);
    for (const table of ["deliveries", "installations", "pull_requests", "check_runs", "git_cache"])
      expect(whole).toContain(`"${table}"`);
  });

  it.each(names.slice(0, -1).map((name, at) => [name, names.slice(at + 1)] as const))(
    "goes on from %s to the same schema, and keeps what is there",
    async (name, left) => {
      await fresh();
      await migrateStore(db, name);
      expect(await isMigrated(db)).toBe(false);
      await sql`insert into leasehold.deliveries (guid, event, received_at, state) values ('a', 'push', now(), 'failed')`.execute(
        db,
      );
      expect(await migrateStore(db)).toEqual(left);
      expect(await schemaOf(db)).toBe(whole);
      const { rows } = await sql`select guid, attempts from leasehold.deliveries`.execute(db);
      expect(rows).toEqual([{ guid: "a", attempts: 0 }]);
    },
  );

  it("does not touch the database of a newer version", async () => {
    await sql`insert into leasehold.migrations (name, timestamp) values ('9999-later', '2999-01-01')`.execute(db);
    await expect(migrateStore(db)).rejects.toThrow("made by a newer Leasehold");
    await sql`delete from leasehold.migrations where name = '9999-later'`.execute(db);
  });
}

describe("migrations on PGlite", () => {
  tests(async () => new Kysely<never>({ dialect: new PGliteDialect({ pglite: await PGlite.create() }) }));
});

const started = await startPostgres();
if ("missing" in started) console.log(`skipped on PostgreSQL: ${started.missing}`);
describe.skipIf("missing" in started)("migrations on PostgreSQL", () => {
  const server = started as TestServer;
  afterAll(() => server.stop());
  tests(async () => {
    const pool = new pg.Pool({ connectionString: await createDatabase(server.url), max: 3 });
    return new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  });
});
