/** Asks GitHub to deliver again what did not arrive: it never does so by itself (GitHub Docs, "Handling failed webhook deliveries"). */
import { type DeliveryAnswer, listAttempts, redeliver } from "../github/delivery.ts";
import { findDeliveries, noteRedelivery } from "../store/deliveries.ts";
import type { AppAccess } from "./access.ts";

/** Tries of one delivery. */
const mostTries = 3;
/** A try that is younger may still be on its way. */
const patience = 60_000;

/**
 * Look through what GitHub remembers. A delivery of which any attempt succeeded is left alone, unless its job was lost here.
 * Out: how many were asked for again.
 */
export async function sweepDeliveries({ github, store, now }: AppAccess): Promise<number> {
  const seen = await listAttempts(github.app);
  if (seen.status !== "listed") return 0;
  const byGuid = Map.groupBy(seen.items, ({ guid }) => guid);
  const known = new Map((await findDeliveries(store, [...byGuid.keys()])).map((one) => [one.guid, one]));
  let count = 0;
  for (const [guid, attempts] of byGuid) {
    const here = known.get(guid);
    const lost = here?.state === "failed" && here.errorCode === "job-lost";
    const latest = attempts[0]!;
    if (!lost && (here !== undefined || attempts.some(arrived))) continue;
    if (now().getTime() - Date.parse(latest.delivered_at) < patience) continue;
    if ((await noteRedelivery(store, guid, now())) > mostTries) continue;
    if (await redeliver(github.app, latest.id)) count++;
  }
  return count;
}

function arrived({ status_code: status }: DeliveryAnswer): boolean {
  return status >= 200 && status < 300;
}
