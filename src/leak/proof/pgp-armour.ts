/** OpenPGP armour: its CRC-24, and what the first packet says. */
import { decodeBase64 } from "./base64.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved, unproved } from "./result.ts";

/** CRC-24 of RFC 9580 §6.1 (and RFC 4880): start 0xB704CE, polynomial 0x864CFB. Out: an unsigned 24-bit number. */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? ((crc << 1) ^ 0x864cfb) & 0xffffff : (crc << 1) & 0xffffff;
  }
  return crc;
}

/** A line that holds the checksum: `=` and four characters. */
const checksumLine = /^=[A-Za-z0-9+/]{4}$/;

type Armour = { kind: string; bytes: Buffer; checksum: string | undefined };

/** Lines of an armour; one that stands in a string literal has its line ends as `\n`. */
function linesOf(token: string): string[] {
  return token.split(/\r\n|[\r\n]|\\r\\n|\\[nr]/).map((line) => line.trim());
}

function parse(token: string): Armour | undefined {
  const lines = linesOf(token);
  const first = lines.findIndex((line) => line.startsWith("-----BEGIN PGP "));
  const last = lines.findIndex((line, i) => i > first && line.startsWith("-----END PGP "));
  if (first < 0 || last < 0) return undefined;
  const kind = (lines[first] ?? "").slice(15, 60).replace(/-+/, "").toLowerCase();
  const inside = lines.slice(first + 1, last).filter((line) => line !== "" && !/^[A-Za-z]+: /.test(line));
  const checksum = inside.findLast((line) => checksumLine.test(line));
  const bytes = decodeBase64(inside.filter((line) => !checksumLine.test(line)).join(""));
  return bytes === undefined || bytes.length === 0 ? undefined : { kind, bytes, checksum };
}

/** The creation time of the first packet when it is a key of version 4 or newer (RFC 9580 §4.2 and §5.5.2). */
function createdAt(bytes: Buffer): string | undefined {
  const tag = bytes[0] ?? 0;
  const isNewFormat = (tag & 0x40) !== 0;
  if ((isNewFormat ? tag & 0x3f : (tag >> 2) & 0xf) !== 5) return undefined;
  const length = bytes[1] ?? 0;
  const lengthBytes = isNewFormat ? (length < 192 ? 1 : length < 224 ? 2 : length === 255 ? 5 : 1) : 1 << (tag & 3);
  const body = bytes.subarray(1 + lengthBytes);
  return body.length >= 5 && (body[0] ?? 0) >= 4 ? isoTime(body.readUInt32BE(1)) : undefined;
}

function encodeCrc(bytes: Buffer): string {
  const crc = Buffer.alloc(3);
  crc.writeUIntBE(crc24(bytes), 0, 3);
  return `=${crc.toString("base64")}`;
}

function verify(token: string): ProofResult {
  const armour = parse(token);
  if (armour === undefined) return disproved("no base64 stands between the two lines of the armour");
  const facts = factsOf({ kind: armour.kind, created: createdAt(armour.bytes) });
  if (armour.checksum === undefined) return unproved("the armour has no checksum", facts);
  return armour.checksum === encodeCrc(armour.bytes)
    ? proved("CRC-24 holds", facts)
    : disproved("CRC-24 does not hold", facts);
}

function sign(token: string): string {
  const armour = parse(token);
  if (armour?.checksum === undefined) return token;
  const at = token.lastIndexOf(armour.checksum);
  return token.slice(0, at) + encodeCrc(armour.bytes) + token.slice(at + armour.checksum.length);
}

/** PGP armour. Facts: `kind` (`private key block`), `created`. RFC 9580 lets the checksum be left out. */
export const pgpArmour: Proof = { verify, sign };
