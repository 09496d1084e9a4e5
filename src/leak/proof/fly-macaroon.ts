/** Fly.io's macaroons: MsgPack in base64 behind `fm2_` and its siblings. */
import { decodeBase64, encodeInPlaceOf, roomIn } from "./base64.ts";
import { hostOf } from "./json-object.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved } from "./result.ts";

type Value = string | number | boolean | null | Buffer | Value[] | Map<Value, Value>;

/** A caveat lies four arrays deep; anything much deeper is no macaroon, and depth costs stack. */
const deepest = 16;

/** Thrown and caught in this file alone: the bytes are not MsgPack. */
class NotMsgPack extends Error {}

/** The first MsgPack value of the bytes, and where it ends. Extension types do not occur in macaroons. */
function decodeMsgPack(bytes: Buffer): { value: Value; end: number } | undefined {
  let at = 0;
  function take(size: number): Buffer {
    if (at + size > bytes.length) throw new NotMsgPack();
    at += size;
    return bytes.subarray(at - size, at);
  }
  function integer(size: 1 | 2 | 4 | 8, signed = false): number {
    const raw = take(size);
    if (size === 8) return Number(signed ? raw.readBigInt64BE() : raw.readBigUInt64BE());
    return signed ? raw.readIntBE(0, size) : raw.readUIntBE(0, size);
  }
  function list(size: number, depth: number): Value[] {
    // Every item takes a byte at least, so a length beyond the rest is a lie.
    if (size > bytes.length - at) throw new NotMsgPack();
    return Array.from({ length: size }, () => value(depth + 1));
  }
  function map(size: number, depth: number): Value {
    const flat = list(size * 2, depth);
    return new Map(Array.from({ length: size }, (_, i) => [flat[i * 2] ?? null, flat[i * 2 + 1] ?? null]));
  }
  function value(depth: number): Value {
    if (depth > deepest) throw new NotMsgPack();
    const head = integer(1);
    if (head < 0x80) return head;
    if (head < 0x90) return map(head & 0xf, depth);
    if (head < 0xa0) return list(head & 0xf, depth);
    if (head < 0xc0) return take(head & 0x1f).toString("utf8");
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xc4:
        return take(integer(1));
      case 0xc5:
        return take(integer(2));
      case 0xc6:
        return take(integer(4));
      case 0xca:
        return take(4).readFloatBE();
      case 0xcb:
        return take(8).readDoubleBE();
      case 0xcc:
        return integer(1);
      case 0xcd:
        return integer(2);
      case 0xce:
        return integer(4);
      case 0xcf:
        return integer(8);
      case 0xd0:
        return integer(1, true);
      case 0xd1:
        return integer(2, true);
      case 0xd2:
        return integer(4, true);
      case 0xd3:
        return integer(8, true);
      case 0xd9:
        return take(integer(1)).toString("utf8");
      case 0xda:
        return take(integer(2)).toString("utf8");
      case 0xdc:
        return list(integer(2), depth);
      case 0xdd:
        return list(integer(4), depth);
      case 0xde:
        return map(integer(2), depth);
      default:
        throw new NotMsgPack();
    }
  }
  try {
    return { value: value(0), end: at };
  } catch (error) {
    if (error instanceof NotMsgPack) return undefined;
    throw error;
  }
}

/** Caveat types that tell something; superfly/macaroon numbers them. */
const organization = 0;
const validityWindow = 4;

function caveatFacts(caveats: Value): Record<string, string> {
  const facts: Record<string, string> = {};
  if (!Array.isArray(caveats)) return facts;
  for (let i = 0; i + 1 < caveats.length; i += 2) {
    const body = caveats[i + 1];
    if (!Array.isArray(body)) continue;
    if (caveats[i] === organization) Object.assign(facts, factsOf({ organization: body[0] }));
    if (caveats[i] === validityWindow)
      Object.assign(facts, factsOf({ issued: isoTime(body[0]), expires: isoTime(body[1]) }));
  }
  return facts;
}

/** The first macaroon of a header: scheme and prefix, its base64, and what follows it. */
const firstMacaroon = /^((?:FlyV1 )?fm\d[a-z]?_)([A-Za-z0-9+/_-]+={0,2})/;

function verify(token: string): ProofResult {
  const [, , body = ""] = firstMacaroon.exec(token) ?? [];
  const bytes = decodeBase64(body);
  const decoded = bytes === undefined ? undefined : decodeMsgPack(bytes);
  if (decoded === undefined || decoded.end !== bytes?.length || !Array.isArray(decoded.value)) {
    return disproved("the decoded body is not a macaroon");
  }
  const [nonce, place, caveats, tail] = decoded.value;
  if (!Array.isArray(nonce) || typeof place !== "string" || !Buffer.isBuffer(tail) || tail.length !== 32) {
    return disproved("the decoded body is not a macaroon");
  }
  return proved("the decoded body is a macaroon", {
    ...factsOf({ host: hostOf(place) }),
    ...caveatFacts(caveats ?? null),
  });
}

function sign(token: string): string {
  const [, head, body = ""] = /^((?:FlyV1 )?fm\d[a-z]?_)(.*)$/s.exec(token) ?? [];
  if (head === undefined) return token;
  const random = Buffer.from(body, "base64");
  const fixed = 1 + 1 + 3 + 18 + 1 + 1 + 1 + 34;
  const id = Buffer.alloc(Math.max(roomIn(body) - fixed, 1), random.length > 0 ? random : 0);
  const bytes = Buffer.concat([
    Buffer.from([0x94, 0x93, 0xc5, id.length >> 8, id.length & 0xff]),
    id,
    Buffer.from([0xc4, 16]),
    Buffer.alloc(16, id),
    Buffer.from([0xc2, 0xa0, 0x90, 0xc4, 32]),
    Buffer.alloc(32, id),
  ]);
  return head + encodeInPlaceOf(body, bytes);
}

/** Fly.io tokens; of several in one header the first. Facts: `host`, `organization` (id), `issued`, `expires`. */
export const flyMacaroon: Proof = { verify, sign };
