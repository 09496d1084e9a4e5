/** The two databases that every test of the store runs on. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe } from "vitest";
import { cacheFolder } from "../../script/cached-package.ts";
import { openStore, type Store, type StoreOptions } from "../../src/store/open.ts";
import { createDatabase, startPostgres, type TestServer } from "./postgres.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How to open a database: the place of a new one, and the store in it. */
export type TestDatabase = {
  /** A new database, up to date. It goes when the tests of its group are over. */
  place(): Promise<StoreOptions["place"]>;
  /** An empty store, the same for all tests of the group; it is closed after them. */
  open(): Promise<Store>;
};

/** What a fresh database depends on: a change there makes another copy. */
const dumpInputs = [
  "src/store/migrations.ts",
  "src/store/migrate.ts",
  "src/store/queue-table.ts",
  "node_modules/@electric-sql/pglite/package.json",
  "node_modules/pg-boss/package.json",
];

/** Making a PGlite database takes seconds, and copying one does not: one process makes the copy, in the cache, and all others take it. */
export async function liteDump(): Promise<Blob> {
  const hash = createHash("sha256");
  for (const name of dumpInputs) hash.update(readFileSync(join(root, name)));
  const folder = join(cacheFolder(), "test");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `pglite-${hash.digest("hex").slice(0, 16)}.tar`);
  const making = `${path}.making`;
  for (let waited = 0; !existsSync(path); waited++) {
    // One that was killed while it made the copy does not hold up the others for ever.
    if (waited > 1_200) rmSync(making, { recursive: true, force: true });
    try {
      mkdirSync(making);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      await makeDump(path);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  return new Blob([readFileSync(path)]);
}

async function makeDump(path: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "leasehold-dump-"));
  try {
    const store = await openStore({ place: { folder: scratch } });
    await store.close();
    const lite = await PGlite.create({ dataDir: join(scratch, "database") });
    const dump = Buffer.from(await (await lite.dumpDataDir("none")).arrayBuffer());
    await lite.close();
    writeFileSync(`${path}.${process.pid}`, dump);
    renameSync(`${path}.${process.pid}`, path);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Run the same tests on PGlite and on PostgreSQL. Where there is no PostgreSQL they are skipped, and the reason is printed. */
export async function onBothDatabases(tests: (database: TestDatabase, kind: Store["kind"]) => void): Promise<void> {
  describe("on PGlite", () => {
    const scratch = mkdtempSync(join(tmpdir(), "leasehold-lite-"));
    let dump: Blob;
    beforeAll(async () => {
      dump = await liteDump();
    }, 180_000);
    afterAll(() => rmSync(scratch, { recursive: true, force: true }));
    let count = 0;
    const place = async () => ({ folder: join(scratch, String(++count)), dump });
    tests({ place, open: opener(place) }, "pglite");
  });

  let server: TestServer | undefined;
  const started = await startPostgres();
  if ("missing" in started) console.log(`skipped on PostgreSQL: ${started.missing}`);
  else server = started;
  describe.skipIf(server === undefined)("on PostgreSQL", () => {
    afterAll(async () => {
      await server?.stop();
    });
    const place = async () => ({ url: await createDatabase(server!.url) });
    tests({ place, open: opener(place) }, "postgres");
  });
}

/** One store for all tests of a group, emptied in between: to open another takes a second. */
function opener(place: TestDatabase["place"]): TestDatabase["open"] {
  let shared: Store | undefined;
  afterAll(async () => {
    await shared?.close();
  });
  return async () => {
    if (shared === undefined) shared = await openStore({ place: await place(), leaseSeconds: 10 });
    else await emptyStore(shared);
    return shared;
  };
}

async function emptyStore(store: Store): Promise<void> {
  await store.boss.deleteAllJobs("jobs");
  await store.boss.deleteAllJobs("dead");
  for (const table of tables) await store.db.deleteFrom(table).execute();
}

const tables = [
  "deliveries",
  "redeliveries",
  "installations",
  "repositories",
  "pull_requests",
  "pushes",
  "check_runs",
  "incidents",
  "git_cache",
] as const;
