/**
 * A GitHub on the loopback. It keeps a state, answers GitHub's REST API from it, and holds every request and every answer against
 * GitHub's own description: what is not valid is remembered, and thrown when it closes.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mail, mailOf } from "./event.ts";
import { type Limits, rateLimits } from "./limit.ts";
import { answer } from "./route.ts";
import type { App, Delivery, State } from "./state.ts";
import { type Trouble, type Troubles, troubles } from "./trouble.ts";

/** One request and what became of it. */
export type Made = {
  method: string;
  /** Path as it was sent, without `/api/v3`. */
  path: string;
  query: string;
  operation: string;
  status: number;
  headers: Record<string, string | undefined>;
  body: unknown;
};

/** What the parts of the server share. */
export type World = {
  state: State;
  limits: Limits;
  troubles: Troubles;
  calls: Made[];
  violations: string[];
  /** Address without a slash at its end. */
  url: string;
};

export type FakeGitHub = {
  /** Root of the REST API and of the pages; `/api/v3` and `/graphql` are below. */
  url: string;
  state: State;
  /** Requests so far, the oldest first. */
  calls: Made[];
  /** What was not as GitHub describes it. Take out of it what a test meant to provoke. */
  violations: string[];
  /** Trouble for the requests to come. */
  fail(trouble: Trouble): void;
  /** Ends all trouble. */
  heal(): void;
  /** Sets what is left of a token's rate limit, and the seconds until it is full again. */
  leave(token: string, remaining: number, seconds: number): void;
  /** Sends an App any event, signed, and waits for its answer. */
  deliver(app: App, event: string, payload: object): Promise<Delivery>;
  /** So many deliveries to come are lost on their way. */
  lose(times: number): void;
  /** Waits until everything that happened was delivered, or lost. */
  settled(): Promise<void>;
  /** Stops serving. Throws where a request or an answer was not as GitHub describes it. */
  close(): Promise<void>;
};

/**
 * In: fills the state before the first request, when the server already listens; the clock, in milliseconds since 1970; how long a
 * delivery waits for an answer, in milliseconds (GitHub waits ten seconds).
 */
export async function startFakeGitHub(
  seed: (state: State) => void | Promise<void> = () => {},
  options: { now?: () => number; patience?: number } = {},
): Promise<FakeGitHub> {
  const state: State = {
    ...{ now: options.now ?? Date.now, folder: mkdtempSync(join(tmpdir(), "leasehold-github-")), lastId: 1_000 },
    ...{ tell: (told) => mail.tell(told), redeliver: (app, delivery) => void mail.redeliver(app, delivery) },
    ...{ accounts: new Map(), repositories: new Map(), apps: new Map(), installations: new Map(), tokens: new Map() },
    ...{ formerNames: new Map(), manifestCodes: new Map() },
  };
  const mail: Mail = mailOf(
    state,
    { links: () => ({ web: world.url, api: world.url }), patience: options.patience ?? 10_000 },
    (error) => world.violations.push(`a delivery: ${error instanceof Error ? error.stack : String(error)}`),
  );
  const world: World = {
    ...{ state, limits: rateLimits(), troubles: troubles(), calls: [], violations: [], url: "" },
  };
  const server = createServer((request, response) => {
    answer(world, request, response).catch((error: unknown) => {
      world.violations.push(
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
      );
      response.destroy();
    });
  });
  await listen(server);
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await seed(state);
  let closed = false;
  return {
    ...{ url: world.url, state, calls: world.calls, violations: world.violations },
    fail: (trouble) => world.troubles.add(trouble),
    heal: () => world.troubles.clear(),
    leave: (token, remaining, seconds) => world.limits.leave(token, remaining, seconds, state.now()),
    deliver: (app, event, payload) =>
      mail.deliver(app, {
        ...{ guid: randomUUID(), event, payload, repositoryId: idIn(payload, "repository") },
        ...{ installationId: idIn(payload, "installation"), action: actionIn(payload) },
      }),
    lose: (times) => mail.lose(times),
    settled: () => mail.settled(),
    async close() {
      if (closed) return;
      closed = true;
      await mail.settled();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      rmSync(state.folder, { recursive: true, force: true });
      if (world.violations.length > 0)
        throw new Error(`not as GitHub describes its API:\n${[...new Set(world.violations)].join("\n")}`);
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => done());
  });
}

function actionIn(payload: object): string | null {
  return "action" in payload && typeof payload.action === "string" ? payload.action : null;
}

function idIn(payload: object, key: string): number | null {
  const value = (payload as Record<string, { id?: number } | undefined>)[key];
  return value?.id ?? null;
}
