import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import {
  findCheckRun,
  findIncident,
  saveCheckRun,
  saveIncident,
  unfinishedCheckRuns,
} from "../../src/store/check-runs.ts";
import { countDeliveries, storeDeliveries } from "../../src/store/deliveries.ts";
import { enqueue } from "../../src/store/enqueue.ts";
import { forgetGitCacheEntry, listGitCache, saveGitCacheEntry } from "../../src/store/git-cache.ts";
import {
  findInstallation,
  findRepository,
  listInstallations,
  listRepositories,
  type Repository,
  saveInstallation,
  saveRepository,
} from "../../src/store/installations.ts";
import {
  openPullRequestsInto,
  openPullRequestsWithHead,
  type PullRequest,
  savePullRequest,
  savePullRequestVerdict,
} from "../../src/store/pull-requests.ts";
import { purgeInstallation } from "../../src/store/purge.ts";
import { queueFigures } from "../../src/store/queue-table.ts";
import { onBothDatabases } from "./databases.ts";

const sha = (letter: string) => letter.repeat(40);
const at = (seconds: number) => new Date(seconds * 1000);

const repository: Repository = {
  id: 10,
  installationId: 1,
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  visibility: "private",
  archived: false,
  fork: false,
  updatedAt: at(10),
};
const pull: PullRequest = {
  repositoryId: 10,
  number: 1,
  open: true,
  headSha: sha("a"),
  headRepositoryId: 10,
  baseRef: "main",
  baseSha: sha("0"),
  updatedAt: at(10),
};

await onBothDatabases((database) => {
  describe("records", () => {
    it("are not overwritten by what is older", async () => {
      const store = await database.open();
      const installation = {
        id: 5_000_000_000,
        accountId: 2,
        accountType: "Organization" as const,
        suspended: false,
        permissions: { contents: "write" as const },
        updatedAt: at(10),
      };
      await saveInstallation(store, installation);
      await saveInstallation(store, { ...installation, suspended: true, updatedAt: at(9) });
      expect(await findInstallation(store, installation.id)).toEqual(installation);
      await saveRepository(store, repository);
      await saveRepository(store, { ...repository, name: "old", updatedAt: at(9) });
      expect(await findRepository(store, 10)).toEqual(repository);
      await saveRepository(store, { ...repository, installationId: 2, archived: true, updatedAt: at(11) });
      expect(await listRepositories(store, 1)).toEqual([]);
      expect(await listRepositories(store, 2)).toMatchObject([{ id: 10, archived: true }]);
    });

    it("of pull requests give all open ones with a head, and what was judged of each", async () => {
      const store = await database.open();
      await savePullRequest(store, pull);
      await savePullRequest(store, { ...pull, number: 2, baseRef: "release" });
      await savePullRequest(store, { ...pull, number: 3, open: false });
      await savePullRequest(store, { ...pull, number: 4, headSha: sha("b") });
      // A late delivery of the time when the second was still closed.
      await savePullRequest(store, { ...pull, number: 2, open: false, updatedAt: at(9) });
      const verdict = { sha: sha("a"), conclusion: "failure" as const, blocking: 2, warnings: 1 };
      await savePullRequestVerdict(store, 10, 2, verdict);
      expect(await openPullRequestsWithHead(store, 10, sha("a"))).toMatchObject([
        { number: 1, verdict: undefined },
        { number: 2, verdict },
      ]);
      expect((await openPullRequestsInto(store, 10, "main")).map(({ number }) => number)).toEqual([1, 4]);
      await savePullRequest(store, { ...pull, number: 2, headSha: sha("c"), updatedAt: at(12) });
      expect(await openPullRequestsWithHead(store, 10, sha("c"))).toMatchObject([
        { number: 2, verdict: { sha: sha("a") } },
      ]);
    });

    it("of check runs give those that never ended", async () => {
      const store = await database.open();
      const run = {
        repositoryId: 10,
        headSha: sha("a"),
        checkRunId: undefined,
        externalId: "lh:1",
        state: "queued" as const,
        conclusion: undefined,
        startedAt: at(10),
        concludedAt: undefined,
        incidentId: undefined,
      };
      await saveCheckRun(store, run);
      await saveCheckRun(store, { ...run, headSha: sha("b"), startedAt: at(20) });
      expect((await unfinishedCheckRuns(store, at(15))).map(({ headSha }) => headSha)).toEqual([sha("a")]);
      const done = {
        ...run,
        checkRunId: 7,
        state: "completed" as const,
        conclusion: "failure" as const,
        concludedAt: at(30),
        incidentId: "INC-7F3A9C",
      };
      await saveCheckRun(store, done);
      expect(await findCheckRun(store, 10, sha("a"))).toEqual(done);
      expect(await unfinishedCheckRuns(store, at(15))).toEqual([]);
      const incident = {
        id: "INC-7F3A9C",
        code: "internal",
        job: "push",
        installationId: 1,
        repositoryId: 10,
        happenedAt: at(30),
      };
      await saveIncident(store, incident);
      await saveIncident(store, { ...incident, code: "other" });
      expect(await findIncident(store, incident.id)).toEqual(incident);
    });

    it("refuse a text where an id, a SHA or a code belongs", async () => {
      const store = await database.open();
      const incident = {
        id: "INC-1",
        code: "internal",
        job: "push",
        installationId: 1,
        repositoryId: 10,
        happenedAt: at(1),
      };
      const wrong = [
        saveIncident(store, { ...incident, code: "Error: some text" }),
        saveIncident(store, { ...incident, id: "some text" }),
        savePullRequest(store, { ...pull, headSha: "main" }),
        saveRepository(store, { ...repository, name: "a b" }),
        storeDeliveries(store, [
          {
            guid: "a",
            event: "push",
            action: "some text",
            installationId: 1,
            repositoryId: 1,
            receivedAt: at(1),
            job: undefined,
          },
        ]),
      ];
      for (const one of await Promise.allSettled(wrong)) expect(one.status).toBe("rejected");
    });

    it("of the git cache are in the order in which they may go", async () => {
      const store = await database.open();
      await saveGitCacheEntry(store, { repositoryId: 1, bytes: 5_000_000_000, fetchedAt: at(1), usedAt: at(30) });
      await saveGitCacheEntry(store, { repositoryId: 2, bytes: 6, fetchedAt: at(1), usedAt: at(20) });
      expect((await listGitCache(store)).map(({ repositoryId, bytes }) => [repositoryId, bytes])).toEqual([
        [2, 6],
        [1, 5_000_000_000],
      ]);
      await forgetGitCacheEntry(store, 2);
      expect(await listGitCache(store)).toHaveLength(1);
    });

    it("of an installation all go when it is uninstalled, and of no other", async () => {
      const store = await database.open();
      for (const id of [1, 2]) {
        await saveInstallation(store, {
          id,
          accountId: id,
          accountType: "User",
          suspended: false,
          permissions: {},
          updatedAt: at(1),
        });
        await saveRepository(store, { ...repository, id: id * 10, installationId: id });
        await savePullRequest(store, { ...pull, repositoryId: id * 10 });
        await saveGitCacheEntry(store, { repositoryId: id * 10, bytes: 1, fetchedAt: at(1), usedAt: at(1) });
        await saveIncident(store, {
          id: `INC-${id}`,
          code: "internal",
          job: "push",
          installationId: id,
          repositoryId: id * 10,
          happenedAt: at(1),
        });
        await storeDeliveries(store, [
          {
            guid: `purge-${id}`,
            event: "push",
            action: undefined,
            installationId: id,
            repositoryId: id * 10,
            receivedAt: at(1),
            job: { job: "push", data: {} },
          },
        ]);
        await enqueue(store, [{ job: "sweep", data: {}, installationId: id }]);
      }
      expect(await purgeInstallation(store, 1)).toEqual({ repositories: [10], jobs: 2, rows: 6 });
      expect(await purgeInstallation(store, 1)).toEqual({ repositories: [], jobs: 0, rows: 0 });
      expect((await listInstallations(store)).map(({ id }) => id)).toEqual([2]);
      expect((await queueFigures(store, new Date())).waiting).toBe(2);
      expect((await countDeliveries(store)).stored).toBe(1);
      const { rows } = await sql<{ tables: string }>`
        select count(*) as tables from leasehold.pull_requests where repository_id = 10`.execute(store.db);
      expect(Number(rows[0]!.tables)).toBe(0);
    });
  });
});
