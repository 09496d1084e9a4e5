/** Azure's common annotated security keys: fixed offsets, a month of allocation and a Marvin32 checksum. */
import { withoutPadding } from "./base64.ts";
import { marvin32 } from "./marvin.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved } from "./result.ts";

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters before the checksum; they hold the sixty bytes that it covers. */
const covered = 80;

const services: Record<string, string> = {
  AZDO: "DevOps",
  AZAC: "App Configuration",
  AZEG: "Event Grid",
  AZMP: "Maps",
  AZCS: "Communication Services",
  ACOG: "AI services",
  AZMR: "Mixed Reality",
  AZFR: "Fluid Relay",
};

/** The service within AI services, by the last of the four characters that the provider reserves. */
const aiServices: Record<string, string> = {
  A: "AI services",
  B: "OpenAI",
  E: "Cognitive Services",
  Y: "Speech",
  a: "Text Analytics",
};

function inBase62(value: number): string {
  let text = "";
  for (let rest = value; rest > 0 || text === ""; rest = Math.floor(rest / 62)) {
    text = base62Digits.charAt(rest % 62) + text;
  }
  return text;
}

/** Base62 of the four bytes with one leading 0 for each leading zero byte, then filled up with 0 on the right. */
function base62Checksum(bytes: Buffer): string {
  let zeros = 0;
  while (zeros < 3 && bytes[zeros] === 0) zeros++;
  const text = ("0".repeat(zeros) + inBase62(bytes.readUInt32BE())).padEnd(6, "0").slice(0, 6);
  // Written as base64 characters, of which the last holds only two bits.
  return withoutPadding(Buffer.from(text, "base64").toString("base64"));
}

/** The ways the checksum of a key is written, each six characters: raw, in base62, and as older derived keys have it. */
function checksumsOf(key: string): string[] {
  const bytes = Buffer.alloc(4);
  const value = marvin32(Buffer.from(key.slice(0, covered), "base64"), "Default0");
  bytes.writeUInt32LE(value);
  const forms = [withoutPadding(bytes.toString("base64")), base62Checksum(bytes)];
  if (key[57] === "D") forms.push(base62Checksum(Buffer.from(bytes).reverse()));
  return forms;
}

function monthOf(key: string): string | undefined {
  const year = base64Digits.indexOf(key.charAt(58));
  const month = key.charCodeAt(59) - 65;
  return year < 0 || year > 61 || month < 0 || month > 11
    ? undefined
    : `${2024 + year}-${String(month + 1).padStart(2, "0")}`;
}

function serviceOf(key: string): string {
  const signature = key.slice(76, 80).toUpperCase();
  if (signature === "ACOG" && key.slice(72, 75) === "AAA") return aiServices[key.charAt(75)] ?? "AI services";
  return services[signature] ?? `unknown (${signature})`;
}

function verify(token: string): ProofResult {
  const key = withoutPadding(token);
  const { length } = key;
  if ((length !== 84 && length !== 86) || token.length - length > 2 || !/^[A-Za-z0-9+/]+$/.test(key)) {
    return disproved("not the length of an annotated key");
  }
  const allocated = monthOf(key);
  if (!/^JQQJ9[9DH]/.test(key.slice(52, 58)) || allocated === undefined) {
    return disproved("the fixed marker and the month do not stand where they belong");
  }
  const facts: Record<string, string> = { service: serviceOf(key), allocated };
  if (key[57] === "D") facts.kind = "derived key";
  if (key[57] === "H") facts.kind = "hash";
  const given = key.slice(covered);
  return checksumsOf(key).some((form) => form.slice(0, given.length) === given)
    ? proved("Marvin32 holds", facts)
    : disproved("Marvin32 does not hold", facts);
}

function sign(token: string): string {
  const key = withoutPadding(token);
  const kind = /[9DH]/.test(key.charAt(57)) ? key.charAt(57) : "9";
  const year = /[A-Za-z0-9]/.test(key.charAt(58)) ? key.charAt(58) : "A";
  const month = /[A-L]/.test(key.charAt(59)) ? key.charAt(59) : "A";
  const body = `${key.slice(0, 52)}JQQJ9${kind}${year}${month}${key.slice(60, covered)}`;
  const [, written = ""] = checksumsOf(body);
  return body + written.slice(0, key.length - covered) + token.slice(key.length);
}

/** Common annotated security keys, short (84) and long (88 characters). Facts: `service`, `allocated` (`YYYY-MM`), `kind`. */
export const azureCask: Proof = { verify, sign };
