/** Takes a webhook in: signature, size, stored and enqueued in one transaction, 202. Nothing else happens in the request. */
import type { IncomingMessage } from "node:http";
import type { DeliveryIntake } from "../store/intake.ts";
import { readEvent } from "./event-table.ts";
import type { Figures } from "./figures.ts";
import type { Log } from "./log.ts";
import type { BodyReader } from "./webhook-body.ts";

export type IngestOptions = {
  read: BodyReader;
  intake: DeliveryIntake;
  /** Names of the jobs that there are handlers for. */
  handled: ReadonlySet<string>;
  figures: Figures;
  log: Log;
  now(): Date;
};

/** What is answered: 202 for everything that was kept, whether or not it is handled. The text says nothing of the payload. */
export type IngestAnswer = { status: 202 | 400 | 401 | 413 | 415 | 503; text: string };

const refusals = {
  400: "broken off",
  401: "signature missing or wrong",
  413: "larger than 25 MB",
  503: "too many at once",
} as const;

/** In: a POST to the webhook's path. */
export async function ingest(request: IncomingMessage, options: IngestOptions): Promise<IngestAnswer> {
  const { figures, log } = options;
  const reading = await options.read(request);
  if (!reading.ok) {
    figures.refused(reading.status);
    return { status: reading.status, text: refusals[reading.status] };
  }
  const refuse = (status: 400 | 415, text: string): IngestAnswer => {
    figures.refused(status);
    return { status, text };
  };
  const guid = String(request.headers["x-github-delivery"] ?? "");
  const event = String(request.headers["x-github-event"] ?? "");
  if (!/^[0-9A-Za-z-]{1,64}$/.test(guid)) return refuse(400, "X-GitHub-Delivery missing");
  if (!/^[a-z0-9_]{1,64}$/.test(event)) return refuse(400, "X-GitHub-Event missing");
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
    return refuse(415, "content type must be application/json: set it in the App's webhook settings");
  let payload: unknown;
  try {
    payload = JSON.parse(reading.body.toString("utf8"));
  } catch {
    return refuse(400, "not JSON");
  }
  const { kind, action, installationId, repositoryId, ...rest } = readEvent(event, payload, options.handled);
  const job = "job" in rest ? { job: rest.job, data: rest.data } : undefined;
  const errorCode = kind === "unknown-form" ? kind : undefined;
  try {
    const common = { guid, event, action, installationId, repositoryId, receivedAt: options.now() };
    const became = await options.intake.accept({ ...common, job, errorCode });
    figures.accepted(became);
    log.info({ delivery: guid, event, action, installationId, repositoryId, intake: became }, "delivery");
    return { status: 202, text: became };
  } catch (error) {
    figures.refused(503);
    log.error({ delivery: guid, event, ...log.safe(error) }, "delivery could not be stored");
    return { status: 503, text: "could not be stored; deliver it again" };
  }
}
