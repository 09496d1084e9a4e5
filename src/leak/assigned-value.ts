/** Values that a name is given: found from a key-like word, judged by the generic tier and by the rules that rest on names. */
import { lineBefore, valueAfter } from "./assignment.ts";
import { type BlobSearch, textOf } from "./blob-search.ts";
import { judgeAssigned } from "./generic.ts";
import { keyKind } from "./key-name.ts";
import { latin1 } from "./matcher.ts";
import { tryNames } from "./near-value.ts";
import { enclosingNames, namesIn, nearBytes } from "./nearby.ts";
import { mixesDigits } from "./randomness.ts";
import { doubtReason } from "./structure.ts";
import { closerBytes, nameBytes, operatorBytes } from "./value-byte.ts";

/** How much of a name is read to each side of the word that was found. */
const nameReach = 60;
/** How many quotes, brackets and spaces may stand before the operator. */
const closerReach = 6;
/** Sections are called `file` and `line` too: only names from this length on count in them. */
const shortestSectionName = 5;

/** A key-like word was found in bytes [at, at + length): if the name it belongs to is given a value, judge the value. */
export function tryAssignedTo(search: BlobSearch, at: number, length: number): void {
  const { bytes } = search;
  let nameStart = at;
  while (nameStart > 0 && at - nameStart < nameReach && nameBytes[bytes[nameStart - 1]!] === 1) nameStart--;
  let nameEnd = at + length;
  while (nameEnd > at && nameBytes[bytes[nameEnd - 1]!] !== 1) nameEnd--;
  while (nameEnd < bytes.length && nameEnd - at < nameReach && nameBytes[bytes[nameEnd]!] === 1) nameEnd++;
  // Nearly all names in code are not assigned to: decide from the next bytes before anything is decoded.
  let next = nameEnd;
  while (next < bytes.length && next - nameEnd < closerReach && closerBytes[bytes[next]!] === 1) next++;
  if (next >= bytes.length || operatorBytes[bytes[next]!] !== 1) return;
  const text = textOf(search);
  const span = valueAfter(text, nameEnd);
  if (span === undefined) return;
  const name = latin1(bytes, nameStart, nameEnd);
  const { start, end, quoted, by } = span;
  judgeSpan(search, { name, start, end, quoted, by });
  // Values that hold no long run, or begin with something else, are looked at here only.
  const size = end - start;
  if (size >= 3 && size <= 600 && (keyKind(name) !== undefined || mixesDigits(text.slice(start, end))))
    tryNames(search, start, start, end, { name, by, quoted });
}

/** A value with the name it is given to; offsets are bytes, end exclusive. */
export type AssignedSpan = { name: string; start: number; end: number; quoted: boolean; by: string };

/** Let the generic tier judge a value, once for each place. */
export function judgeSpan(search: BlobSearch, { name, start, end, quoted, by }: AssignedSpan): void {
  const { set, judged, path, hits } = search;
  if (judged.has(start) || search.left-- < 0) return;
  judged.add(start);
  const text = textOf(search);
  const value = text.slice(start, end);
  const before = lineBefore(text, start, 200);
  const judgement = judgeAssigned({ name, value, before, after: text.slice(end, end + 40), quoted, by, path });
  if (judgement === undefined) return;
  let { confidence } = judgement;
  if (judgement.kind !== "password" && judgement.kind !== "credential") {
    // A provider's own shapes say what its credentials look like: under its name, what has none of them is a bad example of one.
    if (namesProvider(search, name)) return;
    if (
      namesProvider(search, text.slice(Math.max(0, start - 2 * nearBytes), start)) ||
      namesProvider(search, enclosingNames(text, start), shortestSectionName)
    ) {
      confidence = "weak";
      judgement.gates.push("a provider is named whose credentials look different");
    }
  }
  const doubt = doubtReason(before, value, text.slice(end, end + 2));
  if (doubt !== undefined && confidence === "likely") {
    confidence = "weak";
    judgement.gates.push(doubt);
  }
  const rule = set.generic;
  const { severity } = set.rules[rule]!.rule;
  hits.push({ rule, start, end, tier: "generic", confidence, severity, facts: {}, gates: judgement.gates, name });
}

/** Whether a provider with known shapes is named in a text, by a name of at least so many letters. */
function namesProvider({ set: { providers } }: BlobSearch, around: string, shortest = 0): boolean {
  let named = false;
  namesIn(providers, around, (index, endsWord) => {
    const length = providers.lengths[index]!;
    if (length >= shortest && (endsWord || length >= 6)) named = true;
  });
  return named;
}
