/** Deliveries while the processes that take them are killed at random: nothing is lost, nothing doubled. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listDead } from "../../src/store/dead-letter.ts";
import { countDeliveries } from "../../src/store/deliveries.ts";
import { type DatabasePlace, openStore } from "../../src/store/open.ts";
import { queueFigures } from "../../src/store/queue-table.ts";
import { seededDraw } from "../leak/draw.ts";
import { credentials, deliver, pushPayload, root } from "./app.ts";

export type KillRun = {
  deliveries: number;
  kills: number;
  /** Processes that live at a time; more than one needs a server. */
  processes: number;
  seed: number;
};

export type KillResult = {
  checks: string[];
  wanted: string[];
  processed: number;
  unsettled: number;
  dead: number;
  begun: number;
  killed: number;
};

type Running = { child: ChildProcess; url: string };

/** In: an empty database. Out: what was there at the end, beside what an undisturbed run makes. */
export async function killRun(
  place: DatabasePlace,
  { deliveries, kills, processes, seed }: KillRun,
): Promise<KillResult> {
  const folder = mkdtempSync(join(tmpdir(), "leasehold-kill-"));
  const draw = seededDraw(seed);
  const settled = "folder" in place ? { folder: place.folder } : place;
  // The dump is put in its place once, here, so that a killed process finds it again.
  await (await openStore({ place })).close();
  const env = {
    ...credentials,
    HOST: "127.0.0.1",
    PORT: "0",
    LEASEHOLD_LEASE_SECONDS: "10",
    LEASEHOLD_DRAIN_SECONDS: "5",
  };
  const argument = JSON.stringify({ place: settled, folder, env, milliseconds: 3, root });
  const program = fileURLToPath(new URL("./kill-worker.ts", import.meta.url));

  async function start(): Promise<Running> {
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

  // Each delivery up to three times, in an order of chance.
  const all = Array.from({ length: deliveries }, (_, n) => ({
    guid: `kill-${seed}-${n}`,
    payload: pushPayload(1 + (n % 7), {
      after: n.toString(16).padStart(40, "0"),
      installation: { id: 1 + (n % 3) },
    }),
  }));
  const sending = all.flatMap((one) => Array.from({ length: 1 + draw(3) }, () => one));
  for (let i = sending.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [sending[i], sending[j]] = [sending[j]!, sending[i]!];
  }
  const killsAt = new Set<number>();
  while (killsAt.size < kills) killsAt.add(Math.floor(sending.length * 0.1) + draw(Math.floor(sending.length * 0.8)));

  const running = await Promise.all(Array.from({ length: processes }, start));
  let killed = 0;
  try {
    let again: typeof sending = [];
    const send = async (one: (typeof sending)[number]) => {
      const { url } = running[draw(running.length)]!;
      try {
        const [status] = await deliver(url, "push", one.payload, { guid: one.guid });
        if (status !== 202) again.push(one);
      } catch {
        // Nobody answered: GitHub notes a failed delivery, and the sweep asks for it again.
        again.push(one);
      }
    };
    for (let at = 0; at < sending.length; ) {
      const together = 1 + draw(8);
      const batch = sending.slice(at, at + together);
      const sent = batch.map(send);
      if (batch.some((_, i) => killsAt.has(at + i))) {
        // At some moment between the request and the end of the jobs.
        await new Promise((resolve) => setTimeout(resolve, draw(30)));
        const which = draw(running.length);
        await kill(running[which]!, "SIGKILL");
        killed++;
        await Promise.all(sent);
        running[which] = await start();
      }
      await Promise.all(sent);
      at += together;
    }
    while (again.length > 0) {
      const left = again;
      again = [];
      for (const one of left) await send(one);
    }
    await idle(running);
    for (const one of running) await kill(one, "SIGTERM");

    const store = await openStore({ place: settled });
    const counts = await countDeliveries(store);
    const { waiting, running: active, deferred } = await queueFigures(store, new Date());
    const dead = (await listDead(store)).length;
    await store.close();
    const checks = readdirSync(folder).filter((name) => name.startsWith("check-"));
    const begun = readFileSync(join(folder, "begun"), "utf8").trim().split("\n").length;
    const wanted = all.map(({ payload }) => {
      const { repository, after } = payload as { repository: { id: number }; after: string };
      return `check-${repository.id}-${after}`;
    });
    const unsettled = counts.stored + waiting + active + deferred;
    return {
      checks: checks.sort(),
      wanted: wanted.sort(),
      processed: counts.processed,
      unsettled,
      dead,
      begun,
      killed,
    };
  } finally {
    for (const { child } of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wait until no process has anything left, as their figures tell. */
async function idle(running: readonly Running[]): Promise<void> {
  for (const end = Date.now() + 240_000; ; ) {
    const text = await (await fetch(`${running[0]!.url}/metrics`)).text();
    const left = ["waiting", "deferred", "running"].map((state) =>
      Number(new RegExp(`leasehold_jobs\\{state="${state}"\\} (\\d+)`).exec(text)?.[1] ?? 1),
    );
    if (left.every((count) => count === 0)) return;
    if (Date.now() > end) throw new Error(`jobs are left: ${left.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
