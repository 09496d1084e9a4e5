/** Ids of jobs: UUIDs that grow, because jobs that were put in with one statement share their time and are told apart by their ids. */
import { randomBytes } from "node:crypto";

let last = 0n;

/** A UUID of version 7 (RFC 9562): milliseconds, then a count that goes up within the process, then chance. */
export function nextJobId(now: number = Date.now()): string {
  // 48 bits of time and 12 of count; the count runs into the time rather than going back.
  const proposed = BigInt(now) << 12n;
  last = proposed > last ? proposed : last + 1n;
  const head = last.toString(16).padStart(15, "0");
  const tail = randomBytes(8);
  tail[0] = (tail[0]! & 0x3f) | 0x80;
  const end = tail.toString("hex");
  return `${head.slice(0, 8)}-${head.slice(8, 12)}-7${head.slice(12)}-${end.slice(0, 4)}-${end.slice(4)}`;
}
