/** Recovery phrases of wallets (BIP-39), written behind their name: in quotes, as a list, or as plain words. */
import { bip39 } from "../proof/bip39.ts";
import { englishWords } from "../proof/bip39-english.ts";
import type { Format, FormatHit } from "./format.ts";

const known = new Set(englishWords);
const counts = [24, 21, 18, 15, 12];

/** How far behind the name a phrase may begin. */
const reach = 96;
/** 24 words of eight letters, each in quotes on a line of its own with an indent. */
const longestPhrase = 24 * 48;
/** How many words of prose, which may be of the list too, can stand between the name and the phrase. */
const proseBefore = 2;
/** A drawn phrase of twelve words has fewer different ones than this once in 10^19. */
const fewestDifferent = 6;

type Word = { start: number; end: number };

/** In: texts with `MNEMONIC`, `seed phrase` and the like. A phrase is certain where its checksum holds, else weak. */
export const mnemonic: Format = {
  id: "bip39-mnemonic",
  keywords: ["mnemonic", ...["seed", "recovery", "secret", "backup", "wallet"].flatMap(phraseNames)],
  parse: ({ text }, at) => {
    const hits: FormatHit[] = [];
    let done = 0;
    for (const name of at) {
      if (name < done) continue;
      const words = wordsAfter(text, name);
      const phrase = words === undefined ? undefined : phraseIn(text, words);
      if (phrase === undefined) continue;
      hits.push(phrase);
      done = phrase.end;
    }
    return hits;
  },
};

function phraseNames(kind: string): string[] {
  return ["_", " ", "-", ""].flatMap((joint) => [`${kind}${joint}phrase`, `${kind}${joint}words`]);
}

/** The first row of at least twelve words of the list that begins in reach of a name, joined by blanks, quotes, commas and numbers. */
function wordsAfter(text: string, name: number): Word[] | undefined {
  const piece = text.slice(name, name + reach + longestPhrase);
  let row: Word[] = [];
  for (const { 0: word, index } of piece.matchAll(/[A-Za-z]+/g)) {
    const last = row.at(-1);
    if (last !== undefined && !/^(?:\\[nrt]|[\s"'`,;]|\d{1,2}[.):])+$/.test(piece.slice(last.end - name, index))) {
      if (row.length >= 12) return row;
      row = [];
    }
    if (row.length === 0 && index > reach) return undefined;
    if (known.has(word.toLowerCase())) row.push({ start: name + index, end: name + index + word.length });
    else if (row.length >= 12) return row;
    else row = [];
    if (row.length === 24) return row;
  }
  return row.length >= 12 ? row : undefined;
}

/** The phrase in a row of words, which may have a word of prose before it. */
function phraseIn(text: string, words: readonly Word[]): FormatHit | undefined {
  for (const count of counts) {
    for (let first = 0; first <= proseBefore && first + count <= words.length; first++) {
      const result = bip39.verify(wordsOf(text, words.slice(first, first + count)));
      if (result.holds === true) return hitOf(text, words.slice(first, first + count), result.facts, result.reason);
    }
  }
  const count = counts.find((one) => one === words.length);
  return count === undefined ? undefined : hitOf(text, words, { words: String(count) }, undefined);
}

function wordsOf(text: string, words: readonly Word[]): string {
  return words.map(({ start, end }) => text.slice(start, end)).join(" ");
}

function hitOf(
  text: string,
  words: readonly Word[],
  facts: Record<string, string>,
  proof: string | undefined,
): FormatHit {
  const different = new Set(wordsOf(text, words).toLowerCase().split(" ")).size;
  return {
    rule: "bip39-mnemonic",
    start: words[0]!.start,
    end: words.at(-1)!.end,
    name: "mnemonic",
    facts,
    confidence: proof === undefined || different < fewestDifferent ? "weak" : "certain",
    reason:
      proof === undefined
        ? "words of the BIP-39 list behind a name for them; their checksum does not hold"
        : different < fewestDifferent
          ? "a phrase of very few different words, as documentation and development networks use"
          : proof,
  };
}
