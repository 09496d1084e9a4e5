/** `script/server`: the App as a process. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LeaseholdError } from "../error.ts";
import { accessHere } from "./access-here.ts";
import { readConfig } from "./config.ts";
import { appHandlers } from "./handlers.ts";
import { createLog } from "./log.ts";
import { startApp } from "./run.ts";
import { startUpkeep } from "./upkeep.ts";

const folder = fileURLToPath(new URL("../..", import.meta.url));

async function main(): Promise<void> {
  const file = join(process.cwd(), ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  const config = readConfig(process.env, process.cwd());
  const log = createLog(config.logLevel);
  const cache = process.env.LEASEHOLD_GIT_CACHE ?? join(homedir(), ".cache/leasehold/git");
  let stopUpkeep = async () => {};
  let close = () => {};
  const app = await startApp({
    config,
    log,
    folder,
    handlers(store) {
      const { credentials } = config;
      if (credentials === undefined) return {};
      const made = accessHere({ ...config, credentials }, { store, log, cacheFolder: cache });
      const upkeep = startUpkeep(made.access);
      stopUpkeep = upkeep.stop;
      close = made.close;
      return appHandlers(made.access);
    },
  });
  if (app.store === undefined)
    log.warn({ url: app.url }, "no credentials: open this page on this machine to register the App");
  else {
    log.info({ url: app.url, database: app.store.kind }, "ready");
    if (app.store.kind === "pglite")
      log.info({}, "data lies in one folder, for this process alone; several workers need PostgreSQL (DATABASE_URL)");
  }
  const stopAll = async () => {
    await stopUpkeep();
    await app.stop();
    close();
  };
  let stopping = false;
  const stop = (signal: string) => {
    // The second one means at once.
    if (stopping) process.exit(130);
    stopping = true;
    log.info({ signal }, "stopping");
    stopAll().then(
      () => process.exit(0),
      (error) => {
        log.error(log.safe(error), "could not stop cleanly");
        process.exit(70);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LeaseholdError)) throw error;
  console.error(`leasehold: ${error.message}`);
  process.exitCode = error.code === "network" ? 5 : 2;
}
