/** How much a value looks like something a machine drew, how much like words. All estimates, all pure. */

/**
 * `-log2` of how often the second letter follows the first in English words and identifiers, one base-16 digit a pair, rows
 * and columns a to z; counted over the identifiers and comments of the Python standard library.
 */
const letterPairs = [
  "544487585a6343a5a343667769",
  "35464688458367469546499858",
  "375637835a4467279563588a6a",
  "3665267828857647954657887a",
  "474355687a845375733486657a",
  "4765436929a47637945549997b",
  "486627544b946457b446578987",
  "276627883a766637a564599b6a",
  "5645565a99844245a543a5b7b5",
  "36562786484698359757376878",
  "4765265737847566863568596b",
  "386527883a837736b855579b49",
  "258627893a765743b85659ab6b",
  "48433538496676469843669a7a",
  "6544766869644254b344465799",
  "387636864b8387348354597b5b",
  "68668767688675775447176889",
  "375526583b665636b544677a6b",
  "584737743a656754874248796b",
  "385626943b966746a345587858",
  "545545695b934264b34389a8aa",
  "266817783b9767579767877888",
  "376536743a868437934687669a",
  "454534a64a965863b663778358",
  "665546775b8544539633766735",
  "477617983ba7774897779a9762",
];

const pairCosts = Uint8Array.from(letterPairs.join(""), (digit) => Number.parseInt(digit, 16));

/** Mean cost of the letter pairs in bits: about 3.5 for words, 6 for letters drawn at random; 0 when there is no pair. */
export function letterPairCost(value: string): number {
  let sum = 0;
  let pairs = 0;
  let previous = -1;
  for (let i = 0; i < value.length; i++) {
    const code = (value.charCodeAt(i) | 32) - 97;
    const letter = code >= 0 && code < 26 ? code : -1;
    if (letter >= 0 && previous >= 0) {
      sum += pairCosts[previous * 26 + letter]!;
      pairs++;
    }
    previous = letter;
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/** Shannon entropy of the value's own characters, in bits a character. */
export function shannonEntropy(value: string): number {
  const counts = new Map<string, number>();
  for (const c of value) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / value.length) * Math.log2(n / value.length);
  return bits;
}

/**
 * Estimated entropy of the whole value in bits: the smaller of what its character counts and what its letter pairs allow.
 * Decides whether an id may be made from a hash of the value (60 bits and more), so it leans low.
 */
export function estimatedBits(value: string): number {
  const letters = value.replace(/[^A-Za-z]/g, "").length;
  const wordBits = letters * Math.max(1.5, letterPairCost(value) - 0.5) + (value.length - letters) * 3.3;
  return Math.min(shannonEntropy(value) * value.length, wordBits);
}

/** What the characters of a value are. */
export type CharacterCounts = {
  lower: number;
  upper: number;
  digit: number;
  other: number /** Changes between small letters, capitals, digits and the rest. */;
  changes: number;
};

/** Count the kinds of characters. */
export function characterCounts(value: string): CharacterCounts {
  const counts = { lower: 0, upper: 0, digit: 0, other: 0, changes: 0 };
  let previous = "";
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    const kind = c >= 97 && c <= 122 ? "lower" : c >= 65 && c <= 90 ? "upper" : c >= 48 && c <= 57 ? "digit" : "other";
    counts[kind]++;
    if (kind === "other") previous = "";
    else {
      if (kind !== previous && previous !== "") counts.changes++;
      previous = kind;
    }
  }
  return counts;
}

/** Whether a value has both letters and digits, several of each. */
export function mixesDigits(value: string): boolean {
  const { lower, upper, digit } = characterCounts(value);
  return digit >= 3 && lower + upper >= 3;
}

/**
 * Whether a value looks drawn by a machine rather than written by a person: digits mixed into the letters, or letter pairs
 * that words do not have, and no character or sequence that takes it over.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 8) return false;
  const { lower, upper, digit, changes } = characterCounts(value);
  const letters = lower + upper;
  const mixing = changes / value.length;
  let drawn: boolean;
  if (letters === 0) drawn = value.length >= 16 && digit >= 12;
  else if (digit >= 2 && letters >= 2 && value.length >= 16 && hexOnly.test(value))
    drawn = true; // Hex in groups too: a UUID.
  // Words joined by case or separators change kind seldom (createQueryBuilder2), drawn text all the time.
  else if (mixing >= 0.4) drawn = digit > 0 || letterPairCost(value) >= 4.6;
  else {
    const cost = letterPairCost(value);
    drawn =
      mixing >= 0.25 && digit >= 1
        ? cost >= 4.2 || letters < 6
        : (cost >= 5 && letters >= 12) || (cost >= 6 && letters >= 8);
  }
  return drawn && distinctCharacters(value) >= Math.min(8, value.length / 2) && sequenceShare(value) <= 0.4;
}

const hexOnly = /^[0-9a-f-]+$/i;

/** How many different characters a value has. */
export function distinctCharacters(value: string): number {
  const seen = [0, 0, 0, 0, 0, 0, 0, 0];
  let distinct = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i) & 255;
    const bit = 1 << (c & 31);
    if ((seen[c >> 5]! & bit) === 0) {
      seen[c >> 5]! |= bit;
      distinct++;
    }
  }
  return distinct;
}

/** Share of the value that lies in runs of four or more that repeat, count up or count down (`aaaa`, `1234`, `dcba`). */
export function sequenceShare(value: string): number {
  let inRuns = 0;
  eachSequence(value, (length) => {
    inRuns += length;
  });
  return value.length === 0 ? 0 : inRuns / value.length;
}

/** Share of the value that its longest such run takes. */
export function longestSequence(value: string): number {
  let longest = 0;
  eachSequence(value, (length) => {
    longest = Math.max(longest, length);
  });
  return value.length === 0 ? 0 : longest / value.length;
}

function eachSequence(value: string, found: (length: number) => void): void {
  let runLength = 1;
  let delta = Number.NaN;
  const folded = value.toLowerCase();
  for (let i = 1; i <= value.length; i++) {
    const d = i < value.length ? folded.charCodeAt(i) - folded.charCodeAt(i - 1) : Number.NaN;
    if (d === delta && (d === 0 || d === 1 || d === -1)) {
      runLength++;
      continue;
    }
    if (runLength >= 4) found(runLength);
    delta = d;
    runLength = 2;
  }
}
