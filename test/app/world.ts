/** A whole world for the App: a GitHub on loopback, an organisation that has installed the App, and the App itself, told of everything by webhooks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AppAccess } from "../../src/app/access.ts";
import { appHandlers } from "../../src/app/handlers.ts";
import { createLog } from "../../src/app/log.ts";
import { type RunningApp, startApp } from "../../src/app/run.ts";
import { openGitCache } from "../../src/git/cache.ts";
import { gitHubApp } from "../../src/github/app.ts";
import type { Store } from "../../src/store/open.ts";
import { queueFigures } from "../../src/store/queue-table.ts";
import { type Client, client } from "../fake-github/client.ts";
import { commitFiles, refMoved } from "../fake-github/commit.ts";
import { commitIdOf, noObject } from "../fake-github/git.ts";
import { addOrganisation, addRepository } from "../fake-github/seed.ts";
import { addApp, addClassicToken, addInstallation } from "../fake-github/seed-app.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/server.ts";
import type { App, Installation, Permissions, Repository } from "../fake-github/state.ts";
import type { CheckRun } from "../fake-github/work.ts";
import { liteDump } from "../store/databases.ts";
import { root, secret, testConfig } from "./app.ts";

export const granted: Permissions = {
  ...{ metadata: "read", contents: "write", pull_requests: "write", checks: "write", issues: "write" },
  ...{ members: "read", merge_queues: "read", workflows: "write" },
};
const events = ["push", "pull_request", "merge_group", "repository", "check_run", "check_suite"];

export type World = {
  github: FakeGitHub;
  app: App;
  installation: Installation;
  running: RunningApp;
  store: Store;
  access: AppAccess;
  /** Lines of the App's log. */
  lines: string[];
  cacheFolder: string;
  /** An owner of the organisation. */
  asOwner: Client;
  repository(name: string, changes?: Partial<Repository>): Repository;
  /** Commits to a branch and tells of the push. Out: the commit's id. */
  push(repository: Repository, branch: string, files: Record<string, string | null>, parent?: string): Promise<string>;
  /** Opens a pull request. Out: its number. */
  open(repository: Repository, head: string, base?: string): Promise<number>;
  /** Waits until everything that was told was worked on. */
  settled(): Promise<void>;
  /** The check of a commit as GitHub shows it. Throws where there is more than one. */
  check(repository: Repository, sha: string): CheckRun | undefined;
};

/** Everything is stopped when the test ends; what was not as GitHub describes it fails the test. */
export async function world(options: { permissions?: Permissions; installed?: boolean } = {}): Promise<World> {
  const github = await startFakeGitHub();
  const { state } = github;
  addOrganisation(state, "acme", { alice: "admin", carol: "member" });
  const app = addApp(state, "leasehold", granted, { events, webhook: { url: undefined, secret } });
  const installation = addInstallation(state, app, "acme", { permissions: options.permissions ?? granted });
  const folder = mkdtempSync(join(tmpdir(), "leasehold-app-"));
  const lines: string[] = [];
  const log = createLog("trace", { write: (line: string) => void lines.push(line) });
  const cacheFolder = join(folder, "git");
  const cache = openGitCache(cacheFolder, { most: 1 << 30, now: Date.now });
  const ending = new AbortController();
  let access: AppAccess | undefined;
  const running = await startApp({
    config: testConfig(),
    log,
    folder: root,
    place: { folder: join(folder, "data"), dump: await liteDump() },
    handlers(store) {
      access = {
        ...{ store, cache, appId: app.id, webUrl: github.url, now: () => new Date(), log },
        github: gitHubApp({
          ...{ url: `${github.url}/api/v3`, appId: String(app.id), userAgent: "leasehold-test", writeGap: 0 },
          ...{ privateKey: app.keys().privateKey.export({ type: "pkcs1", format: "pem" }).toString() },
          ...{ signal: ending.signal, now: Date.now, wait: (ms) => new Promise((done) => setTimeout(done, ms)) },
        }),
      };
      return appHandlers(access);
    },
  });
  app.webhook.url = `${running.url}/api/github/webhooks`;
  const store = running.store!;
  onTestFinished(async () => {
    await github.settled();
    await running.stop();
    ending.abort();
    cache.close();
    rmSync(folder, { recursive: true, force: true });
    await github.close();
  });
  const asOwner = client(github, addClassicToken(state, "alice", ["repo", "workflow", "admin:org"]));
  return {
    ...{ github, app, installation, running, store, access: access!, lines, cacheFolder, asOwner },
    repository: (name, changes = {}) => addRepository(state, `acme/${name}`, changes),
    async push(repository, branch, files, parent) {
      const before = (await commitIdOf(state, repository, `heads/${branch}`)) ?? noObject;
      const after = await commitFiles(state, repository, {
        branch,
        files,
        ...(parent === undefined ? {} : { parent }),
      });
      refMoved(state, repository, { ref: `refs/heads/${branch}`, before, after, sender: "alice" });
      return after;
    },
    async open(repository, head, base = repository.defaultBranch) {
      const path = `/repos/${repository.owner.login}/${repository.name}/pulls`;
      const made = await asOwner("POST", path, { title: "change", head, base });
      if (made.status !== 201) throw new Error(`no pull request: ${made.text}`);
      return (made.body as { number: number }).number;
    },
    async settled() {
      for (;;) {
        await github.settled();
        const { waiting, running: busy, deferred } = await queueFigures(store, new Date());
        if (waiting + busy + deferred === 0) return;
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    check(repository, sha) {
      const found = repository.checkRuns.filter((run) => run.headSha === sha && run.name === "leasehold");
      if (found.length > 1) throw new Error(`${found.length} checks of ${sha}`);
      return found[0];
    },
  };
}
