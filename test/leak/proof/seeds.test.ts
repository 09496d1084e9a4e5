import { describe, expect, it } from "vitest";
import { base32 } from "../../../src/leak/proof/base32.ts";
import { bech32 } from "../../../src/leak/proof/bech32.ts";
import { bip39 } from "../../../src/leak/proof/bip39.ts";
import { crc16, nkey, stellarSeed } from "../../../src/leak/proof/nkey.ts";
import { crc24, pgpArmour } from "../../../src/leak/proof/pgp-armour.ts";

describe("bech32", () => {
  // Valid and invalid strings of BIP-173.
  it.each([
    ["A12UEL5L", true],
    ["a12uel5l", true],
    ["an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs", true],
    ["abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", true],
    ["split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", true],
    ["?1ezyfcl", true],
    ["A1G7SGD8", false],
    ["10a06t8", false],
    ["1qzzfhee", false],
    ["x1b4n0q5v", false],
    ["li1dgmt3", false],
    ["pzry9x0s0muk", false],
    ["a12UEL5L", false],
  ])("%s: %s", (text, holds) => {
    expect(bech32.verify(text).holds).toBe(holds);
  });
});

describe("nkey and stellar-seed", () => {
  function withCrc(...head: number[]): string {
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(32, 7), Buffer.alloc(2)]);
    bytes.writeUInt16LE(crc16(bytes.subarray(0, -2)), bytes.length - 2);
    return base32(bytes);
  }

  it.each([
    ["user", 20],
    ["account", 0],
    ["operator", 14],
    ["server", 13],
    ["cluster", 2],
    ["curve key", 23],
  ])("a NATS seed of a %s", (kind, type) => {
    const prefix = type << 3;
    const seed = withCrc(144 | (prefix >> 5), (prefix & 31) << 3);
    expect(seed).toMatch(/^S[UAONCX]/);
    expect(nkey.verify(seed)).toMatchObject({ holds: true, facts: { kind } });
  });

  it("a Stellar seed, and not a Stellar address", () => {
    expect(stellarSeed.verify(withCrc(144)).holds).toBe(true);
    expect(withCrc(144).startsWith("S")).toBe(true);
    expect(stellarSeed.verify(withCrc(48)).holds).toBe(false);
  });
});

describe("bip39", () => {
  it("accepts the phrases of all-zero and all-one entropy", () => {
    expect(bip39.verify(`${"abandon ".repeat(11)}about`)).toMatchObject({ holds: true, facts: { words: "12" } });
    expect(bip39.verify(`${"zoo ".repeat(11)}wrong`).holds).toBe(true);
    expect(bip39.verify(`${"abandon ".repeat(23)}art`)).toMatchObject({ holds: true, facts: { words: "24" } });
    expect(bip39.verify(`${"zoo ".repeat(23)}vote`).holds).toBe(true);
    expect(bip39.verify(`${"abandon ".repeat(17)}agent`).holds).toBe(true);
  });

  it("refuses a wrong last word, a word not of the list, and a wrong number of words", () => {
    expect(bip39.verify("abandon ".repeat(12)).holds).toBe(false);
    expect(bip39.verify(`${"abandon ".repeat(11)}leasehold`).holds).toBe(false);
    expect(bip39.verify(`${"abandon ".repeat(10)}about`).holds).toBe(false);
  });

  it("does not mind what stands between the words, or capitals", () => {
    const words = [...Array(11).fill("Abandon"), "about"];
    expect(bip39.verify(words.join(", ")).holds).toBe(true);
    expect(bip39.verify(words.map((word) => `"${word}"`).join(",\n")).holds).toBe(true);
  });
});

describe("pgp-armour", () => {
  /** A version-4 secret key packet, made in 2023, of an old-format header with a two-byte length. */
  const packet = Buffer.from([0x95, 0x00, 0x20, 4, ...[0x63, 0xb0, 0xcd, 0x00], 1, ...Array(27).fill(9)]);

  function armour(bytes: Buffer, separator = "\n", checksum = true): string {
    const crc = Buffer.alloc(3);
    crc.writeUIntBE(crc24(bytes), 0, 3);
    const lines = ["", bytes.toString("base64"), ...(checksum ? [`=${crc.toString("base64")}`] : [])];
    const name = ["PGP", "PRIVATE", "KEY", "BLOCK"].join(" ");
    return [`-----BEGIN ${name}-----`, "Version: 1", ...lines, `-----END ${name}-----`].join(separator);
  }

  it.each(["\n", "\r\n", "\\n", "\n    "])("accepts lines that end in %j", (separator) => {
    expect(pgpArmour.verify(armour(packet, separator))).toMatchObject({
      holds: true,
      facts: { kind: "private key block", created: "2023-01-01T00:00:00Z" },
    });
  });

  it("refuses changed content, and says nothing where the checksum is left out", () => {
    const changed = armour(packet).replace("CQkJ", "CQkK");
    expect(changed).not.toBe(armour(packet));
    expect(pgpArmour.verify(changed).holds).toBe(false);
    expect(pgpArmour.verify(armour(packet, "\n", false)).holds).toBeUndefined();
  });
});
