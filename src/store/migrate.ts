/** Brings a database to the schema of this program. */
import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { LeaseholdError } from "../error.ts";
import { migrations, storeSchema } from "./migrations.ts";

function migrator(db: Kysely<never>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: storeSchema,
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock",
  });
}

/**
 * Run the steps that are missing, in one transaction; several processes may try at once, one does it.
 * In: the database, and the last step to run (all without). Out: the steps that were run now.
 * Throws LeaseholdError("config") for a database that a newer version has already changed.
 */
export async function migrateStore(db: Kysely<never>, until?: string): Promise<string[]> {
  await sql`create schema if not exists ${sql.id(storeSchema)}`.execute(db);
  const { error, results } = await (until === undefined
    ? migrator(db).migrateToLatest()
    : migrator(db).migrateTo(until));
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message))
    throw new LeaseholdError(
      "config",
      "the database was made by a newer Leasehold: run that version again, or point DATABASE_URL at another database",
    );
  if (error !== undefined) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** Whether every step has been run and none that this program does not know. */
export async function isMigrated(db: Kysely<never>): Promise<boolean> {
  const known = await migrator(db).getMigrations();
  return known.every(({ executedAt }) => executedAt !== undefined);
}
