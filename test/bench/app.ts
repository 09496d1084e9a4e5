/** Signed webhooks accepted a second: the App, which stores each, beside a bare Probot, which does nothing with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pushPayload, sign } from "../app/app.ts";
import { createDatabase, startPostgres } from "../store/postgres.ts";
import type { Goals } from "./goals.ts";
import { median } from "./measure.ts";
import { table } from "./table.ts";

const requests = 2_000;
const together = 32;
const program = fileURLToPath(new URL("./app-server.ts", import.meta.url));

type Peer = { name: string; least: number | undefined; child: ChildProcess; url: string; rates: number[] };

/** In: a folder for the database, rounds, goals. All servers take turns; only one has work at a time. */
export async function benchApp(scratch: string, rounds: number, goals: Goals): Promise<void> {
  const secret = randomUUID() + randomUUID();
  const postgres = await startPostgres();
  const places: [string, string, number | undefined][] = [
    ["probot, no-op", "probot", undefined],
    ["leasehold, PGlite", JSON.stringify({ folder: join(scratch, "app") }), 0.5],
  ];
  if ("missing" in postgres) console.log(`app on PostgreSQL: skipped, ${postgres.missing}`);
  else places.push(["leasehold, PostgreSQL", JSON.stringify({ url: await createDatabase(postgres.url) }), 0.8]);
  const peers: Peer[] = [];
  try {
    for (const [name, place, least] of places) peers.push({ name, least, rates: [], ...(await start(place, secret)) });
    for (let round = 0; round <= rounds; round++) {
      for (const peer of peers) {
        const rate = await load(peer.url, secret);
        if (round > 0) peer.rates.push(rate);
        await drained(peer.url);
      }
    }
  } finally {
    for (const { child } of peers) child.kill("SIGKILL");
    if (!("missing" in postgres)) await postgres.stop();
  }
  const bare = median(peers[0]!.rates);
  console.log(
    table(
      ["webhooks accepted", "a second", "of probot"],
      peers.map(({ name, rates }) => [name, median(rates).toFixed(0), `${(median(rates) / bare).toFixed(2)}×`]),
    ),
  );
  for (const { name, rates, least } of peers) {
    // The goals are upper bounds: so many times as long a webhook may take.
    if (least !== undefined)
      goals.atMost(`app: time of a webhook, ${name}, of probot's`, bare / median(rates), 1 / least, "×");
  }
}

async function start(place: string, secret: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program, place, secret], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { child, url };
}

/** Out: webhooks a second. */
async function load(url: string, secret: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: together });
  // As large as GitHub's own example of a push.
  const filler = { commits: [{ message: "m".repeat(6_500) }] };
  const bodies = Array.from({ length: 50 }, (_, n) => Buffer.from(JSON.stringify(pushPayload(n + 1, filler))));
  const signed = bodies.map((body) => ({ body, signature: sign(body, secret) }));
  let next = 0;
  const from = performance.now();
  const one = async () => {
    while (next < requests) {
      const { body, signature } = signed[next++ % signed.length]!;
      await send(url, agent, body, signature);
    }
  };
  await Promise.all(Array.from({ length: together }, one));
  const seconds = (performance.now() - from) / 1000;
  agent.destroy();
  return requests / seconds;
}

function send(url: string, agent: Agent, body: Buffer, signature: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      "x-github-event": "push",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": signature,
    };
    const sent = request(`${url}/api/github/webhooks`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      response.on("end", () =>
        statusCode >= 200 && statusCode < 300 ? resolve() : reject(new Error(`a webhook got ${statusCode}`)),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Until the jobs of a round are done, so that they do not weigh on the next server. */
async function drained(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/metrics`);
    if (response.status !== 200) return void (await response.text());
    const text = await response.text();
    const left = /leasehold_jobs\{state="(?:waiting|running|deferred)"\} [1-9]/.test(text);
    if (!left) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
