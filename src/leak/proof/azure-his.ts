/** Azure's identifiable keys of the first version: a signature of the service and a Marvin32 checksum at the end. */
import { withoutPadding } from "./base64.ts";
import { marvin32 } from "./marvin.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved, unproved } from "./result.ts";

/** `url`: written in the URL alphabet. `redis`: `+` is shown as P and `/` as F. `letters`: made anew until it has neither. */
type Writing = "standard" | "url" | "redis" | "letters";

type Service = { service: string; writing: Writing; seeds: readonly (readonly [seed: string, scope?: string])[] };

function service(name: string, writing: Writing, ...seeds: Service["seeds"]): Service {
  return { service: name, writing, seeds };
}

const messagingSeeds: Service["seeds"] = [
  ["Send0000", "send"],
  ["Listen00", "listen"],
  ["Manage00", "manage"],
];

/** By signature. Source of seeds and signatures: Microsoft's security-utilities. */
const services: ReadonlyMap<string, Service> = new Map([
  ["+ASt", service("Storage", "standard", ["Default0"])],
  ["+ABa", service("Batch", "standard", ["AbAcct00"])],
  ["AzCa", service("Cache for Redis", "redis", ["Access00"])],
  ["AzFu", service("Functions", "url", ["Functi00", "host"], ["System00", "system"], ["Master00", "master"])],
  ["ACDb", service("Cosmos DB", "standard", ["MastRO00", "read-only"], ["MastRW00", "read-write"])],
  ["+ASb", service("Service Bus", "standard", ...messagingSeeds)],
  ["+AEh", service("Event Hubs", "standard", ...messagingSeeds)],
  ["+ARm", service("Relay", "standard", ...messagingSeeds)],
  ["AzSe", service("AI Search", "letters", ["Query000", "query"], ["PAdmin00", "admin"])],
  ["+AMC", service("Machine Learning (classic)", "standard", ["Classic0"])],
  ["+ACR", service("Container Registry", "standard", ["ACRDflt0"])],
  ["+SQL", service("SQL", "standard", ["UsrPwd00"])],
  ["AIoT", service("IoT", "standard", ["IoTHub00", "hub"], ["DpsKey00", "provisioning"], ["Device00", "device"])],
  [
    "APIM",
    service(
      "API Management",
      "standard",
      // The source gives subscriptions the seed of IoT hubs.
      ["IoTHub00", "subscription"],
      ["Gatewy00", "gateway"],
      ["GitKey00", "repository"],
      ["Tenant00", "direct"],
    ),
  ],
  ["AZEG", service("Event Grid", "standard", ["SendRecv"])],
]);

type Parsed = { body: string; padding: string; service: Service };

/** The checksum takes six characters before the padding, the signature the four before those. */
function parse(token: string): Parsed | undefined {
  const written = withoutPadding(token);
  if (written.length < 34 || written.length > 200) return undefined;
  const body = written.replaceAll("-", "+").replaceAll("_", "/");
  const found = services.get(body.slice(-10, -6));
  if (found === undefined || !/^[A-Za-z0-9+/]*$/.test(body)) return undefined;
  return { body, padding: token.slice(written.length), service: found };
}

/** The key's text with the checksum of this seed in its last four bytes. */
function withChecksum(body: string, seed: string): string {
  const bytes = Buffer.from(body, "base64");
  bytes.writeUInt32LE(marvin32(bytes.subarray(0, -4), seed), bytes.length - 4);
  return withoutPadding(bytes.toString("base64"));
}

function shownByRedis(body: string): string {
  return body.replaceAll("+", "P").replaceAll("/", "F");
}

function verify(token: string): ProofResult {
  const parsed = parse(token);
  if (parsed === undefined) return unproved("no signature of an Azure service stands before the checksum");
  const { body } = parsed;
  const { service: name, seeds, writing } = parsed.service;
  for (const [seed, scope] of seeds) {
    const expected = withChecksum(body, seed);
    if (expected === body || (writing === "redis" && shownByRedis(expected) === body)) {
      return proved("Marvin32 holds", scope === undefined ? { service: name } : { service: name, scope });
    }
  }
  return disproved("Marvin32 does not hold", { service: name });
}

function sign(token: string): string {
  const parsed = parse(token);
  if (parsed === undefined) return token;
  const { seeds, writing } = parsed.service;
  const [seed] = seeds[token.charCodeAt(0) % seeds.length] ?? seeds[0] ?? [""];
  if (writing === "redis") {
    return shownByRedis(withChecksum(shownByRedis(parsed.body), seed)) + parsed.padding;
  }
  let signed = withChecksum(parsed.body, seed);
  if (writing === "url") return signed.replaceAll("+", "-").replaceAll("/", "_") + parsed.padding;
  if (writing === "letters") {
    const body = parsed.body.replace(/[+/]/g, "x");
    // About one checksum in five has a sign in it, so a handful of first characters is plenty.
    for (const first of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
      signed = withChecksum(first + body.slice(1), seed);
      if (!/[+/]/.test(signed)) break;
    }
  }
  return signed + parsed.padding;
}

/** Identifiable keys of Azure services, version 1. Facts: `service`, and `scope` where the seed tells it. */
export const azureHis: Proof = { verify, sign };
