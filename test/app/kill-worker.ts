/**
 * A process of the kill test: the App on a database, whose jobs write what they did to a file. It is ended with `kill -9`.
 * Argument: JSON with the database's place, the file, the environment and how long a job takes.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../src/app/config.ts";
import type { JobHandlers } from "../../src/app/job.ts";
import { createLog } from "../../src/app/log.ts";
import { startApp } from "../../src/app/run.ts";

const { place, folder, env, milliseconds, root } = JSON.parse(process.argv[2]!) as {
  place: { folder: string } | { url: string };
  folder: string;
  env: Record<string, string>;
  milliseconds: number;
  root: string;
};

/** What GitHub would hold: a check a head, made where it is not there and then left alone. Each try is noted beside it. */
const handlers: JobHandlers = {
  async push({ repository, after }, { delivery }) {
    appendFileSync(join(folder, "begun"), `${delivery}\n`);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const check = join(folder, `check-${repository.id}-${after}`);
    const made = readHere(check) ?? "";
    if (made === "") writeFileSync(check, `success ${after}\n`, { flag: "wx" });
    return undefined;
  },
};

function readHere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const config = readConfig(env, root);
const app = await startApp({ config, log: createLog("silent"), folder: root, handlers: () => handlers, place });
process.stdout.write(`${app.url}\n`);
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
