/** Real events, delivered up to three times and out of order to processes that are killed at random: GitHub ends with the checks of an undisturbed run. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { countDeliveries } from "../../src/store/deliveries.ts";
import { type DatabasePlace, openStore } from "../../src/store/open.ts";
import { push } from "../fake-github/happen-work.ts";
import { addPull, tellOfPull } from "../fake-github/pull.ts";
import { addOrganisation, addRepository, addUser } from "../fake-github/seed.ts";
import { addApp, addInstallation } from "../fake-github/seed-app.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/server.ts";
import type { App, Delivery, Permissions, Repository } from "../fake-github/state.ts";
import { seededDraw } from "../leak/draw.ts";
import { drawnToken } from "../leak/draw-token.ts";
import { deliver, root, secret } from "./app.ts";

export type CheckKillRun = { repositories: number; pushes: number; kills: number; processes: number; seed: number };
export type CheckKillResult = {
  deliveries: number;
  sent: number;
  killed: number;
  processed: number;
  unsettled: number;
  failed: number;
  doubled: number;
  undisturbed: Record<string, unknown>;
  disturbed: Record<string, unknown>;
};

const granted: Permissions = { metadata: "read", contents: "read", pull_requests: "read", checks: "write" };
const program = fileURLToPath(new URL("./check-kill-worker.ts", import.meta.url));

/** In: gives an empty database; how much of what. */
export async function checkKillRun(place: () => Promise<DatabasePlace>, how: CheckKillRun): Promise<CheckKillResult> {
  const draw = seededDraw(how.seed);
  const github = await startFakeGitHub();
  const folder = mkdtempSync(join(tmpdir(), "leasehold-kill-"));
  const running: Running[] = [];
  try {
    const { app, repositories } = await history(github, how, draw);
    const told = [...app.deliveries].reverse();
    const env = {
      ...{ APP_ID: String(app.id), WEBHOOK_SECRET: secret, HOST: "127.0.0.1", PORT: "0" },
      ...{ GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http", LEASEHOLD_LEASE_SECONDS: "10" },
      ...{ LEASEHOLD_DRAIN_SECONDS: "5", LEASEHOLD_DATA: join(folder, "none") },
      PRIVATE_KEY: app.keys().privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    };
    const argumentFor = (settled: DatabasePlace) =>
      JSON.stringify({ place: settled, env, root, cacheFolder: join(folder, "git") });

    const first = await settledPlace(await place());
    running.push(await start(argumentFor(first)));
    for (const one of told) await send(running, draw, one);
    await idle(running);
    await kill(running.pop()!, "SIGTERM");
    const undisturbed = checksOf(repositories);
    for (const repository of repositories) repository.checkRuns.length = 0;

    const second = await settledPlace(await place());
    for (let at = 0; at < how.processes; at++) running.push(await start(argumentFor(second)));
    const sending = shuffled(
      told.flatMap((one) => Array.from({ length: 1 + draw(3) }, () => one)),
      draw,
    );
    const killsAt = new Set<number>();
    while (killsAt.size < how.kills) killsAt.add(draw(sending.length));
    let killed = 0;
    let again: Delivery[] = [];
    for (const [at, one] of sending.entries()) {
      if (!(await send(running, draw, one))) again.push(one);
      if (!killsAt.has(at)) continue;
      await new Promise((done) => setTimeout(done, draw(1_500)));
      const which = draw(running.length);
      await kill(running[which]!, "SIGKILL");
      killed++;
      running[which] = await start(argumentFor(second));
    }
    // GitHub notes those as failed, and the sweep asks for them.
    while (again.length > 0) {
      const left = again;
      again = [];
      for (const one of left) if (!(await send(running, draw, one))) again.push(one);
    }
    await idle(running);
    for (const one of running.splice(0)) await kill(one, "SIGTERM");
    const store = await openStore({ place: second });
    const { processed, stored, failed } = await countDeliveries(store);
    await store.close();
    return {
      ...{ deliveries: told.length, sent: sending.length, killed, processed, unsettled: stored, failed, undisturbed },
      ...{ disturbed: checksOf(repositories), doubled: doubledIn(repositories) },
    };
  } finally {
    for (const { child } of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    await github.close();
  }
}

/** What happened on GitHub before the App heard of any of it. */
async function history(
  github: FakeGitHub,
  { repositories: count, pushes }: CheckKillRun,
  draw: (below: number) => number,
): Promise<{ app: App; repositories: Repository[] }> {
  const { state } = github;
  addOrganisation(state, "acme", { alice: "admin" });
  const alice = addUser(state, "alice");
  const post = createServer((request, response) => request.resume().on("end", () => response.writeHead(202).end()));
  await new Promise<void>((done) => post.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(post.address() as AddressInfo).port}/`;
  const app = addApp(state, "leasehold", granted, { events: ["push", "pull_request"], webhook: { url, secret } });
  addInstallation(state, app, "acme", { permissions: granted });
  const repositories: Repository[] = [];
  for (let at = 0; at < count; at++) {
    const repository = addRepository(state, `acme/r${at}`);
    const mode = at % 3 === 0 ? "observe" : "enforce";
    await push(state, repository, alice, { files: { ".github/leasehold.yml": `version: 1\nmode: ${mode}\n` } });
    repositories.push(repository);
  }
  for (let at = 0; at < pushes; at++) {
    const repository = repositories[draw(count)]!;
    const branch = `b${draw(4)}`;
    const text = draw(3) === 0 ? drawnToken("github-pat", at) : "nothing";
    await push(state, repository, alice, { branch, files: { [`f${at}.txt`]: `value: ${text}\n` } });
    const pull = [...repository.issues.values()].find(({ pull: one }) => one?.head === branch);
    if (pull === undefined && draw(2) === 0)
      await addPull(state, repository, { author: alice }, { title: "change", head: branch });
    else if (pull !== undefined && draw(4) === 0) {
      const closed = pull.state === "open";
      pull.state = closed ? "closed" : "open";
      tellOfPull(state, repository, pull, closed ? "closed" : "reopened", "alice");
    }
    await github.settled();
  }
  post.closeAllConnections();
  await new Promise((done) => post.close(done));
  return { app, repositories };
}

/** What GitHub shows of each commit, without numbers and times. */
function checksOf(repositories: readonly Repository[]): Record<string, unknown> {
  return Object.fromEntries(
    repositories
      .flatMap(({ name, checkRuns }) =>
        checkRuns.map(({ headSha, status, conclusion, title, summary, annotations, actions }): [string, unknown] => [
          `${name} ${headSha}`,
          { status, conclusion, title, summary, annotations, actions },
        ]),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function doubledIn(repositories: readonly Repository[]): number {
  return repositories.reduce(
    (sum, { checkRuns }) => sum + checkRuns.length - new Set(checkRuns.map(({ headSha }) => headSha)).size,
    0,
  );
}

type Running = { child: ChildProcess; url: string };

async function settledPlace(place: DatabasePlace): Promise<DatabasePlace> {
  await (await openStore({ place })).close();
  return "folder" in place ? { folder: place.folder } : place;
}

async function start(argument: string): Promise<Running> {
  const child = spawn(process.execPath, [program, argument], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
  });
  return { child, url };
}

async function kill({ child }: Running, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

async function send(
  running: readonly Running[],
  draw: (below: number) => number,
  { event, payload, guid }: Delivery,
): Promise<boolean> {
  try {
    const [status] = await deliver(running[draw(running.length)]!.url, event, payload, { guid });
    return status === 202;
  } catch {
    return false;
  }
}

function shuffled<T>(list: T[], draw: (below: number) => number): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

/** Wait until no process has anything left, as their figures tell. */
async function idle(running: readonly Running[]): Promise<void> {
  for (const end = Date.now() + 3_000_000; ; ) {
    const text = await (await fetch(`${running[0]!.url}/metrics`)).text();
    const left = ["waiting", "deferred", "running"].map((state) =>
      Number(new RegExp(`leasehold_jobs\\{state="${state}"\\} (\\d+)`).exec(text)?.[1] ?? 1),
    );
    if (left.every((count) => count === 0)) return;
    if (Date.now() > end) throw new Error(`jobs are left: ${left.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
