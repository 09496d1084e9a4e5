/** The named character classes of the shape language, as 256-entry tables of 0 and 1. */

/** One character class: `table[byte]` is 1 for its bytes. */
export type ByteClass = Uint8Array;

/** A class from characters and ranges: `classOf("0-9a-f")`. A hyphen at either end is itself. */
export function classOf(spec: string): ByteClass {
  const table = new Uint8Array(256);
  for (let i = 0; i < spec.length; i++) {
    const from = spec.charCodeAt(i);
    if (spec[i + 1] === "-" && i + 2 < spec.length) {
      const to = spec.charCodeAt(i + 2);
      for (let c = from; c <= to; c++) table[c] = 1;
      i += 2;
    } else {
      table[from] = 1;
    }
  }
  return table;
}

/** The classes that a shape may name; docs/rule-format.md has the same table. */
export const namedClasses: ReadonlyMap<string, ByteClass> = new Map(
  Object.entries({
    digit: "0-9",
    hex: "0-9a-f",
    HEX: "0-9A-F",
    anyhex: "0-9a-fA-F",
    lower: "a-z",
    upper: "A-Z",
    alpha: "A-Za-z",
    base32: "A-Z2-7",
    lowbase32: "a-z2-7",
    base36: "0-9a-z",
    BASE36: "0-9A-Z",
    base58: "1-9A-HJ-NP-Za-km-z",
    base62: "0-9A-Za-z",
    word: "0-9A-Za-z_",
    wordash: "0-9A-Za-z_-",
    base64: "0-9A-Za-z+/",
    base64url: "0-9A-Za-z_-",
    printable: "!#-&(-[]-_a-~",
  }).map(([name, spec]) => [name, classOf(spec)]),
);

/** Letters, digits and `_`: what a token must not touch. */
export const wordBytes: ByteClass = classOf("0-9A-Za-z_");

/** Whether two classes share a byte. */
export function overlaps(a: ByteClass, b: ByteClass): boolean {
  for (let i = 0; i < 256; i++) if (a[i] === 1 && b[i] === 1) return true;
  return false;
}

/** The bytes of a class, ascending. */
export function bytesOf(table: ByteClass): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < 256; i++) if (table[i] === 1) bytes.push(i);
  return bytes;
}
