/** The secret-key packet of OpenPGP (RFC 9580 sections 5.5 and 6; RFC 4880 for version 4). */

/** `encrypted`: behind a passphrase; `stub`: the secret part lives on a card or elsewhere. */
export type PgpKey = { algorithm: string; encrypted: boolean; stub: boolean; created: string };

const algorithms: Record<number, { name: string; integers: number; curve?: boolean; kdf?: boolean }> = {
  1: { name: "RSA", integers: 2 },
  2: { name: "RSA", integers: 2 },
  3: { name: "RSA", integers: 2 },
  16: { name: "Elgamal", integers: 3 },
  17: { name: "DSA", integers: 4 },
  18: { name: "ECDH", integers: 1, curve: true, kdf: true },
  19: { name: "ECDSA", integers: 1, curve: true },
  22: { name: "EdDSA", integers: 1, curve: true },
};

/** CRC-24 of an armoured body (RFC 9580 section 6.1.1). */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : (crc << 1) & 0xffffff;
  }
  return crc;
}

/** Whether the bytes begin with the tag of a secret-key packet. */
export function isSecretKeyPacket(bytes: Uint8Array): boolean {
  const tag = bytes[0] ?? 0;
  return (tag & 0xc0) === 0xc0 ? (tag & 0x3f) === 5 : (tag & 0xfc) === 0x94;
}

/** Read the first packet. In: the decoded body. Out: what the key says of itself, or undefined when it is not a version 4 secret key. */
export function pgpKey(bytes: Uint8Array): PgpKey | undefined {
  if (!isSecretKeyPacket(bytes)) return undefined;
  const tag = bytes[0] ?? 0;
  const first = bytes[1] ?? 0;
  const oldLength = [1, 2, 4, 0][tag & 3] ?? 0;
  const newLength = first < 192 ? 1 : first < 224 ? 2 : 5;
  let at = 1 + ((tag & 0x40) === 0 ? oldLength : newLength);
  if (bytes[at] !== 4 || at + 6 > bytes.length) return undefined;
  const seconds = Buffer.from(bytes.subarray(at + 1, at + 5)).readUInt32BE(0);
  const algorithm = algorithms[bytes[at + 5] ?? 0];
  if (algorithm === undefined) return undefined;
  at += 6;
  if (algorithm.curve) at += 1 + (bytes[at] ?? 0);
  for (let i = 0; i < algorithm.integers; i++) {
    if (at + 2 > bytes.length) return undefined;
    at += 2 + (((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) + 7) >> 3);
  }
  if (algorithm.kdf) at += 1 + (bytes[at] ?? 0);
  const usage = bytes[at];
  if (usage === undefined) return undefined;
  const specifier = usage === 254 || usage === 255 ? bytes[at + 2] : undefined;
  const created = new Date(seconds * 1000).toISOString().slice(0, 10);
  return { algorithm: algorithm.name, encrypted: usage !== 0, stub: specifier === 101, created };
}
