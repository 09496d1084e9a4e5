/** Opens the store: PGlite in one folder, or a PostgreSQL server. One SQL and one queue for both. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { fromPglite, PgBoss } from "pg-boss";
import { LeaseholdError } from "../error.ts";
import { lockFolder } from "./folder-lock.ts";
import { isMigrated, migrateStore } from "./migrate.ts";
import { storeSchema } from "./migrations.ts";
import { createQueues, handBackOrphans, queueSchema } from "./queue-table.ts";
import type { Database } from "./schema.ts";

/** Where the data lies. A folder belongs to one process at a time; `dump` is an archive of a data folder to begin with. */
export type DatabasePlace = { folder: string; dump?: Blob } | { url: string };

export type StoreOptions = {
  place: DatabasePlace;
  /**
   * Seconds without a sign of life after which another process may take a job over (from 10). With a folder the wait falls away: who
   * opens it is alone.
   */
  leaseSeconds?: number;
  /** What the queue reports of itself between calls: a lost connection, a slow query. The code holds no data. */
  onTrouble?: (code: string, error: unknown) => void;
};

/** The open store. Its fields belong to `src/store`; everybody else hands it to the functions there. */
export type Store = {
  readonly kind: "pglite" | "postgres";
  readonly db: Kysely<Database>;
  readonly boss: PgBoss;
  readonly leaseSeconds: number;
  close(): Promise<void>;
};

/** PostgreSQL's number for bigint. GitHub's ids stay far below 2^53. */
const int8 = 20;
/** First release that is tested against. */
const oldestServer = 15;
export const defaultLeaseSeconds = 30;

/**
 * Open the store and bring it up to date.
 * Throws LeaseholdError("config") for a folder in use, a server older than PostgreSQL 15 or a schema newer than this program;
 * LeaseholdError("network") for a server that does not answer.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { place, leaseSeconds = defaultLeaseSeconds, onTrouble = () => {} } = options;
  const opened = "url" in place ? await openServer(place.url, onTrouble) : await openFolder(place.folder, place.dump);
  try {
    await migrateStore(opened.db as unknown as Kysely<never>);
    const boss = new PgBoss({
      ...opened.queue,
      schema: queueSchema,
      superviseIntervalSeconds: Math.max(1, Math.floor(leaseSeconds / 3)),
      monitorIntervalSeconds: Math.max(1, Math.floor(leaseSeconds / 3)),
    });
    boss.on("error", (error) => onTrouble("queue-error", error));
    boss.on("warning", ({ message }) => onTrouble("queue-warning", new Error(message)));
    await boss.start();
    await createQueues(boss, leaseSeconds);
    const store: Store = {
      kind: opened.kind,
      db: opened.db,
      boss,
      leaseSeconds,
      async close() {
        await boss.stop({ graceful: false });
        await opened.close();
      },
    };
    if (opened.kind === "pglite") await handBackOrphans(store);
    return store;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

type Opened = {
  kind: Store["kind"];
  db: Kysely<Database>;
  queue: ConstructorParameters<typeof PgBoss>[0] & object;
  close(): Promise<void>;
};

async function openFolder(folder: string, dump: Blob | undefined): Promise<Opened> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const unlock = lockFolder(folder);
  try {
    const lite = await PGlite.create({
      dataDir: join(folder, "database"),
      parsers: { [int8]: Number },
      ...(dump === undefined ? {} : { loadDataDir: dump }),
    });
    return {
      kind: "pglite",
      db: new Kysely<Database>({ dialect: new PGliteDialect({ pglite: lite }) }).withSchema(storeSchema),
      queue: { db: fromPglite(lite), backend: "pglite" },
      async close() {
        await lite.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openServer(url: string, onTrouble: (code: string, error: unknown) => void): Promise<Opened> {
  const types = {
    getTypeParser: ((oid: number, format?: "text") =>
      oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({ connectionString: url, max: 10, application_name: "leasehold", types });
  // An idle connection that the server ends is replaced at the next query; without a listener it would end the process.
  pool.on("error", (error) => onTrouble("database-connection", error));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }).withSchema(storeSchema);
  try {
    const { rows } = await sql<{ number: string }>`select current_setting('server_version_num') as number`.execute(db);
    const major = Math.floor(Number(rows[0]?.number) / 10_000);
    if (!(major >= oldestServer))
      throw new LeaseholdError("config", `PostgreSQL ${oldestServer} or newer is needed; the server is ${major}`);
  } catch (error) {
    await db.destroy();
    if (error instanceof LeaseholdError) throw error;
    const { code } = error as { code?: unknown };
    // The driver's message may repeat the address, and the address holds a password.
    throw new LeaseholdError(
      "network",
      `the database of DATABASE_URL does not let us in (${typeof code === "string" ? code : "no answer"}): check address, name, user and password`,
    );
  }
  return {
    kind: "postgres",
    db,
    queue: { connectionString: url, max: 5, application_name: "leasehold queue" },
    close: () => db.destroy(),
  };
}

/** Whether the store answers and its schema is whole. Never throws. */
export async function isReady(store: Store): Promise<boolean> {
  try {
    return (await isMigrated(store.db as unknown as Kysely<never>)) && (await store.boss.isInstalled());
  } catch {
    return false;
  }
}
