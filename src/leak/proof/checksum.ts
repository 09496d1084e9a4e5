/** The checksums that a shape may name; docs/rule-format.md has the same table. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { base32 } from "./base32.ts";
import type { Checksum } from "./proof.ts";

/** Digits, then capitals, then small letters: the order GitHub, npm and Vercel count in. */
const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The four bytes of a CRC-32, most significant first. */
function bytesOfCrc(covered: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(covered));
  return bytes;
}

function inDigits(value: number, digits: string, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / digits.length)) {
    text = digits.charAt(rest % digits.length) + text;
  }
  return text;
}

/**
 * Checksums by the name that a shape uses. Each takes the covered bytes and gives exactly `length` characters.
 * CRC-32 is the one of IEEE 802.3 and zlib. Sources: GitHub's blog on its token formats (base62), Grafana's
 * `satokengen` (little-endian hex), GitLab's documentation on routable tokens (base36).
 */
export const checksums: Record<string, Checksum> = {
  "crc32-base62": { length: 6, compute: (covered) => inDigits(crc32(covered), base62Digits, 6) },
  "crc32-hex": { length: 8, compute: (covered) => bytesOfCrc(covered).toString("hex") },
  "crc32-HEX": { length: 8, compute: (covered) => bytesOfCrc(covered).toString("hex").toUpperCase() },
  "crc32le-hex": { length: 8, compute: (covered) => bytesOfCrc(covered).reverse().toString("hex") },
  "crc32-base36": { length: 7, compute: (covered) => crc32(covered).toString(36).padStart(7, "0") },
  "crc32le-base64": {
    length: 6,
    compute: (covered) => bytesOfCrc(covered).reverse().toString("base64").slice(0, 6),
  },
  "sha256-base32": {
    length: 8,
    compute: (covered) => base32(createHash("sha256").update(covered).digest()).slice(0, 8),
  },
};
