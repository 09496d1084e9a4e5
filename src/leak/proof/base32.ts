/** Base32 of RFC 4648, without padding. */

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Encode as base32, capitals.
 * In: any bytes. Out: five bits a character, the last one filled up with zero bits.
 */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits & 0x1f) << 8) | byte;
    held += 8;
    for (; held >= 5; held -= 5) text += digits.charAt((bits >> (held - 5)) & 0x1f);
  }
  return held > 0 ? text + digits.charAt((bits << (5 - held)) & 0x1f) : text;
}

/**
 * Decode base32 of capitals.
 * In: characters A-Z and 2-7. Out: the whole bytes; bits left over are dropped. `undefined` on any other character.
 */
export function decodeBase32(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]*$/.test(text)) return undefined;
  const bytes = Buffer.alloc(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    bits = ((bits & 0xff) << 5) | digits.indexOf(character);
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}
