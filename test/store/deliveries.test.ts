import { describe, expect, it } from "vitest";
import { listDead, requeueDead } from "../../src/store/dead-letter.ts";
import {
  countDeliveries,
  findDeliveries,
  type NewDelivery,
  noteRedelivery,
  pruneDeliveries,
  storeDeliveries,
} from "../../src/store/deliveries.ts";
import { deliveryIntake } from "../../src/store/intake.ts";
import type { Store } from "../../src/store/open.ts";
import { queueFigures } from "../../src/store/queue-table.ts";
import { failLostDeliveries } from "../../src/store/repair.ts";
import { type ClaimedJob, startWorker, type WorkerOptions } from "../../src/store/worker.ts";
import { onBothDatabases } from "./databases.ts";

let count = 0;

/** A delivery of its own guid; what the test does not name is drawn from a count. */
function delivery(fields: Partial<NewDelivery> = {}): NewDelivery {
  return {
    guid: `d-${++count}`,
    event: "push",
    action: undefined,
    installationId: 1,
    repositoryId: 10,
    receivedAt: new Date(),
    job: { job: "push", data: { n: count } },
    ...fields,
  };
}

/** Run jobs until the store has none that waits. */
async function runAll(store: Store, run: (job: ClaimedJob) => Promise<void>, options: Partial<WorkerOptions> = {}) {
  const troubles: string[] = [];
  const worker = startWorker(store, {
    concurrency: 4,
    maxAttempts: 1,
    pollMilliseconds: 20,
    async run(job) {
      await run(job);
      return undefined;
    },
    codeOf: () => "test-failure",
    onTrouble: (code, error) => troubles.push(`${code}: ${String(error)}`),
    ...options,
  });
  for (const until = Date.now() + 20_000; ; ) {
    if (Date.now() > until) throw new Error(`jobs are left: ${troubles.join("; ")}`);
    const { waiting, running, deferred } = await queueFigures(store, new Date());
    if (waiting + running + deferred === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await worker.drain(5_000);
  expect(troubles).toEqual([]);
}

await onBothDatabases((database) => {
  describe("a delivery", () => {
    it("is a duplicate only once it was processed", async () => {
      const store = await database.open();
      const one = delivery();
      expect(await storeDeliveries(store, [one])).toEqual(["stored"]);
      expect(await storeDeliveries(store, [one])).toEqual(["waiting"]);
      let runs = 0;
      await runAll(store, async () => void runs++);
      expect(await storeDeliveries(store, [one])).toEqual(["duplicate"]);
      expect(runs).toBe(1);
      expect(await countDeliveries(store)).toEqual({ stored: 0, processed: 1, ignored: 0, failed: 0 });
    });

    it("that failed for good is taken in again", async () => {
      const store = await database.open();
      const one = delivery();
      await storeDeliveries(store, [one]);
      await runAll(store, async () => {
        throw new Error("no");
      });
      expect(await findDeliveries(store, [one.guid])).toEqual([
        { guid: one.guid, event: "push", action: null, state: "failed", attempts: 1, errorCode: "test-failure" },
      ]);
      expect(await storeDeliveries(store, [one])).toEqual(["again"]);
      const runs: unknown[] = [];
      await runAll(store, async ({ data }) => void runs.push(data));
      expect(runs).toEqual([one.job!.data]);
      expect((await countDeliveries(store)).processed).toBe(1);
    });

    it("that nobody handles is kept as ignored and makes no job", async () => {
      const store = await database.open();
      const star = delivery({ event: "star", action: "created", job: undefined });
      expect(await storeDeliveries(store, [star])).toEqual(["ignored"]);
      expect(await storeDeliveries(store, [star])).toEqual(["duplicate"]);
      expect(await queueFigures(store, new Date())).toMatchObject({ waiting: 0, running: 0, dead: 0, lagSeconds: 0 });
    });

    it("is kept once where it comes twice at the same moment", async () => {
      const store = await database.open();
      const one = delivery();
      expect(await storeDeliveries(store, [one, delivery(), one])).toEqual(["stored", "stored", "waiting"]);
      const both = await Promise.all([
        storeDeliveries(store, [{ ...one, guid: "x" }]),
        storeDeliveries(store, [{ ...one, guid: "x" }]),
      ]);
      expect(both.flat().sort()).toEqual(["stored", "waiting"]);
      expect((await queueFigures(store, new Date())).waiting).toBe(3);
    });

    it("is not kept with a text where an id belongs, and takes no other with it", async () => {
      const store = await database.open();
      const intake = deliveryIntake(store);
      const good = [delivery(), delivery()];
      const outcomes = await Promise.allSettled([
        intake.accept(good[0]!),
        intake.accept(delivery({ guid: "not a guid" })),
        intake.accept(delivery({ event: "Some Text" })),
        intake.accept(good[1]!),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
      expect((await queueFigures(store, new Date())).waiting).toBe(2);
    });

    it("whose job is nowhere is marked, so that it is delivered again", async () => {
      const store = await database.open();
      const lost = delivery({ receivedAt: new Date(0) });
      await storeDeliveries(store, [lost, delivery()]);
      await store.boss.deleteAllJobs("jobs");
      expect(await failLostDeliveries(store, new Date(1_000))).toBe(1);
      expect(await storeDeliveries(store, [lost])).toEqual(["again"]);
      expect(await failLostDeliveries(store, new Date(1_000))).toBe(0);
    });

    it("is forgotten some time after it was settled", async () => {
      const store = await database.open();
      await storeDeliveries(store, [delivery({ job: undefined, receivedAt: new Date(1_000) }), delivery()]);
      expect(await pruneDeliveries(store, new Date(1_000))).toBe(0);
      expect(await pruneDeliveries(store, new Date(1_001))).toBe(1);
      expect((await countDeliveries(store)).stored).toBe(1);
    });

    it("that GitHub is asked for again is counted", async () => {
      const store = await database.open();
      const tries = [];
      for (let i = 0; i < 3; i++) tries.push(await noteRedelivery(store, "a", new Date(i)));
      expect([...tries, await noteRedelivery(store, "b", new Date())]).toEqual([1, 2, 3, 1]);
    });
  });

  describe("the queue", () => {
    it("runs the jobs of a repository one at a time in their order, and several repositories at once", async () => {
      const store = await database.open();
      const jobs = Array.from({ length: 24 }, (_, n) =>
        delivery({ repositoryId: n % 3, installationId: n % 3, job: { job: "push", data: { n } } }),
      );
      // Some in one transaction, where they share their time, some in several.
      await storeDeliveries(store, jobs.slice(0, 12));
      for (const job of jobs.slice(12)) await storeDeliveries(store, [job]);
      const order = new Map<number, number[]>();
      const running = new Map<number, number>();
      let most = 0;
      await runAll(store, async ({ repositoryId, data }) => {
        const now = (running.get(repositoryId!) ?? 0) + 1;
        running.set(repositoryId!, now);
        expect(now).toBe(1);
        most = Math.max(
          most,
          [...running.values()].reduce((a, b) => a + b, 0),
        );
        await new Promise((resolve) => setTimeout(resolve, 5));
        running.set(repositoryId!, 0);
        order.set(repositoryId!, [...(order.get(repositoryId!) ?? []), (data as { n: number }).n]);
      });
      for (const [repository, ran] of order)
        expect(ran).toEqual(Array.from({ length: 8 }, (_, i) => i * 3 + repository));
      expect(most).toBeGreaterThan(1);
    });

    it("lets a single job of one installation pass the storm of another", async () => {
      const store = await database.open();
      const storm = Array.from({ length: 60 }, (_, n) => delivery({ installationId: 1, repositoryId: 100 + n }));
      await storeDeliveries(store, storm);
      await storeDeliveries(store, [
        delivery({ installationId: 2, repositoryId: 7 }),
        delivery({ installationId: 3, repositoryId: 8 }),
      ]);
      const ran: number[] = [];
      await runAll(store, async ({ installationId }) => void ran.push(installationId!), { concurrency: 1 });
      expect(ran.indexOf(2)).toBeLessThan(4);
      expect(ran.indexOf(3)).toBeLessThan(4);
      expect(ran).toHaveLength(62);
    });

    it("tries again, then shows the job as dead, and begins it again when asked", async () => {
      const store = await database.open();
      const one = delivery();
      const behind = delivery({ job: { job: "push", data: "behind" } });
      await storeDeliveries(store, [one, behind]);
      const ran: unknown[] = [];
      await runAll(
        store,
        async ({ data, attempt, last }) => {
          ran.push([data, attempt, last]);
          if (data !== "behind") throw new Error("a text that must not be kept");
        },
        { maxAttempts: 2 },
      );
      expect(ran).toEqual([
        [one.job!.data, 1, false],
        [one.job!.data, 2, true],
        ["behind", 1, false],
      ]);
      expect(await listDead(store)).toMatchObject([
        {
          job: "push",
          delivery: one.guid,
          errorCode: "test-failure",
          attempts: 2,
          installationId: 1,
          repositoryId: 10,
        },
      ]);
      expect((await queueFigures(store, new Date())).dead).toBe(1);
      expect(await requeueDead(store)).toBe(1);
      await runAll(store, async () => {});
      expect(await listDead(store)).toEqual([]);
      expect((await countDeliveries(store)).processed).toBe(2);
    });

    it("runs a job again at the time that it asks for, without counting that as a failure", async () => {
      const store = await database.open();
      await storeDeliveries(store, [delivery()]);
      const attempts: number[] = [];
      await runAll(store, async () => {}, {
        async run({ attempt }) {
          attempts.push(attempt);
          return attempts.length < 3 ? { again: new Date(Date.now() + 30) } : undefined;
        },
      });
      expect(attempts).toEqual([1, 1, 1]);
      expect((await countDeliveries(store)).processed).toBe(1);
    });

    it("hands running jobs back when it is told to stop", async () => {
      const store = await database.open();
      await storeDeliveries(store, [
        delivery({ repositoryId: 1 }),
        delivery({ repositoryId: 2 }),
        delivery({ repositoryId: 3 }),
      ]);
      const ends: string[] = [];
      let begun = 0;
      const worker = startWorker(store, {
        concurrency: 3,
        maxAttempts: 1,
        codeOf: () => "x",
        onEnd: (_, end) => ends.push(end),
        async run({ repositoryId, signal }) {
          begun++;
          if (repositoryId === 1) await new Promise((resolve) => setTimeout(resolve, 50));
          else if (repositoryId === 2)
            await new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason)));
          else await new Promise(() => {});
          return undefined;
        },
      });
      while (begun < 3) await new Promise((resolve) => setTimeout(resolve, 10));
      await worker.drain(300);
      expect(ends.sort()).toEqual(["done", "handed-back"]);
      expect(await queueFigures(store, new Date())).toMatchObject({ waiting: 2, running: 0, dead: 0 });
      let ran = 0;
      await runAll(store, async () => void ran++);
      expect(ran).toBe(2);
    });
  });
});
