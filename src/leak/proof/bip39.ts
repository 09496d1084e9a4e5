/** Recovery phrases of wallets (BIP-39, English). */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { englishWords } from "./bip39-english.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, proved } from "./result.ts";

const indexOfWord: ReadonlyMap<string, number> = new Map(englishWords.map((word, index) => [word, index]));
const counts = [12, 15, 18, 21, 24];

/** Longest phrase worth splitting: 24 words of eight letters, with quotes and commas between them. */
const longestPhrase = 1024;

function wordsOf(token: string): string[] {
  return token.length > longestPhrase ? [] : (token.toLowerCase().match(/[a-z]+/g) ?? []);
}

/** The bits that the last word's end must have: as many as a third of the words, from SHA-256 of the entropy. */
function checksumOf(indices: readonly number[]): { found: number; expected: number } {
  const width = indices.length / 3;
  let bits = 0n;
  for (const index of indices) bits = (bits << 11n) | BigInt(index);
  const entropy = (bits >> BigInt(width)).toString(16).padStart(width * 8, "0");
  const hash = createHash("sha256").update(Buffer.from(entropy, "hex")).digest();
  return { found: Number(bits & ((1n << BigInt(width)) - 1n)), expected: (hash[0] ?? 0) >> (8 - width) };
}

function verify(token: string): ProofResult {
  const words = wordsOf(token);
  if (!counts.includes(words.length)) return disproved("not 12, 15, 18, 21 or 24 words");
  const indices = words.map((word) => indexOfWord.get(word) ?? -1);
  if (indices.includes(-1)) return disproved("a word is not of the BIP-39 list");
  const { found, expected } = checksumOf(indices);
  const facts = { words: String(words.length) };
  return found === expected
    ? proved("the BIP-39 checksum holds", facts)
    : disproved("the BIP-39 checksum does not hold", facts);
}

function sign(token: string): string {
  const words = wordsOf(token);
  if (!counts.includes(words.length)) return token;
  const indices = words.map((word) => indexOfWord.get(word) ?? crc32(word) % englishWords.length);
  const { found, expected } = checksumOf(indices);
  indices.push((indices.pop() ?? 0) - found + expected);
  let at = 0;
  return token.replace(/[A-Za-z]+/g, () => englishWords[indices[at++] ?? 0] ?? "");
}

/** English BIP-39 phrases; whatever stands between the words does not matter. Facts: `words`, their number. */
export const bip39: Proof = { verify, sign };
