/** Percent escapes (RFC 3986), JSON and JavaScript escapes, and HTML character references. */
import { type EncodedSpan, type EncodingName, maxDecodedBytes } from "./encoding.ts";

/** Fewest percent escapes that make a span worth decoding. */
const fewestPercent = 3;

/** How far a span may begin before its first escape. */
const reachBack = 2048;

/** Spans with escapes, ascending within each kind. */
export function escapeSpans(bytes: Uint8Array): EncodedSpan[] {
  return [...percentSpans(bytes), ...backslashSpans(bytes), ...htmlSpans(bytes)];
}

function isHex(byte: number | undefined): boolean {
  return (
    byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70))
  );
}

/** Value of the `count` hex digits at `at`; -1 when they are not that. */
function hexAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const byte = bytes[i] ?? 0;
    if (!isHex(byte)) return -1;
    value = value * 16 + (byte <= 57 ? byte - 48 : (byte | 32) - 87);
  }
  return value;
}

/** What a URL may hold: printable ASCII without quotes, angle brackets, backslash, backquote and braces. */
function inUrl(byte: number): boolean {
  return (
    byte > 32 &&
    byte < 127 &&
    byte !== 34 &&
    byte !== 39 &&
    byte !== 60 &&
    byte !== 62 &&
    byte !== 92 &&
    byte !== 96 &&
    byte !== 123 &&
    byte !== 125
  );
}

/** The decoded bytes of [start, end), and where in the source each of them begins. `step` decodes at an offset or says undefined. */
function decoded(
  bytes: Uint8Array,
  start: number,
  end: number,
  encoding: EncodingName,
  step: (at: number) => { point: number; length: number } | undefined,
) {
  const out = Buffer.alloc(end - start);
  const sources = new Uint32Array(end - start + 1);
  let length = 0;
  for (let at = start; at < end; ) {
    const escaped = step(at);
    if (escaped === undefined) {
      sources[length] = at;
      out[length++] = bytes[at++]!;
    } else {
      const { point } = escaped;
      // UTF-8 of a character takes no more bytes than its escape does characters; a percent escape is a byte already.
      const written = encoding === "percent" || point < 128 ? 1 : out.write(String.fromCodePoint(point), length);
      if (written === 1) out[length] = point;
      sources.fill(at, length, length + written);
      length += written;
      at += escaped.length;
    }
  }
  const toSource = (offset: number): number => (offset >= length ? end : sources[Math.max(0, offset)]!);
  return { encoding, bytes: out.subarray(0, length), toSource };
}

function percentSpans(bytes: Uint8Array): EncodedSpan[] {
  const spans: EncodedSpan[] = [];
  let done = 0;
  for (let at = bytes.indexOf(37); at !== -1; at = bytes.indexOf(37, at)) {
    if (!isHex(bytes[at + 1]) || !isHex(bytes[at + 2])) {
      at++;
      continue;
    }
    let start = at;
    while (start > done && at - start < reachBack && inUrl(bytes[start - 1]!)) start--;
    const limit = Math.min(bytes.length, start + maxDecodedBytes);
    let end = at;
    let count = 0;
    for (; end < limit && inUrl(bytes[end]!); end++)
      if (bytes[end] === 37 && isHex(bytes[end + 1]) && isHex(bytes[end + 2])) count++;
    const cut = end === limit && limit < bytes.length;
    if (count >= fewestPercent) spans.push({ start, end, cut, decode: () => decodePercent(bytes, start, end) });
    at = end;
    done = end;
  }
  return spans;
}

function decodePercent(bytes: Uint8Array, start: number, end: number) {
  return decoded(bytes, start, end, "percent", (at) => {
    const point = bytes[at] === 37 && at + 2 < end ? hexAt(bytes, at + 1, 2) : -1;
    return point === -1 ? undefined : { point, length: 3 };
  });
}

const simple: Record<number, number> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12, 34: 34, 39: 39, 47: 47, 92: 92 };

function backslashSpans(bytes: Uint8Array): EncodedSpan[] {
  const spans: EncodedSpan[] = [];
  let done = 0;
  for (let at = bytes.indexOf(92); at !== -1; at = bytes.indexOf(92, at)) {
    if (escapeWeight(bytes, at) === 0) {
      at += 2;
      continue;
    }
    let start = at;
    while (start > done && at - start < reachBack && bytes[start - 1] !== 10 && bytes[start - 1] !== 34) start--;
    const limit = Math.min(bytes.length, start + maxDecodedBytes);
    let end = at;
    let weight = 0;
    let quotes = 0;
    while (end < limit && bytes[end] !== 10 && bytes[end] !== 34) {
      if (bytes[end] !== 92) {
        end++;
        continue;
      }
      weight += escapeWeight(bytes, end);
      if (bytes[end + 1] === 34 || bytes[end + 1] === 47) quotes++;
      end += bytes[end + 1] === 10 ? 1 : 2;
    }
    end = Math.min(end, limit);
    const cut = end === limit && limit < bytes.length;
    const encoding = quotes > 0 ? "json-escape" : "unicode-escape";
    if (weight >= 4) spans.push({ start, end, cut, decode: () => decodeBackslash(bytes, start, end, encoding) });
    at = Math.max(end, at + 2);
    done = end;
  }
  return spans;
}

/** How much the escape at `at` hides: a quote or slash half of what is worth decoding, a character of ASCII in digits all of it. */
function escapeWeight(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1];
  if (next === 34 || next === 47) return 2;
  if (next === 117) return bytes[at + 2] === 48 && bytes[at + 3] === 48 && hexAt(bytes, at + 4, 2) >= 32 ? 4 : 0;
  if (next === 120) return hexAt(bytes, at + 2, 2) >= 32 ? 2 : 0;
  return 0;
}

function decodeBackslash(bytes: Uint8Array, start: number, end: number, encoding: EncodingName) {
  return decoded(bytes, start, end, encoding, (at) => {
    if (bytes[at] !== 92 || at + 1 >= end) return undefined;
    const next = bytes[at + 1]!;
    const digits = next === 117 ? 4 : next === 120 ? 2 : 0;
    if (digits === 0) return simple[next] === undefined ? undefined : { point: simple[next], length: 2 };
    const point = at + 2 + digits <= end ? hexAt(bytes, at + 2, digits) : -1;
    if (point === -1) return undefined;
    const low =
      point >= 0xd800 && point < 0xdc00 && bytes[at + 6] === 92 && bytes[at + 7] === 117 && at + 12 <= end
        ? hexAt(bytes, at + 8, 4)
        : -1;
    if (low >= 0xdc00 && low < 0xe000)
      return { point: 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00), length: 12 };
    // An escape of two digits stands for one byte, of which UTF-8 would make two; there is room for them in four characters.
    return { point: point >= 0xd800 && point < 0xe000 ? 0xfffd : point, length: 2 + digits };
  });
}

const entities: readonly [string, number][] = [
  ["quot;", 34],
  ["amp;", 38],
  ["apos;", 39],
  ["lt;", 60],
  ["gt;", 62],
];

function htmlSpans(bytes: Uint8Array): EncodedSpan[] {
  const spans: EncodedSpan[] = [];
  let done = 0;
  for (let at = bytes.indexOf(38); at !== -1; at = bytes.indexOf(38, at)) {
    const first = entityAt(bytes, at, bytes.length);
    if (first === undefined) {
      at++;
      continue;
    }
    let start = at;
    while (start > done && at - start < reachBack && bytes[start - 1] !== 10) start--;
    const limit = Math.min(bytes.length, start + maxDecodedBytes);
    let end = at;
    let weight = 0;
    while (end < limit && bytes[end] !== 10) {
      const entity = bytes[end] === 38 ? entityAt(bytes, end, limit) : undefined;
      if (entity !== undefined) weight += bytes[end + 1] === 35 && entity.point < 127 ? 2 : 1;
      end += entity?.length ?? 1;
    }
    end = Math.min(end, limit);
    const cut = end === limit && limit < bytes.length;
    const to = end;
    if (weight >= 2)
      spans.push({
        start,
        end: to,
        cut,
        decode: () => decoded(bytes, start, to, "html", (i) => (bytes[i] === 38 ? entityAt(bytes, i, to) : undefined)),
      });
    at = end;
    done = end;
  }
  return spans;
}

/** The character reference at the `&` at `at`. */
function entityAt(bytes: Uint8Array, at: number, limit: number): { point: number; length: number } | undefined {
  if (bytes[at + 1] === 35) {
    const hex = bytes[at + 2] === 120 || bytes[at + 2] === 88;
    let i = at + (hex ? 3 : 2);
    let point = 0;
    for (const from = i; i < limit && i - from < 7; i++) {
      const byte = bytes[i]!;
      if (hex ? !isHex(byte) : byte < 48 || byte > 57) break;
      point = point * (hex ? 16 : 10) + (byte <= 57 ? byte - 48 : (byte | 32) - 87);
    }
    const digits = i - at - (hex ? 3 : 2);
    if (
      digits === 0 ||
      bytes[i] !== 59 ||
      i >= limit ||
      point === 0 ||
      point > 0x10ffff ||
      (point >= 0xd800 && point < 0xe000)
    )
      return undefined;
    return { point, length: i + 1 - at };
  }
  for (const [name, point] of entities) {
    if (at + 1 + name.length > limit) continue;
    let same = true;
    for (let i = 0; i < name.length && same; i++) same = bytes[at + 1 + i] === name.charCodeAt(i);
    if (same) return { point, length: 1 + name.length };
  }
  return undefined;
}
