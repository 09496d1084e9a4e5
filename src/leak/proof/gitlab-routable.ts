/** GitLab's routable tokens: a payload that names cell, organization and owner, its length and a CRC-32. */
import { crc32 } from "node:zlib";
import { decodeBase64 } from "./base64.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved } from "./result.ts";

/** Source: GitLab's design document on routable tokens. */
const routingKeys: Record<string, string> = {
  c: "cell",
  g: "group",
  o: "organization",
  p: "project",
  t: "type",
  u: "user",
};

const tail = /^([0-9a-z]{2})([0-9a-z]{7})$/;

type Parsed = { covered: string; head: string; length: number; checksum: string };

function parse(token: string): Parsed | undefined {
  const dot = token.lastIndexOf(".");
  const [, length = "", checksum = ""] = tail.exec(token.slice(dot + 1)) ?? [];
  const first = token.indexOf(".");
  if (first < 0 || length === "" || !/^(?:\.[0-9a-z]{2})?$/.test(token.slice(first, dot))) return undefined;
  return { covered: token.slice(0, -7), head: token.slice(0, first), length: Number.parseInt(length, 36), checksum };
}

/**
 * The ids in a payload: lines like `u:1a` (base36), then random bytes, of which the last byte gives the number.
 * A payload that does not read so has none.
 */
function idsOf(payload: string): Record<string, string> {
  const bytes = decodeBase64(payload);
  const random = bytes?.at(-1);
  if (bytes === undefined || random === undefined || random + 1 >= bytes.length) return {};
  const facts: Record<string, string> = {};
  for (const line of bytes
    .subarray(0, bytes.length - random - 1)
    .toString("latin1")
    .split("\n")
    .slice(0, 10)) {
    const [, key = "", value = ""] = /^([a-z]):([0-9a-z]{1,10})$/.exec(line) ?? [];
    const name = routingKeys[key];
    if (name === undefined) return {};
    facts[name] = String(Number.parseInt(value, 36));
  }
  return facts;
}

function checksumOf(covered: string): string {
  return crc32(Buffer.from(covered, "latin1")).toString(36).padStart(7, "0");
}

function verify(token: string): ProofResult {
  const parsed = parse(token);
  if (parsed === undefined) return disproved("not the form of a routable token");
  if (parsed.checksum !== checksumOf(parsed.covered)) return disproved("CRC-32 does not hold");
  // The payload may hold any character of the prefix, so its stated length alone tells where it begins.
  const from = parsed.head.length - parsed.length;
  return from > 0 && /[-_]/.test(parsed.head.charAt(from - 1))
    ? proved("CRC-32 and length hold", idsOf(parsed.head.slice(from)))
    : disproved("CRC-32 holds, the length does not");
}

function sign(token: string): string {
  const parsed = parse(token);
  const prefix = /^[a-z]{1,20}-(?:t\d_)?/.exec(token)?.[0];
  if (parsed === undefined || prefix === undefined) return token;
  const length = (parsed.head.length - prefix.length).toString(36).padStart(2, "0");
  const covered = parsed.covered.slice(0, -2) + length;
  return covered + checksumOf(covered);
}

/** Routable tokens of every prefix and both versions. Facts: `cell`, `organization`, `group`, `project`, `user`, `type` as decimal ids. */
export const gitlabRoutable: Proof = { verify, sign };
