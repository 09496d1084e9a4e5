/** Runs of the base64 alphabets and of hex that decode to text, found by skipping: a run of 24 covers every 24th byte. */
import { type EncodedSpan, maxDecodedBytes } from "./encoding.ts";

/** Shortest run that is looked at. */
const shortestRun = 24;

/** Lines shorter than this are not taken for parts of one wrapped blob. */
const shortestLine = 40;

/** Value of each base64 character, of both alphabets; 255 for the others. */
const sextets = new Uint8Array(256).fill(255);
for (const [i, c] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  sextets[c.charCodeAt(0)] = i;
sextets[45] = 62;
sextets[95] = 63;

/** Value of each hex digit; 255 for the others. */
const nibbles = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) {
  nibbles[i.toString(16).charCodeAt(0)] = i;
  nibbles[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** 1 for bytes that are not text. */
const strange = new Uint8Array(256).fill(1);
for (let i = 32; i < 127; i++) strange[i] = 0;
for (const i of [9, 10, 13]) strange[i] = 0;

/**
 * All spans of base64 and hex that look like text at the places sampled, ascending. Nothing is decoded yet.
 * `runs`: where the runs of these alphabets are (start, end, start, end, …), when the caller knows them; else they are looked for.
 */
export function alphabetSpans(bytes: Uint8Array, runs?: ArrayLike<number>): EncodedSpan[] {
  const spans: EncodedSpan[] = [];
  const length = bytes.length;
  if (runs !== undefined) {
    let done = 0;
    for (let i = 0; i < runs.length; i += 2) {
      if (runs[i]! >= done && runs[i + 1]! - runs[i]! >= shortestRun)
        done = addSpans(bytes, runs[i]!, runs[i + 1]!, spans);
    }
    return spans;
  }
  let outside = -1; // the last byte known not to belong to the current run
  for (let at = shortestRun - 1; at < length; ) {
    let back = at;
    while (back > outside && sextets[bytes[back]!] !== 255) back--;
    if (back > outside) {
      outside = back;
      at = back + shortestRun;
      continue;
    }
    let end = at + 1;
    while (end < length && sextets[bytes[end]!] !== 255) end++;
    end = addSpans(bytes, outside + 1, end, spans);
    outside = end;
    at = end + shortestRun;
  }
  return spans;
}

/** Adds what the run [start, end) decodes to; says where to go on, further on when wrapped lines were joined to it. */
function addSpans(bytes: Uint8Array, start: number, end: number, spans: EncodedSpan[]): number {
  if (nibbles[bytes[start]!] !== 255 || bytes[start + 1] === 120 || bytes[start + 1] === 88)
    addHex(bytes, start, end, spans);
  let far = end;
  for (let phase = 0; phase < 4; phase++) {
    if (!quadsAreText(bytes, start + phase, end)) continue;
    const lines = wrappedLines(bytes, start, end);
    const last = lines.at(-1)!;
    far = Math.max(far, last.end);
    spans.push(base64Span(bytes, start + phase, lines));
  }
  return far;
}

/** Whether the quads from `at` are text: all of a short run, three samples of a long one. */
function quadsAreText(bytes: Uint8Array, at: number, end: number): boolean {
  const quads = (end - at) >> 2;
  if (quads <= 12) return sample(bytes, at, quads, Math.ceil(quads * 0.45));
  const step = quads - 4;
  return (
    sample(bytes, at + 4 * Math.floor(step * 0.1), 4, 2) &&
    sample(bytes, at + 4 * Math.floor(step * 0.5), 4, 2) &&
    sample(bytes, at + 4 * Math.floor(step * 0.85), 4, 2)
  );
}

/** Whether no more than `allowed` of the bytes of `quads` quads are not text. */
function sample(bytes: Uint8Array, at: number, quads: number, allowed: number): boolean {
  let bad = 0;
  for (let i = at, stop = at + quads * 4; i < stop; i += 4) {
    const b = sextets[bytes[i + 1]!]!;
    const c = sextets[bytes[i + 2]!]!;
    bad +=
      strange[((sextets[bytes[i]!]! << 2) | (b >> 4)) & 255]! +
      strange[((b << 4) | (c >> 2)) & 255]! +
      strange[((c << 6) | sextets[bytes[i + 3]!]!) & 255]!;
    if (bad > allowed) return false;
  }
  return true;
}

type Lines = { start: number; end: number }[];

/** The run and the lines below it that go on with it: base64 wrapped at a fixed width, as MIME and PEM do. */
function wrappedLines(bytes: Uint8Array, start: number, end: number): Lines {
  const lines: Lines = [{ start, end }];
  const width = end - start;
  if (width < shortestLine) return lines;
  for (let at = end; ; ) {
    if (bytes[at] === 13) at++;
    if (bytes[at] !== 10) return lines;
    at++;
    for (let blanks = 0; blanks < 32 && (bytes[at] === 32 || bytes[at] === 9); blanks++) at++;
    let stop = at;
    while (stop - at <= width && sextets[bytes[stop] ?? 0] !== 255) stop++;
    if (stop - at > width || stop === at) return lines;
    // What ends in the middle of a line belongs to it only as its last part.
    const after = bytes[stop];
    if (
      stop - at < width &&
      after !== undefined &&
      after !== 61 &&
      after !== 10 &&
      after !== 13 &&
      after !== 34 &&
      after !== 39
    )
      return lines;
    lines.push({ start: at, end: stop });
    if (stop - at < width) return lines;
    at = stop;
  }
}

function base64Span(bytes: Uint8Array, start: number, lines: Lines): EncodedSpan {
  const first = lines[0]!;
  let { end } = lines.at(-1)!;
  for (let pad = 0; pad < 2 && bytes[end] === 61; pad++) end++;
  const most = Math.ceil(maxDecodedBytes / 3) * 4;
  let chars = -(start - first.start);
  for (const line of lines) chars += line.end - line.start;
  return { start, end, cut: chars > most, decode };

  function decode() {
    const parts = lines.map((line, i) =>
      Buffer.from(
        bytes.buffer,
        bytes.byteOffset + (i === 0 ? start : line.start),
        line.end - (i === 0 ? start : line.start),
      ).toString("latin1"),
    );
    const text = parts.join("").slice(0, most);
    const urlSafe = /[-_]/.test(text);
    // A single character left over at the end decodes to nothing.
    const decoded = Buffer.from(text, "base64");
    const toSource = (offset: number): number => {
      if (offset >= decoded.length) return end;
      let char = Math.floor((offset * 4) / 3);
      for (const [i, line] of lines.entries()) {
        const from = i === 0 ? start : line.start;
        if (char < line.end - from) return from + char;
        char -= line.end - from;
      }
      return end;
    };
    return { encoding: urlSafe ? ("base64url" as const) : ("base64" as const), bytes: decoded, toSource };
  }
}

function addHex(bytes: Uint8Array, start: number, end: number, spans: EncodedSpan[]): void {
  const from = bytes[start] === 48 && (bytes[start + 1] === 120 || bytes[start + 1] === 88) ? start + 2 : start;
  let to = from;
  while (to < end && nibbles[bytes[to]!] !== 255) {
    // A digest is found out long before its end.
    if (to - from === 16 && !pairsAreText(bytes, from, to) && !pairsAreText(bytes, from + 1, to)) return;
    to++;
  }
  if (to - from < shortestRun) return;
  for (const at of [from, from + 1]) {
    const stop = to - ((to - at) % 2);
    const middle = at + 2 * Math.floor((stop - at) / 4);
    if (!pairsAreText(bytes, at, Math.min(stop, at + 64)) || !pairsAreText(bytes, middle, Math.min(stop, middle + 64)))
      continue;
    const last = Math.min(stop, at + 2 * maxDecodedBytes);
    const decode = () => ({
      encoding: "hex" as const,
      bytes: Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset + at, last - at).toString("latin1"), "hex"),
      toSource: (offset: number) => Math.min(last, at + 2 * offset),
    });
    spans.push({ start: at, end: last, cut: last < stop, decode });
  }
}

/** Whether at most one in five of the bytes that the pairs of digits stand for is not text. */
function pairsAreText(bytes: Uint8Array, at: number, to: number): boolean {
  let bad = 0;
  const allowed = (to - at) / 10;
  for (let i = at; i + 1 < to; i += 2) {
    bad += strange[(nibbles[bytes[i]!]! << 4) | nibbles[bytes[i + 1]!]!]!;
    if (bad > allowed) return false;
  }
  return true;
}
