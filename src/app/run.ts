/** Puts the App together: store, worker, server; and takes it apart again in the right order. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { deliveryIntake } from "../store/intake.ts";
import { type DatabasePlace, isReady, openStore, type Store } from "../store/open.ts";
import { queueFigures } from "../store/queue-table.ts";
import { startWorker, type Worker } from "../store/worker.ts";
import type { AppConfig } from "./config.ts";
import { createFigures } from "./figures.ts";
import { ingest } from "./ingest.ts";
import { type JobHandlers, runJob, UnknownJob } from "./job.ts";
import { codeOf, type Log } from "./log.ts";
import { readManifest } from "./manifest.ts";
import { createAppServer } from "./server.ts";
import { setUpPage } from "./set-up.ts";
import { bodyReader } from "./webhook-body.ts";

/** Tries of a job before it is dead: one, and three more. */
export const maxAttempts = 4;
/** A worker that has not asked the queue for so long is not alive. */
const mostSilence = 60_000;

export type AppOptions = {
  config: AppConfig;
  log: Log;
  /** Makes the handlers, once the store is open. */
  handlers(store: Store): JobHandlers;
  /** The folder of app.yml, and where the set-up page writes `.env`. */
  folder: string;
  /** Instead of the configuration's database, for tests. */
  place?: DatabasePlace;
};

export type RunningApp = {
  /** `http://127.0.0.1:3000`. */
  url: string;
  /** Undefined while there is only the set-up page. */
  store: Store | undefined;
  /** Accept no more, let running jobs end within the limit, hand the rest back, close the store. */
  stop(): Promise<void>;
};

/** Start the App. Throws LeaseholdError where the configuration, the folder or the database do not fit. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { config, log, folder } = options;
  const figures = createFigures();
  if (config.credentials === undefined) {
    const setUp = setUpPage({ config, manifest: readManifest(folder), folder });
    const server = createAppServer({ ready: async () => false, setUp }, figures, log);
    const url = await listen(server, config);
    return { url, store: undefined, stop: () => close(server) };
  }
  const onTrouble = (code: string, error: unknown) => {
    figures.trouble(code);
    log.error({ trouble: code, ...log.safe(error) }, "store");
  };
  const { leaseSeconds } = config;
  const store = await openStore({ place: options.place ?? config.database, leaseSeconds, onTrouble });
  const handlers = options.handlers(store);
  const worker = startWorker(store, {
    concurrency: config.concurrency,
    maxAttempts,
    run: (job) => runJob(handlers, job),
    codeOf: (error) => (error instanceof UnknownJob ? error.code : codeOf(error)),
    onTrouble,
    onEnd(job, end, seconds, error) {
      figures.ended(job.job, end, seconds);
      const fields = { job: job.job, delivery: job.delivery, attempt: job.attempt, end, seconds };
      if (error === undefined) log.info(fields, "job");
      else log.warn({ ...fields, ...log.safe(error) }, "job");
    },
  });
  const intake = deliveryIntake(store, worker.wake);
  const read = bodyReader(config.credentials.webhookSecrets);
  const handled = new Set(Object.keys(handlers));
  let stopping = false;
  const server = createAppServer(
    {
      webhook: (request) => ingest(request, { read, intake, handled, figures, log, now: () => new Date() }),
      ready: async () => !stopping && Date.now() - worker.lastLook() < mostSilence && (await isReady(store)),
      metrics: () => figures.text(() => queueFigures(store, new Date())),
    },
    figures,
    log,
  );
  try {
    const url = await listen(server, config);
    return {
      url,
      store,
      async stop() {
        stopping = true;
        await stopApp(server, intake.settled, worker, store, config.drainSeconds);
      },
    };
  } catch (error) {
    await stopApp(undefined, intake.settled, worker, store, 0);
    throw error;
  }
}

async function stopApp(
  server: Server | undefined,
  settled: () => Promise<void>,
  worker: Worker,
  store: Store,
  seconds: number,
): Promise<void> {
  // A delivery whose transaction has begun is answered before the store goes.
  if (server !== undefined) await close(server);
  await settled();
  await worker.drain(seconds * 1000);
  await store.close();
}

async function listen(server: Server, { host, port }: AppConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, port: given, family } = server.address() as AddressInfo;
  const shown = address === "0.0.0.0" ? "127.0.0.1" : family === "IPv6" ? `[${address}]` : address;
  return `http://${shown}:${given}`;
}

/** Longest wait for requests that are under way when the server stops. */
const mostFarewell = 5_000;

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), mostFarewell);
  await closed;
  clearTimeout(timer);
}
