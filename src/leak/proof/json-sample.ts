/** Makes valid JSON of the random base64 in a generated sample, keeping the literals that its shape asks for. */
import { decodeBase64, encodeInPlaceOf, fillFrom, roomIn } from "./base64.ts";

/** Ways to go on from anywhere in an object: text before the filler, and after it. */
const endings = [
  ["", '"}'],
  ["", '"]}'],
  ["", '":1}'],
  ['{"x":"', '"}'],
  [',"x":"', '"}'],
  ['":"', '"}'],
  ['":"', '"]}'],
  [':"', '"}'],
  ['"x":"', '"}'],
  ['","x":"', '"}'],
  ['0,"x":"', '"}'],
  ['0","x":"', '"}'],
  ['0","x":["', '"]}'],
] as const;

/** The shortest ways to end an object. */
const closings = ["}", '"}', '":1}', '"]}'];

/** No literal of a shape ends later than this; beyond it everything may be replaced. */
const lastLiteral = 240;

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function letterFor(byte: number): string {
  return String.fromCharCode(0x61 + (byte % 26));
}

/**
 * The decoded text with letters for what can only be random, and the same with one quotation mark less, as a random
 * byte may be one.
 */
function readings(bytes: Buffer): string[] {
  const plain = Array.from(bytes.subarray(0, lastLiteral), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x5c ? letterFor(byte) : String.fromCharCode(byte),
  );
  const quotes = plain.flatMap((character, at) => (character === '"' && at > 1 ? [at] : []));
  return [plain, ...quotes.map((at) => plain.with(at, "q"))].map((characters) => characters.join(""));
}

/** A run of equal characters that is too long for chance, and so a literal. */
const literalRun = 16;

/** How much of the text is kept: its beginning, and later runs that can only be literals. */
function keptOf(encoded: string, text: string): number {
  let kept = 0;
  let run = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && encoded[i] === text[i]) {
      run++;
    } else {
      if (run === i || run >= literalRun) kept += run;
      run = 0;
    }
  }
  return kept;
}

/** Objects that begin with so many characters of the reading and are filled up to `size`; a lone ending may be longer. */
function objectsFrom(start: string, filler: string, size: number): string[] {
  const filled = endings.map(([before, after]) => {
    const room = Math.max(size - start.length - before.length - after.length, 1);
    return start + before + filler.slice(0, room) + after;
  });
  // Where there is no room for a field, JSON may end in spaces.
  const spaced = closings.map((closing) => (start + closing).padEnd(size));
  return [...filled, ...spaced].filter((text) => (start === "" || text.length <= size) && isObject(text));
}

/** The objects with the longest beginning that any ending makes one; shorter beginnings of a possible one are possible. */
function longestObjects(reading: string, filler: string, size: number): string[] {
  let best = objectsFrom("", filler, size);
  let possible = 0;
  let impossible = reading.length + 1;
  while (impossible - possible > 1) {
    const cut = (possible + impossible) >> 1;
    const objects = objectsFrom(reading.slice(0, cut), filler, size);
    if (objects.length > 0) [best, possible] = [objects, cut];
    else impossible = cut;
  }
  return best;
}

/**
 * A base64 text that decodes to a JSON object.
 * In: base64 which may decode to pieces of an object with random bytes between and after them. Out: base64url of an
 * object, of the same length where there is room, that keeps as much of the text as any of the endings allows.
 */
export function completedJson(text: string): string {
  const size = roomIn(text);
  const filler = fillFrom(text.slice(4), size + 16);
  let best = "";
  let kept = -1;
  for (const reading of readings(decodeBase64(text) ?? Buffer.alloc(0))) {
    for (const json of longestObjects(reading, filler, size)) {
      const encoded = encodeInPlaceOf(text, Buffer.from(json, "latin1"), "base64url");
      const equal = keptOf(encoded, text);
      if (equal > kept) [best, kept] = [encoded, equal];
    }
  }
  return best;
}
