import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base32, decodeBase32 } from "../../../src/leak/proof/base32.ts";
import { englishWords } from "../../../src/leak/proof/bip39-english.ts";
import { checksums } from "../../../src/leak/proof/checksum.ts";
import { marvin32 } from "../../../src/leak/proof/marvin.ts";
import { crc16 } from "../../../src/leak/proof/nkey.ts";
import { crc24 } from "../../../src/leak/proof/pgp-armour.ts";

function compute(name: string, covered: string): string | undefined {
  return checksums[name]?.compute(Buffer.from(covered, "latin1"));
}

describe("checksums of shapes", () => {
  it.each([
    ["crc32-base62", "hello", "0zNvy2"],
    ["crc32-base62", "A".repeat(30), "0uCPlr"],
    ["crc32-base62", "A".repeat(70), "2pl4EB"],
    ["crc32-base62", "A".repeat(50), "1cGWCC"],
    ["crc32-base62", "A".repeat(37), "2qTV0e"],
    ["crc32-hex", "A".repeat(40), "2ae98c30"],
    ["crc32-hex", "a".repeat(32), "cab11777"],
    ["crc32le-hex", ["glsa", "_", "A".repeat(32)].join(""), "d8dc8af3"],
    ["crc32-HEX", ["ATATT3x", "FfGF0", "A".repeat(172), "="].join(""), "177EF7C9"],
    ["crc32-base36", ["glpat", "-", "A".repeat(40), ".01.14"].join(""), "12lze65"],
    ["crc32le-base64", "A".repeat(54), "FZQbVQ"],
    ["sha256-base32", ["github", "_pat_", "11", "A".repeat(20), "_", "A".repeat(43)].join(""), "U2X4U7I7"],
  ])("%s of a known text", (name, covered, expected) => {
    expect(compute(name, covered)).toBe(expected);
  });

  it("names exactly the seven of the rule format", () => {
    expect(Object.keys(checksums).sort()).toEqual(
      [
        "crc32-HEX",
        "crc32-base36",
        "crc32-base62",
        "crc32-hex",
        "crc32le-base64",
        "crc32le-hex",
        "sha256-base32",
      ].sort(),
    );
  });

  it("always gives as many characters as it says", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const checksum of Object.values(checksums)) expect(checksum.compute(bytes)).toHaveLength(checksum.length);
      }),
    );
  });
});

describe("the arithmetic beneath", () => {
  it("Marvin32 has the published values", () => {
    expect(marvin32(Buffer.alloc(0), "Default0")).toBe(0xcfd9b134);
    expect(marvin32(Buffer.from("A".repeat(60)), "Default0")).toBe(0x60f83248);
  });

  it("Marvin32 depends on every byte of the tail", () => {
    for (const length of [1, 2, 3, 5, 6, 7]) {
      const bytes = Buffer.alloc(length, 0x41);
      const whole = marvin32(bytes, "Default0");
      for (let i = 0; i < length; i++) {
        const changed = Buffer.from(bytes);
        changed[i] = 0x42;
        expect(marvin32(changed, "Default0")).not.toBe(whole);
      }
    }
  });

  it("CRC-16/XMODEM and CRC-24/OpenPGP have their check values", () => {
    expect(crc16(Buffer.from("123456789"))).toBe(0x31c3);
    expect(crc24(Buffer.from("123456789"))).toBe(0x21cf02);
  });

  it("base32 is that of RFC 4648", () => {
    expect(base32(Buffer.from("foobar"))).toBe("MZXW6YTBOI");
    expect(base32(Buffer.from("fooba"))).toBe("MZXW6YTB");
    expect(decodeBase32("MZXW6YTBO1")).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decodeBase32(base32(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it("the English word list is the standard's", () => {
    const text = `${englishWords.join("\n")}\n`;
    expect(englishWords).toHaveLength(2048);
    expect(createHash("sha256").update(text).digest("hex")).toBe(
      "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
    );
  });
});
