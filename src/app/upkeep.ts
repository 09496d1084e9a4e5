/** What is done now and then, without an event. Each may run in several processes at once. */
import { pruneDeliveries } from "../store/deliveries.ts";
import { prunePushes } from "../store/pushes.ts";
import { failLostDeliveries } from "../store/repair.ts";
import type { AppAccess } from "./access.ts";
import { sweepDeliveries } from "./redelivery.ts";
import { concludeOverdue } from "./watchdog.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** GitHub remembers a delivery for three days; here it is told from a new one for longer. */
const deliveryDays = 14;
/** The check of an older commit can be told again only by its pull requests. */
const pushDays = 180;

type Chore = { name: string; every: number; do(access: AppAccess, signal: AbortSignal): Promise<unknown> };

export const chores: readonly Chore[] = [
  { name: "watchdog", every: minute, do: concludeOverdue },
  {
    ...{ name: "redelivery", every: 10 * minute },
    async do(access) {
      await failLostDeliveries(access.store, new Date(access.now().getTime() - 10 * minute));
      await sweepDeliveries(access);
    },
  },
  {
    name: "git-cache",
    every: 30 * minute,
    do: ({ cache, now }) => cache.removeOlder(now().getTime() - day + 30 * minute),
  },
  {
    ...{ name: "prune", every: day },
    async do({ store, now }) {
      await pruneDeliveries(store, new Date(now().getTime() - deliveryDays * day));
      await prunePushes(store, new Date(now().getTime() - pushDays * day));
    },
  },
];

/** Do the chores, each in its turn and never twice at once. Out: what stops them and waits for those that run. */
export function startUpkeep(access: AppAccess): { stop(): Promise<void> } {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  const timers = chores.map((chore) => {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const work = chore
        .do(access, ending.signal)
        .then(
          () => {},
          (error: unknown) => access.log.warn({ chore: chore.name, ...access.log.safe(error) }, "upkeep"),
        )
        .finally(() => {
          busy = false;
          running.delete(work);
        });
      running.add(work);
    }, chore.every);
    timer.unref();
    return timer;
  });
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      ending.abort();
      await Promise.all(running);
    },
  };
}
