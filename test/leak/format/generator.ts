/** A seeded source of test secrets: the same on every run, and no literal in the repository. */

export type Generator = {
  /** A whole number from 0 to below `n`. */
  below: (n: number) => number;
  /** A string of `length` characters of an alphabet. */
  text: (length: number, alphabet?: string) => string;
  /** A password of mixed characters that no placeholder test takes for one. */
  password: (length?: number) => string;
  hex: (length: number) => string;
  bytes: (length: number) => Buffer;
  uuid: () => string;
};

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** mulberry32 over the seed. */
export function generator(seed: number): Generator {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n: number): number => next() % n;
  const text = (length: number, alphabet = letters): string =>
    Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
  const hex = (length: number): string => text(length, "0123456789abcdef");
  return {
    below,
    text,
    hex,
    password: (length = 18) => `${text(length - 3, letters)}q7Z`,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    uuid: () => [8, 4, 4, 4, 12].map((n) => hex(n)).join("-"),
  };
}
