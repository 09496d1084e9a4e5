/** Macaroons in the second binary format, as Python's package index issues them. */
import { decodeBase64, encodeInPlaceOf, roomIn } from "./base64.ts";
import { asObject } from "./json-object.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved } from "./result.ts";

/** Field types. Source: `doc/format.txt` of rescrv/libmacaroons. */
const location = 1;
const identifier = 2;
const verification = 4;
const signature = 6;

type Macaroon = { location: string; caveats: string[]; afterLocation: number };

/** Reads packets one after the other; every read says `undefined` when the bytes do not go on as they should. */
function reader(bytes: Buffer): {
  at: () => number;
  ends: (byte: number) => boolean;
  field: (type: number) => Buffer | undefined;
} {
  let at = 0;
  function length(): number | undefined {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  }
  return {
    at: () => at,
    ends(byte) {
      if (bytes[at] !== byte) return false;
      at++;
      return true;
    },
    field(type) {
      if (bytes[at] !== type) return undefined;
      at++;
      const size = length();
      if (size === undefined || at + size > bytes.length) return undefined;
      at += size;
      return bytes.subarray(at - size, at);
    },
  };
}

/** The macaroon, with `undefined` for a body that is not one; `afterLocation` is where the identifier begins. */
function parse(bytes: Buffer): Macaroon | undefined {
  const read = reader(bytes);
  if (!read.ends(2)) return undefined;
  const place = read.field(location)?.toString("latin1") ?? "";
  const afterLocation = read.at();
  if (read.field(identifier) === undefined || !read.ends(0)) return undefined;
  const caveats: string[] = [];
  while (!read.ends(0)) {
    read.field(location);
    const caveat = read.field(identifier);
    read.field(verification);
    if (caveat === undefined || !read.ends(0)) return undefined;
    caveats.push(caveat.toString("utf8"));
  }
  if (read.field(signature)?.length !== 32 || read.at() !== bytes.length) return undefined;
  return { location: place, caveats, afterLocation };
}

function parseCaveat(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function listed(value: unknown): string | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").join(", ") : undefined;
}

/**
 * What one caveat restricts. Newer ones are arrays that begin with a number (0 times, 1 projects by name, 2 by id,
 * 3 user, 4 trusted publisher), older ones objects. Source: the open source of the index, `macaroons/caveats`.
 */
function caveatFacts(text: string): Record<string, string> {
  const caveat = parseCaveat(text);
  if (Array.isArray(caveat)) {
    const value: unknown = caveat[1];
    if (caveat[0] === 0) return factsOf({ expires: isoTime(value) });
    if (caveat[0] === 1) return factsOf({ scope: "project", project: listed(value) });
    if (caveat[0] === 2) return factsOf({ scope: "project", projectid: listed(value) });
    if (caveat[0] === 3) return factsOf({ user: value });
    return caveat[0] === 4 ? { scope: "trusted publisher" } : {};
  }
  const older = asObject(caveat);
  if (older.permissions === "user") return { scope: "user" };
  return factsOf({
    scope: "permissions" in older || "project_ids" in older ? "project" : undefined,
    project: listed(asObject(older.permissions).projects),
    projectid: listed(older.project_ids),
    expires: isoTime(older.exp),
  });
}

const prefix = "pypi-";

function bodyOf(token: string): string {
  return token.startsWith(prefix) ? token.slice(prefix.length) : token;
}

function verify(token: string): ProofResult {
  const bytes = decodeBase64(bodyOf(token));
  const macaroon = bytes === undefined ? undefined : parse(bytes);
  if (macaroon === undefined) return disproved("the decoded body is not a macaroon that ends in a signature");
  const facts = { ...factsOf({ host: macaroon.location }), scope: "user" };
  return proved(
    "the decoded body is a macaroon that ends in a signature",
    Object.assign(facts, ...macaroon.caveats.slice(0, 50).map(caveatFacts)) as Record<string, string>,
  );
}

function sign(token: string): string {
  const body = bodyOf(token);
  const random = decodeBase64(body) ?? Buffer.alloc(0);
  const read = reader(random);
  const hasLocation = read.ends(2) && read.field(location) !== undefined;
  const head = hasLocation ? random.subarray(0, read.at()) : Buffer.from([2]);
  // What is left after location, two ends of section and the signature becomes the identifier.
  const room = Math.max(roomIn(body) - head.length - 38, 1);
  const size = room < 128 ? [room] : [((room - 1) & 0x7f) | 0x80, (room - 1) >> 7];
  const id = Buffer.alloc(room < 128 ? room : room - 1, 0x30);
  random.copy(id, 0, Math.min(head.length, random.length));
  const bytes = Buffer.concat([
    head,
    Buffer.from([identifier, ...size]),
    id,
    Buffer.from([0, 0, signature, 32]),
    Buffer.alloc(32, id),
  ]);
  return token.slice(0, token.length - body.length) + encodeInPlaceOf(body, bytes, "base64url");
}

/** Upload tokens of Python's package index. Facts: `host`, `scope`, `project`, `projectid`, `user` (id), `expires`. */
export const pypiMacaroon: Proof = { verify, sign };
