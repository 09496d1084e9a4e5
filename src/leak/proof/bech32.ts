/** Bech32 (BIP-173): age identities and Nostr private keys. */
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved } from "./result.ts";

const digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function step(checksum: number, value: number): number {
  const top = checksum >>> 25;
  let next = ((checksum & 0x1ffffff) << 5) ^ value;
  for (const [bit, generator] of generators.entries()) if ((top >> bit) & 1) next ^= generator;
  return next;
}

function afterPrefix(prefix: string): number {
  let checksum = 1;
  for (let i = 0; i < prefix.length; i++) checksum = step(checksum, prefix.charCodeAt(i) >> 5);
  checksum = step(checksum, 0);
  for (let i = 0; i < prefix.length; i++) checksum = step(checksum, prefix.charCodeAt(i) & 31);
  return checksum;
}

type Parsed = { prefix: string; values: number[] };

function parse(token: string): Parsed | undefined {
  const lower = token.toLowerCase();
  if (token !== lower && token !== token.toUpperCase()) return undefined;
  const separator = lower.lastIndexOf("1");
  if (separator < 1 || lower.length - separator < 7 || !/^[\x21-\x7e]+$/.test(lower)) return undefined;
  const values = Array.from(lower.slice(separator + 1), (character) => digits.indexOf(character));
  return values.includes(-1) ? undefined : { prefix: lower.slice(0, separator), values };
}

function verify(token: string): ProofResult {
  const parsed = parse(token);
  if (parsed === undefined) return disproved("not bech32");
  const checksum = parsed.values.reduce(step, afterPrefix(parsed.prefix));
  return checksum === 1 ? proved("the bech32 checksum holds") : disproved("the bech32 checksum does not hold");
}

function sign(token: string): string {
  const parsed = parse(token);
  if (parsed === undefined) return token;
  const covered = parsed.values.slice(0, -6);
  const checksum = [...covered, 0, 0, 0, 0, 0, 0].reduce(step, afterPrefix(parsed.prefix)) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => digits.charAt((checksum >>> shift) & 31)).join("");
  const body = token.slice(0, -6);
  return body + (token === token.toLowerCase() ? check : check.toUpperCase());
}

/** Anything in bech32 with the checksum of BIP-173, in one case throughout. */
export const bech32: Proof = { verify, sign };
