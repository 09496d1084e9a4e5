/**
 * Proof of rotation without the value: a keyed hash that only whoever holds the organisation's key can make, short enough to
 * write down and useless for anything but comparing. `lhf1:KEYID:TEXT`, where `lhf1` is the version of the method.
 */
import { createHmac } from "node:crypto";

const version = "lhf1";
/** Least bytes of a key: as many as HMAC-SHA-256 gives back (RFC 2104, section 3). */
export const leastKeyBytes = 32;
/** Bits below which a value could be found by trying: no fingerprint is made of it. */
export const leastEntropyBits = 60;
const digits = "0123456789abcdefghjkmnpqrstvwxyz";

export type FingerprintRefusal = "short key" | "weak key" | "empty value" | "low entropy";

/**
 * The fingerprint of a value.
 * In: the value's bytes (one line break at the end, which `echo` adds, does not count), and the key's. Out: the fingerprint, or why there is none:
 * a key under 32 bytes or of few different ones, no value, or a value of so little entropy that trying would find it. The value
 * is in no error and no result.
 */
export function fingerprint(value: Uint8Array, key: Uint8Array): { text: string } | { refused: FingerprintRefusal } {
  if (key.length < leastKeyBytes) return { refused: "short key" };
  if (entropyBits(key) < 96) return { refused: "weak key" };
  const bare = withoutLineBreak(value);
  if (bare.length === 0) return { refused: "empty value" };
  if (entropyBits(bare) < leastEntropyBits) return { refused: "low entropy" };
  const keyId = createHmac("sha256", key).update(`${version} key id`).digest("hex").slice(0, 8);
  const digest = createHmac("sha256", key).update(`${version} value\0`).update(bare).digest();
  return { text: `${version}:${keyId}:${base32(digest, 26)}` };
}

/** Whether two fingerprints are of one value. Those of other keys or versions cannot be compared. */
export function compareFingerprints(a: string, b: string): "same" | "different" | "not comparable" {
  const [versionA, keyA, textA] = a.split(":");
  const [versionB, keyB, textB] = b.split(":");
  if (versionA !== versionB || keyA !== keyB) return "not comparable";
  return textA === textB ? "same" : "different";
}

/**
 * A cautious estimate of a value's entropy in bits: what the frequencies of its bytes give, and no more than the number of
 * times that neighbours differ would allow, so that runs and repeated words count for little.
 */
export function entropyBits(value: Uint8Array): number {
  const bytes = value.subarray(0, 4096);
  if (bytes.length < 2) return 0;
  const perByte = shannon(bytes.length, (at) => bytes[at]!);
  const steps = shannon(bytes.length - 1, (at) => (bytes[at + 1]! - bytes[at]! + 256) & 255);
  return Math.min(perByte, steps) * distinctLength(bytes);
}

function shannon(count: number, symbol: (at: number) => number): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < count; at++) counts.set(symbol(at), (counts.get(symbol(at)) ?? 0) + 1);
  let bits = 0;
  for (const number of counts.values()) bits -= (number / count) * Math.log2(number / count);
  return bits;
}

/** Length without what repeats: each triple of bytes that was there before counts for nothing. */
function distinctLength(bytes: Uint8Array): number {
  const seen = new Set<number>();
  for (let at = 0; at + 2 < bytes.length; at++) seen.add((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!);
  return Math.min(bytes.length, seen.size + 2);
}

function withoutLineBreak(value: Uint8Array): Uint8Array {
  let end = value.length;
  if (value[end - 1] === 10) end--;
  if (value[end - 1] === 13) end--;
  return value.subarray(0, end);
}

function base32(bytes: Uint8Array, length: number): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += digits[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
