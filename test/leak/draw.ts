/** A seeded generator, so that every run draws the same tokens and a failure can be repeated. */
import type { Draw } from "../../src/leak/sample.ts";

/** Mulberry32: a draw in [0, below) from a 32-bit seed. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A seed from a name, so that a rule's samples do not depend on the rules before it. */
export function seedOf(name: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** `length` characters of an alphabet. */
export function drawText(draw: Draw, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[draw(alphabet.length)]!).join("");
}

export const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export const hexDigits = "0123456789abcdef";
