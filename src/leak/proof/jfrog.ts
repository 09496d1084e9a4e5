/** JFrog's reference tokens and older API keys. */
import { decodeBase64, encodeInPlaceOf, fillFrom, roomIn } from "./base64.ts";
import { jwt } from "./jwt.ts";
import type { Proof } from "./proof.ts";
import { disproved, isoTime, proved, unproved } from "./result.ts";

/** `reftkn`, a version, the end in seconds since 1970 (0: none) and the random part. */
const reference = /^reftkn:(\d{1,4}):(\d{1,14}):[^:]/;

/** Reference tokens (`cmVmdGtu…`). Facts: `version`, `expires`. */
export const jfrogReference: Proof = {
  verify(token) {
    const [, version = "", end = ""] = reference.exec(decodeBase64(token)?.toString("latin1") ?? "") ?? [];
    if (version === "") return disproved("it does not decode to a reference token");
    const expires = Number(end) === 0 ? "never" : isoTime(end);
    return proved("it decodes to a reference token", expires === undefined ? { version } : { version, expires });
  },
  sign(token) {
    const head = "reftkn:01:1600000000:";
    const rest = fillFrom(token.slice(8), Math.max(roomIn(token) - head.length, 8));
    return encodeInPlaceOf(token, Buffer.from(head + rest));
  },
};

const base58Digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Base58 is a number, and reading one is quadratic; no key is longer. */
const longestKey = 100;

function base58Length(text: string): number | undefined {
  if (text.length === 0 || text.length > longestKey) return undefined;
  let value = 0n;
  for (const character of text) {
    const digit = base58Digits.indexOf(character);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  return Math.ceil(value.toString(16).length / 2);
}

function isJwt(token: string): boolean {
  return token.startsWith("eyJ");
}

/**
 * Access tokens, which are JWTs and give the facts of one, and API keys (`AKCp…`), the older form. Being 54 bytes of
 * base58 is too little to prove an API key, but enough to tell what is none.
 */
export const jfrogAccess: Proof = {
  verify(token) {
    if (isJwt(token)) return jwt.verify(token);
    return base58Length(token) === 54
      ? unproved("it decodes to 54 bytes of base58")
      : disproved("it does not decode to 54 bytes of base58");
  },
  sign: (token) => (isJwt(token) ? (jwt.sign?.(token) ?? token) : token.replace(/[0OIl]/g, "x")),
};
