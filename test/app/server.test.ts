import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cachedPackage } from "../../script/cached-package.ts";
import type { JobHandlers } from "../../src/app/job.ts";
import { countDeliveries } from "../../src/store/deliveries.ts";
import { queueFigures } from "../../src/store/queue-table.ts";
import { onBothDatabases } from "../store/databases.ts";
import { deliver, pushPayload, secret, sign, startTestApp, type TestApp, until } from "./app.ts";

const previous = randomUUID() + randomUUID();
const examples = cachedPackage("@octokit/webhooks-examples", "7.6.1");
if ("missing" in examples) console.log(`skipped: GitHub's examples of webhooks (${examples.missing})`);

/** A request by hand, with whatever headers and as many bytes as wanted; the body is not signed. */
function post(url: string, headers: Record<string, string>, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const sent = request(`${url}/api/github/webhooks`, { method: "POST", headers }, (response) => {
      status = response.statusCode ?? 0;
      response.resume();
      response.on("close", () => resolve(status));
    });
    // The server hangs up on who goes on sending; by then its answer is here.
    sent.on("error", (error) => (status === 0 ? reject(error) : resolve(status)));
    const part = Buffer.alloc(1 << 20, 120);
    let left = bytes;
    const write = () => {
      while (left > 0 && status === 0) {
        left -= part.length;
        if (!sent.write(part)) return void sent.once("drain", write);
      }
      sent.end();
    };
    write();
  });
}

await onBothDatabases((database, kind) => {
  describe("the server", () => {
    let app: TestApp;
    const seen: [string, unknown][] = [];
    const note = (name: string) => async (data: unknown) => {
      seen.push([name, data]);
      return undefined;
    };
    const handlers: JobHandlers = Object.fromEntries(
      [
        "push",
        "pull-request",
        "merge-group",
        "check-run",
        "check-suite",
        "installation",
        "installation-repositories",
        "repository",
      ].map((name) => [name, note(name)]),
    );
    beforeAll(async () => {
      app = await startTestApp(await database.place(), handlers, { WEBHOOK_SECRET_PREVIOUS: previous });
    });
    afterAll(async () => {
      await app?.stop();
    });
    const idle = () =>
      until(async () => {
        const { waiting, running, deferred } = await queueFigures(app.store, new Date());
        return waiting + running + deferred === 0;
      });

    it("answers 202 and hands ids to the job, under the present secret and the previous one", async () => {
      expect(await deliver(app.url, "push", pushPayload(11))).toEqual([202, "stored"]);
      expect(await deliver(app.url, "push", pushPayload(12), { key: previous })).toEqual([202, "stored"]);
      await idle();
      expect(seen.map(([name, data]) => [name, (data as { repository: { id: number } }).repository.id])).toEqual([
        ["push", 11],
        ["push", 12],
      ]);
    });

    it.each<[string, number, Record<string, string>, string]>([
      ["no signature", 401, { "x-hub-signature-256": "" }, "{}"],
      ["the signature of another secret", 401, { "x-hub-signature-256": sign("{}", "x".repeat(40)) }, "{}"],
      ["the signature of another body", 401, { "x-hub-signature-256": sign("{} ") }, "{}"],
      ["a signature of SHA-1", 401, { "x-hub-signature-256": "", "x-hub-signature": `sha1=${"0".repeat(40)}` }, "{}"],
      ["no delivery id", 400, { "x-github-delivery": "" }, "{}"],
      ["a text for a delivery id", 400, { "x-github-delivery": "a b" }, "{}"],
      ["no event", 400, { "x-github-event": "" }, "{}"],
      ["a form", 415, { "content-type": "application/x-www-form-urlencoded" }, "payload=%7B%7D"],
      ["what is not JSON", 400, {}, "{"],
    ])("refuses %s with %i", async (_, status, headers, body) => {
      const response = await fetch(`${app.url}/api/github/webhooks`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "x-github-event": "push",
          "x-github-delivery": randomUUID(),
          "x-hub-signature-256": sign(body),
          ...headers,
        },
      });
      expect(response.status).toBe(status);
    });

    it("keeps a payload of an unknown form as failed, and says 202", async () => {
      expect(await deliver(app.url, "push", { ...pushPayload(1), before: "not a sha" })).toEqual([202, "failed"]);
      expect(await deliver(app.url, "push", [])).toEqual([202, "failed"]);
    });

    it("says how it is", async () => {
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      for (const name of [
        'leasehold_jobs{state="waiting"} 0',
        "leasehold_delivery_lag_seconds 0",
        "leasehold_store_up 1",
      ])
        expect(metrics).toContain(name);
      for (const path of ["/", "/set-up", "/probot"]) expect((await fetch(app.url + path)).status).toBe(404);
    });

    it("lets no text of a payload into a table, a log or a figure", async () => {
      // Letters alone: nothing about its form keeps it out.
      const canary = Array.from(randomBytes(24), (byte) => String.fromCharCode(97 + (byte % 26))).join("");
      const before = seen.length;
      const texts = {
        head_commit: { message: canary, author: { name: canary, email: canary } },
        commits: [{ message: canary, added: [canary] }],
        compare: canary,
        pusher: { name: canary },
        sender: { login: canary },
      };
      await deliver(app.url, "push", pushPayload(21, texts));
      await deliver(app.url, "push", pushPayload(21, { ...texts, after: canary }));
      await deliver(app.url, "issue_comment", { action: "created", comment: { body: canary }, ...pushPayload(21) });
      await deliver(app.url, "star", { action: canary, canary });
      await deliver(app.url, "check_run", {
        ...pushPayload(21),
        action: "requested_action",
        check_run: { id: 3, head_sha: "c".repeat(40), output: { text: canary } },
        requested_action: { identifier: "fix:LH-7F3A9C" },
      });
      await idle();
      expect(seen.length).toBe(before + 2);
      const tables = await sql<{ schema: string; name: string }>`
        select table_schema as schema, table_name as name from information_schema.tables
        where table_schema in ('leasehold', 'leasehold_queue') and table_type = 'BASE TABLE'`.execute(app.store.db);
      expect(tables.rows.length).toBeGreaterThan(10);
      for (const { schema, name } of tables.rows) {
        const { rows } = await sql`select * from ${sql.id(schema, name)}`.execute(app.store.db);
        expect(JSON.stringify(rows), name).not.toContain(canary);
      }
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      for (const text of [metrics, app.lines.join("")]) {
        expect(text).not.toContain(canary);
        expect(text).not.toContain(secret);
      }
      expect(app.lines.length).toBeGreaterThan(10);
    });

    it.skipIf("missing" in examples)("takes every example of GitHub's webhooks", async () => {
      const folder = join((examples as { folder: string }).folder, "api.github.com");
      const all = exampleFiles(folder);
      expect(all.length).toBeGreaterThan(300);
      const before = await countDeliveries(app.store);
      const outcomes: Record<string, number> = {};
      for (let at = 0; at < all.length; at += 20) {
        await Promise.all(
          all.slice(at, at + 20).map(async ([event, payload]) => {
            const [status, text] = await deliver(app.url, event, payload);
            expect(status).toBe(202);
            outcomes[text] = (outcomes[text] ?? 0) + 1;
          }),
        );
      }
      await idle();
      const after = await countDeliveries(app.store);
      const more = (state: keyof typeof after) => after[state] - before[state];
      expect(more("stored")).toBe(0);
      expect(more("processed") + more("ignored") + more("failed")).toBe(all.length);
      expect([more("processed"), more("ignored"), more("failed")]).toEqual([
        outcomes.stored ?? 0,
        outcomes.ignored,
        outcomes.failed ?? 0,
      ]);
      // Those that are handled are read, not refused: the examples are as GitHub sends them.
      expect(more("failed")).toBe(0);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    });

    it.skipIf(kind !== "pglite" || process.platform !== "linux")("does not hold what it refuses", async () => {
      // 200 MB without a signature, and as many with a wrong one, of which the size is not announced.
      const size = 200 << 20;
      const memory = () => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]) / 1024;
      const headers = { "x-github-event": "push", "x-github-delivery": "a", "content-type": "application/json" };
      await post(app.url, headers, 1 << 20);
      // The peak so far is that of starting the database; from here on it is counted anew.
      writeFileSync("/proc/self/clear_refs", "5");
      const before = memory();
      expect(await post(app.url, headers, size)).toBe(401);
      expect(await post(app.url, { ...headers, "content-length": String(size) }, size)).toBe(401);
      const wrong = { ...headers, "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
      expect(await post(app.url, { ...wrong, "content-length": String(size) }, size)).toBe(413);
      expect(await post(app.url, wrong, size)).toBe(413);
      const cost = memory() - before;
      console.log(`four refused bodies of 200 MB: ${cost.toFixed(0)} MB more at the peak, client included`);
      expect(cost).toBeLessThan(80);
    });
  });
});

/** Event and payload of each example. */
function exampleFiles(folder: string): [string, unknown][] {
  const text = readFileSync(join(folder, "index.json"), "utf8");
  const events = JSON.parse(text) as { name: string; examples: unknown[] }[];
  return events.flatMap(({ name, examples }) => examples.map((example): [string, unknown] => [name, example]));
}
