import { describe, expect, it } from "vitest";
import { azureCask } from "../../../src/leak/proof/azure-cask.ts";
import { azureDevopsPat } from "../../../src/leak/proof/azure-devops-pat.ts";
import { azureHis } from "../../../src/leak/proof/azure-his.ts";
import { entraSecret } from "../../../src/leak/proof/entra-secret.ts";
import { marvin32 } from "../../../src/leak/proof/marvin.ts";

/** A key of so many bytes with the signature in its place and the checksum of the seed, made without the code under test. */
function hisKey(size: number, signature: string, seed: string, fill = "k"): string {
  const body = fill.repeat(Math.ceil((size * 4) / 3) - 10) + signature;
  const bytes = Buffer.alloc(size);
  Buffer.from(`${body}AAAAAA`, "base64").copy(bytes);
  bytes.writeUInt32LE(marvin32(bytes.subarray(0, -4), seed), size - 4);
  return bytes.toString("base64");
}

function caskKey(parts: { kind?: string; date?: string; reserved?: string; signature?: string } = {}): string {
  const { kind = "9", date = "BC", reserved = "AAAA", signature = "AZDO" } = parts;
  const covered = ["r".repeat(52), "JQ", "QJ9", kind, date, "AAAAAAAAAAAA", reserved, signature].join("");
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(marvin32(Buffer.from(covered, "base64"), "Default0"));
  return covered + checksum.toString("base64").slice(0, 4);
}

describe("azure-his", () => {
  it.each([
    [64, "+ASt", "Default0", { service: "Storage" }],
    [64, "+ABa", "AbAcct00", { service: "Batch" }],
    [32, "AzCa", "Access00", { service: "Cache for Redis" }],
    [40, "AzFu", "Functi00", { service: "Functions", scope: "host" }],
    [40, "AzFu", "System00", { service: "Functions", scope: "system" }],
    [40, "AzFu", "Master00", { service: "Functions", scope: "master" }],
    [64, "ACDb", "MastRO00", { service: "Cosmos DB", scope: "read-only" }],
    [64, "ACDb", "MastRW00", { service: "Cosmos DB", scope: "read-write" }],
    [32, "+ASb", "Send0000", { service: "Service Bus", scope: "send" }],
    [32, "+AEh", "Listen00", { service: "Event Hubs", scope: "listen" }],
    [32, "+ARm", "Manage00", { service: "Relay", scope: "manage" }],
    [39, "AzSe", "Query000", { service: "AI Search", scope: "query" }],
    [39, "AzSe", "PAdmin00", { service: "AI Search", scope: "admin" }],
    [64, "+AMC", "Classic0", { service: "Machine Learning (classic)" }],
    [39, "+ACR", "ACRDflt0", { service: "Container Registry" }],
    [32, "+SQL", "UsrPwd00", { service: "SQL" }],
    [32, "AIoT", "IoTHub00", { service: "IoT", scope: "hub" }],
    [32, "AIoT", "DpsKey00", { service: "IoT", scope: "provisioning" }],
    [32, "AIoT", "Device00", { service: "IoT", scope: "device" }],
    [64, "APIM", "IoTHub00", { service: "API Management", scope: "subscription" }],
    [64, "APIM", "Gatewy00", { service: "API Management", scope: "gateway" }],
    [64, "APIM", "GitKey00", { service: "API Management", scope: "repository" }],
    [64, "APIM", "Tenant00", { service: "API Management", scope: "direct" }],
    [32, "AZEG", "SendRecv", { service: "Event Grid" }],
  ])("a key of %i bytes with %s and the seed %s", (size, signature, seed, facts) => {
    const key = hisKey(size, signature, seed);
    expect(azureHis.verify(key)).toMatchObject({ holds: true, facts });
    expect(azureHis.verify(hisKey(size, signature, "Wrong000")).holds).toBe(false);
  });

  it("reads the URL alphabet, with and without padding", () => {
    const key = hisKey(40, "AzFu", "Master00", "+");
    const url = key.replaceAll("+", "-").replaceAll("/", "_");
    expect(url).toContain("-");
    expect(azureHis.verify(url).holds).toBe(true);
    expect(azureHis.verify(url.replaceAll("=", "")).holds).toBe(true);
  });

  it("reads a Redis key whose checksum is shown with P and F", () => {
    const shown = [..."abcdefghijklmnopqrstuvwxyz0123456789"]
      .map((letter) => hisKey(32, "AzCa", "Access00", letter))
      .find((key) => /[+/]/.test(key));
    expect(shown).toBeDefined();
    expect(azureHis.verify(shown!.replaceAll("+", "P").replaceAll("/", "F")).holds).toBe(true);
  });

  it("says nothing of a key without a signature, as older ones are", () => {
    expect(azureHis.verify(`${"k".repeat(86)}==`).holds).toBeUndefined();
  });
});

describe("azure-cask", () => {
  it("tells the service and the month", () => {
    expect(azureCask.verify(caskKey())).toMatchObject({
      holds: true,
      facts: { service: "DevOps", allocated: "2025-03" },
    });
    expect(azureCask.verify(caskKey({ date: "AL", signature: "AZMP" })).facts).toMatchObject({
      service: "Maps",
      allocated: "2024-12",
    });
  });

  it("tells the service within AI services by the reserved field", () => {
    expect(azureCask.verify(caskKey({ signature: "ACOG", reserved: "AAAB" })).facts.service).toBe("OpenAI");
    expect(azureCask.verify(caskKey({ signature: "ACOG", reserved: "AAAY" })).facts.service).toBe("Speech");
    expect(azureCask.verify(caskKey({ signature: "ACOG", reserved: "AAAA" })).facts.service).toBe("AI services");
  });

  it("names a signature that it does not know, and the kind of key", () => {
    expect(azureCask.verify(caskKey({ signature: "AZZZ", kind: "D" })).facts).toMatchObject({
      service: "unknown (AZZZ)",
      kind: "derived key",
    });
    expect(azureCask.verify(caskKey({ kind: "H" })).facts.kind).toBe("hash");
  });

  it("reads the checksum in base62 as well, in both lengths", () => {
    const random = `${caskKey().slice(0, 80)}aaaa`;
    for (const token of [random, `${random}aA==`]) {
      const signed = azureCask.sign!(token);
      expect(signed).toHaveLength(token.length);
      expect(signed.slice(80)).toMatch(/^[A-Za-z0-9]+=*$/);
      expect(azureCask.verify(signed).holds).toBe(true);
    }
  });

  it("refuses a month that is none, and a marker that is not there", () => {
    expect(azureCask.verify(caskKey({ date: "AM" })).holds).toBe(false);
    expect(azureCask.verify(caskKey().replace("JQQ", "JQX")).holds).toBe(false);
  });
});

describe("entra-secret", () => {
  const body = ["abc", "8Q~", "A".repeat(31)].join("");

  it("knows the check of a known secret", () => {
    expect(entraSecret.verify(`${body}cWd`).holds).toBe(true);
    expect(entraSecret.verify(`${body}cWe`).holds).toBe(false);
    expect(entraSecret.sign!(`${body}xyz`)).toBe(`${body}cWd`);
  });

  it("has nothing to say of other generations, and refuses other lengths", () => {
    expect(entraSecret.verify(body.replace("8Q", "7Q")).holds).toBeUndefined();
    expect(entraSecret.verify(body.replace("8Q", "9Q")).holds).toBeUndefined();
    expect(entraSecret.verify(body).holds).toBe(false);
    expect(entraSecret.verify("x".repeat(40)).holds).toBe(false);
  });
});

describe("azure-devops-pat", () => {
  it("tells tokens of users from those of applications", () => {
    const kinds = ["a", "b"].map(
      (first) => azureDevopsPat.verify(azureDevopsPat.sign!(first + "q".repeat(51))).facts.kind,
    );
    expect(kinds.sort()).toEqual(["application", "user"]);
  });

  it("puts the checksum where the source has it", () => {
    // All zero bytes: the CRC-32 of 28 zero bytes, combined with the user's number, at the four places.
    const signed = azureDevopsPat.sign!(`b${"a".repeat(51)}`);
    const digits = "abcdefghijklmnopqrstuvwxyz234567";
    const bits = [...signed].map((c) => digits.indexOf(c).toString(2).padStart(5, "0")).join("");
    const bytes = Array.from({ length: 32 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
    const changed = bytes.flatMap((byte, i) => (byte !== 0 && i > 0 ? [i] : []));
    expect(changed.every((place) => [2, 7, 8, 22].includes(place))).toBe(true);
    expect(azureDevopsPat.verify(signed).holds).toBe(true);
  });

  it("refuses capitals and other lengths", () => {
    const signed = azureDevopsPat.sign!("q".repeat(52));
    expect(azureDevopsPat.verify(signed.toUpperCase()).holds).toBe(false);
    expect(azureDevopsPat.verify(signed.slice(1)).holds).toBe(false);
  });
});
