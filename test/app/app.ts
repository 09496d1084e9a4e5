/** The App for tests: on loopback, in a database of its own, with handlers that the test gives. */
import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type AppConfig, type Environment, readConfig } from "../../src/app/config.ts";
import type { JobHandlers } from "../../src/app/job.ts";
import { createLog } from "../../src/app/log.ts";
import { type RunningApp, startApp } from "../../src/app/run.ts";
import type { DatabasePlace, Store } from "../../src/store/open.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));
/** Drawn anew in each run. */
export const secret = randomUUID() + randomUUID();
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const credentials: Environment = {
  APP_ID: "1",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: secret,
};

export function testConfig(env: Environment = {}): AppConfig {
  return readConfig({ HOST: "127.0.0.1", PORT: "0", LEASEHOLD_DRAIN_SECONDS: "5", ...credentials, ...env }, root);
}

export type TestApp = RunningApp & { store: Store; lines: string[] };

/** Start it; its log goes into `lines`. */
export async function startTestApp(
  place: DatabasePlace,
  handlers: JobHandlers,
  env: Environment = {},
): Promise<TestApp> {
  const lines: string[] = [];
  const log = createLog("trace", { write: (line: string) => void lines.push(line) });
  const app = await startApp({ config: testConfig(env), log, folder: root, handlers: () => handlers, place });
  return { ...app, store: app.store!, lines };
}

export function sign(body: string | Buffer, key: string = secret): string {
  return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
}

/** Deliver a payload as GitHub does. Out: status and text of the answer. */
export async function deliver(
  url: string,
  event: string,
  payload: unknown,
  options: { guid?: string; key?: string } = {},
): Promise<[number, string]> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": options.guid ?? randomUUID(),
      "x-hub-signature-256": sign(body, options.key),
    },
  });
  return [response.status, (await response.text()).trim()];
}

/** A payload of a push. */
export function pushPayload(repository: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ref: "refs/heads/main",
    before: "a".repeat(40),
    after: "b".repeat(40),
    created: false,
    deleted: false,
    forced: false,
    repository: { id: repository, name: "shop", owner: { login: "acme" }, private: true, default_branch: "main" },
    installation: { id: 5 },
    ...fields,
  };
}

/** Wait until something holds. */
export async function until(what: () => Promise<boolean> | boolean, milliseconds = 20_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !(await what()); ) {
    if (Date.now() > end) throw new Error("it did not come about in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
