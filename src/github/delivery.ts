/** What GitHub remembers of the App's webhook deliveries, and asking for one again. */
import { z } from "zod";
import type { Seen } from "../register/inventory.ts";
import type { GitHubPort, GitHubWriter } from "./port.ts";

const delivery = z.object({
  id: z.int(),
  guid: z.string(),
  delivered_at: z.string(),
  status_code: z.int(),
});
export type DeliveryAnswer = z.output<typeof delivery>;

/** All attempts that GitHub remembers, three days of them, the newest first. In: a port of the App itself. */
export async function listAttempts(app: GitHubPort): Promise<Seen<DeliveryAnswer>> {
  return await app.list({ path: "/app/hook/deliveries", item: delivery, fleeting: true });
}

/** Ask GitHub to deliver again what an attempt was about. Out: whether it will. */
export async function redeliver(app: GitHubWriter, attempt: number): Promise<boolean> {
  const path = `/app/hook/deliveries/${attempt}/attempts`;
  return (await app.write({ method: "POST", path, answer: z.unknown() })).status === "found";
}
