/** Personal access tokens of Azure DevOps in their older form, 52 characters of small base32. */
import { crc32 } from "node:zlib";
import { base32, decodeBase32 } from "./base32.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved } from "./result.ts";

/** What the CRC-32 is combined with, by kind of token. Source: Microsoft's security-utilities. */
const kinds = [
  ["user", 0xe0b9692d],
  ["application", 0x1019f92e],
] as const;

/** Places of the checksum's bytes, least significant first. */
const places = [22, 8, 7, 2] as const;

function checksumOf(bytes: Buffer, mask: number): Buffer {
  const covered = Buffer.concat([
    bytes.subarray(0, 2),
    bytes.subarray(3, 7),
    bytes.subarray(9, 22),
    bytes.subarray(23, 32),
  ]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE((crc32(covered) ^ mask) >>> 0);
  return checksum;
}

function decode(token: string): Buffer | undefined {
  return /^[a-z2-7]{52}$/.test(token) ? decodeBase32(token.toUpperCase()) : undefined;
}

function verify(token: string): ProofResult {
  const bytes = decode(token);
  if (bytes === undefined || base32(bytes).toLowerCase() !== token) return disproved("not 32 bytes of small base32");
  for (const [kind, mask] of kinds) {
    const checksum = checksumOf(bytes, mask);
    if (places.every((place, i) => bytes[place] === checksum[i])) return proved("CRC-32 holds", { kind });
  }
  return disproved("CRC-32 does not hold");
}

function sign(token: string): string {
  const bytes = decode(token);
  if (bytes === undefined) return token;
  const [, mask] = kinds[token.charCodeAt(0) % 2 === 0 ? 0 : 1];
  const checksum = checksumOf(bytes, mask);
  for (const [i, place] of places.entries()) bytes[place] = checksum[i] ?? 0;
  return base32(bytes).toLowerCase();
}

/** Azure DevOps tokens without annotation. Facts: `kind` (`user` or `application`). */
export const azureDevopsPat: Proof = { verify, sign };
