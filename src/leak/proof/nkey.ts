/** Seeds in base32 that end in a CRC-16: NATS nkeys and Stellar accounts. */
import { base32, decodeBase32 } from "./base32.ts";
import type { Proof } from "./proof.ts";
import { disproved, proved } from "./result.ts";

/** CRC-16/XMODEM: polynomial 0x1021, start 0. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** A proof over `length` characters that decode to a body and its CRC-16, least significant byte first. */
function withCrc16(
  length: number,
  isSeed: (bytes: Buffer) => boolean,
  factsOf: (bytes: Buffer) => Record<string, string>,
): Proof {
  function decode(token: string): Buffer | undefined {
    return token.length === length ? decodeBase32(token) : undefined;
  }
  return {
    verify(token) {
      const bytes = decode(token);
      if (bytes === undefined || base32(bytes) !== token) return disproved("not base32 of the right length");
      if (!isSeed(bytes)) return disproved("the first byte is not that of a seed");
      return bytes.readUInt16LE(bytes.length - 2) === crc16(bytes.subarray(0, -2))
        ? proved("CRC-16 holds", factsOf(bytes))
        : disproved("CRC-16 does not hold", factsOf(bytes));
    },
    sign(token) {
      const bytes = decode(token);
      if (bytes === undefined) return token;
      // The version needs the five bits of the S and three more, which a random second character may not have.
      bytes[0] = isSeed(bytes) ? (bytes[0] ?? 0) : seedVersion;
      bytes.writeUInt16LE(crc16(bytes.subarray(0, -2)), bytes.length - 2);
      return base32(bytes);
    },
  };
}

/** 18 << 3: the version whose base32 begins with S, in both formats. */
const seedVersion = 144;

/** Whom a NATS seed belongs to, by the five bits after the version; nats-io/nkeys has the table. */
const natsKinds: Record<number, string> = {
  0: "account",
  16: "cluster",
  104: "server",
  112: "operator",
  160: "user",
  184: "curve key",
};

function natsKind(bytes: Buffer): Record<string, string> {
  const kind = natsKinds[(((bytes[0] ?? 0) & 7) << 5) | (((bytes[1] ?? 0) & 0xc0) >> 3)];
  return kind === undefined ? {} : { kind };
}

/** NATS nkey seeds: 58 characters. Facts: `kind`. */
export const nkey: Proof = withCrc16(58, (bytes) => ((bytes[0] ?? 0) & 0xf8) === seedVersion, natsKind);

/** Stellar secret seeds (SEP-23): 56 characters. */
export const stellarSeed: Proof = withCrc16(
  56,
  (bytes) => bytes[0] === seedVersion,
  () => ({}),
);
