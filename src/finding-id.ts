/** How findings get the short id that people write in waivers and baselines. */
import { createHash, hash } from "node:crypto";
import type { FindingId } from "./finding.ts";

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The salt of a repository whose policy sets none: the literal, so that a shallow clone, the Action and the App agree. */
export const defaultSalt = "leasehold";

/** The id of a finding, and the whole hash that it is cut from: two things under one id have different hashes. */
export type Identity = { id: FindingId; digest: string };

/**
 * The identity of a finding: HMAC-SHA-256 over the parts that make it, of which the id shows 30 bits as six Crockford base32 characters.
 * In: the repository's public salt and the parts (for a strong secret: rule family and value; else rule, path, name, ordinal).
 * Thirty bits of a keyed hash tell nothing usable about a value of 60 bits of entropy or more; the digest stays in the process.
 */
export function identityOf(salt: string, parts: readonly string[]): Identity {
  let message = "";
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  for (const part of parts) message += `${Buffer.byteLength(part)}:${part}`;
  const digest = keyedHash(salt, message);
  const bits = digest.readUInt32BE(0) >>> 2;
  let id = "LH-";
  for (let shift = 25; shift >= 0; shift -= 5) id += crockford[(bits >>> shift) & 31];
  return { id: id as FindingId, digest: digest.toString("base64url") };
}

const digests = new WeakMap<object, string>();

/** A finding with its id, the whole hash remembered beside it (`digestOf`): it is no part of a finding, since what is shown holds only the id. */
export function withIdentity<T extends { id: FindingId }>(finding: T, { digest }: Identity): T {
  digests.set(finding, digest);
  return finding;
}

/** The hash behind a finding's id; its rule and path where it was not remembered. */
export function digestOf(finding: { id: FindingId; rule: string; place: { path: string } }): string {
  return digests.get(finding) ?? `${finding.rule}\n${finding.place.path}`;
}

const blockBytes = 64;
const digestBytes = 32;
/** `inner`: as text, since what is hashed behind it is one. `outer`: with room behind it for the inner hash. */
type Pads = { inner: string | Buffer; outer: Buffer };
const pads = new Map<string, Pads>();

/** HMAC-SHA-256 as RFC 2104 builds it: two plain hashes cost a third of what Node's stream of a keyed one costs. */
function keyedHash(key: string, message: string): Buffer {
  let pad = pads.get(key);
  if (pad === undefined) {
    pad = padsOf(key);
    // A process knows one salt, or a few.
    if (pads.size > 16) pads.clear();
    pads.set(key, pad);
  }
  const { inner, outer } = pad;
  const first = typeof inner === "string" ? inner + message : Buffer.concat([inner, Buffer.from(message)]);
  hash("sha256", first, "buffer").copy(outer, blockBytes);
  return hash("sha256", outer, "buffer");
}

function padsOf(key: string): Pads {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(blockBytes);
  (bytes.length > blockBytes ? createHash("sha256").update(bytes).digest() : bytes).copy(block);
  const inner = Buffer.from(block.map((byte) => byte ^ 0x36));
  const outer = Buffer.alloc(blockBytes + digestBytes);
  block.forEach((byte, at) => {
    outer[at] = byte ^ 0x5c;
  });
  return { inner: inner.every((byte) => byte < 0x80) ? inner.toString("latin1") : inner, outer };
}

/** Whether a text has the form of a finding id. */
export function isFindingId(text: string): text is FindingId {
  return /^LH-[0-9A-HJKMNP-TV-Z]{6}$/.test(text);
}
