/**
 * A process of the kill test with the App's own jobs, which is ended with `kill -9`. Argument: JSON with the database's place, the environment and the
 * cache's folder.
 */
import { accessHere } from "../../src/app/access-here.ts";
import { readConfig } from "../../src/app/config.ts";
import { appHandlers } from "../../src/app/handlers.ts";
import { createLog } from "../../src/app/log.ts";
import { startApp } from "../../src/app/run.ts";

const { place, env, root, cacheFolder } = JSON.parse(process.argv[2]!) as {
  place: { folder: string } | { url: string };
  env: Record<string, string>;
  root: string;
  cacheFolder: string;
};
const config = readConfig(env, root);
const log = createLog(process.env.KILL_LOG ?? "silent", process.stderr);
const app = await startApp({
  ...{ config, log, folder: root, place },
  handlers(store) {
    const credentials = config.credentials!;
    return appHandlers(accessHere({ ...config, credentials }, { store, log, cacheFolder, writeGap: 0 }).access);
  },
});
process.stdout.write(`${app.url}\n`);
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
