/** Reads the body of a webhook: signed, and no larger than GitHub sends, or not at all. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** GitHub delivers no payload above 25 MB (GitHub Docs, "Webhook events and payloads", payload cap). */
export const mostBodyBytes = 25 * 1024 * 1024;
/** Bytes of unfinished bodies in one process, so that many connections at once cannot fill the memory. */
const mostBytesInFlight = 4 * mostBodyBytes;

export type BodyReading =
  | { ok: true; body: Buffer }
  /** 401 not signed by us, 413 too large, 503 too many at once, 400 broken off. */
  | { ok: false; status: 400 | 401 | 413 | 503 };

export type BodyReader = (request: IncomingMessage) => Promise<BodyReading>;

/**
 * A reader that checks the signature of each body over its raw bytes while they come in.
 * In: the secrets that are live. What is wrong by its headers alone is refused unread.
 */
export function bodyReader(secrets: readonly string[]): BodyReader {
  let inFlight = 0;
  return async (request) => {
    const given = /^sha256=([0-9a-f]{64})$/.exec(String(request.headers["x-hub-signature-256"] ?? ""))?.[1];
    if (given === undefined) return { ok: false, status: 401 };
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > mostBodyBytes) return { ok: false, status: 413 };
    if (inFlight + announced > mostBytesInFlight) return { ok: false, status: 503 };
    const hashes = secrets.map((secret) => createHmac("sha256", secret));
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      // One that is refused half-way still has to be answered, so its connection stays.
      for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += part.length;
        inFlight += part.length;
        if (bytes > mostBodyBytes) return { ok: false, status: 413 };
        if (inFlight > mostBytesInFlight) return { ok: false, status: 503 };
        for (const hash of hashes) hash.update(part);
        parts.push(part);
      }
    } catch {
      return { ok: false, status: 400 };
    } finally {
      inFlight -= bytes;
    }
    const wanted = Buffer.from(given, "hex");
    // Every secret is compared, so that the time tells nothing of which one fits.
    const fits = hashes.map((hash) => timingSafeEqual(hash.digest(), wanted)).includes(true);
    return fits
      ? { ok: true, body: parts.length === 1 ? parts[0]! : Buffer.concat(parts) }
      : { ok: false, status: 401 };
  };
}
