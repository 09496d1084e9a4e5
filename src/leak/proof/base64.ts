/** Base64 as tokens write it: either alphabet, with padding or without, and always the length that a shape asks for. */

/** The text without the `=` at its end. A loop, because `/=+$/` is quadratic on a long run that does not end it. */
export function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "=") end--;
  return text.slice(0, end);
}

/**
 * Decode base64.
 * In: text of the standard or the URL alphabet (RFC 4648), padding optional; a single character left over carries no
 * whole byte and is ignored. Out: the bytes, or `undefined` when another character stands in it.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const body = withoutPadding(text);
  if (text.length - body.length > 2 || !/^[A-Za-z0-9+/_-]*$/.test(body)) return undefined;
  return Buffer.from(body, "base64");
}

/** How many whole bytes the base64 text has room for; its padding does not count. */
export function roomIn(text: string): number {
  return Math.floor((withoutPadding(text).length * 3) / 4);
}

/**
 * Put bytes into the place of a base64 text.
 * In: the text that stands there, for its length and padding, and bytes, best as many as `roomIn` says.
 * Out: base64 (URL alphabet if asked) as long as the text that stood there when the bytes fit, else longer.
 */
export function encodeInPlaceOf(text: string, bytes: Uint8Array, alphabet: "base64" | "base64url" = "base64"): string {
  const body = withoutPadding(text);
  const encoded = withoutPadding(Buffer.from(bytes).toString(alphabet));
  return encoded.padEnd(body.length, "A") + text.slice(body.length);
}

/** `length` letters and digits taken from a seed, round and round; for the free part of a generated sample. */
export function fillFrom(seed: string, length: number): string {
  const letters = seed.replace(/[^A-Za-z0-9]/g, "") || "a";
  return letters.repeat(Math.ceil(Math.max(length, 0) / letters.length)).slice(0, Math.max(length, 0));
}
