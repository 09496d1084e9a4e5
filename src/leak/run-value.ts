/** Long runs of token characters: read for the literals of tokens, and, where they may have been drawn, judged by what stands round them. */
import { judgeSpan } from "./assigned-value.ts";
import { assignmentBefore } from "./assignment.ts";
import { walk } from "./automaton.ts";
import { type BlobSearch, textOf } from "./blob-search.ts";
import { byteKinds, isIntegrityHash, mayBeDrawn } from "./drawn-run.ts";
import { followKeyword } from "./keyword-hit.ts";
import { blockAt } from "./keyword-index.ts";
import { entryOf, knows, longestStretch, remember } from "./memo.ts";
import { tryNames } from "./near-value.ts";
import { looksRandom, mixesDigits } from "./randomness.ts";
import { headReach, longestRun, runBytes, runReach, shortestRun } from "./runs.ts";
import { leadingBytes, trailingBytes, valueBytes } from "./value-byte.ts";

/** How far before a run and after it what judges it reads: the value's own front, its line, its name; its end and what follows. */
const readBefore = 288;
const readAfter = 248;
/** How far a value goes on behind its run, and before it. */
const endReach = 200;
const frontReach = 80;
/** No credential without a literal is longer; embedded data is. */
const longestPlainValue = 600;

const slash = 0x2f;
const underscore = 0x5f;

/** Look at a run, bytes [start, end): a value that may need a name nearby to mean something. */
export function tryRun(search: BlobSearch, start: number, end: number): void {
  const { set, bytes, hits, malformed } = search;
  if (!mayBeDrawn(bytes, start, Math.min(end, start + longestRun))) {
    readWordlike(search, start, end);
    return;
  }
  if (isIntegrityHash(bytes, start)) return;
  search.runs.push(start, end);
  const from = Math.max(0, start - readBefore);
  const to = Math.min(bytes.length, end + readAfter);
  const entry = to - from <= longestStretch ? entryOf(bytes, from, to) : -1;
  if (entry >= 0 && knows(set.memo, entry, bytes, from, to, start - from)) return;
  const before = hits.length + malformed.size;
  search.contextRead = false;
  judgeRun(search, start, end);
  if (entry >= 0 && hits.length + malformed.size === before && !search.contextRead)
    remember(set.memo, entry, bytes, from, to, start - from);
}

/** A run that reads like words may still be a token, if a known literal stands at its head, or after a `/`, `+` or `-` in it. */
function readWordlike(search: BlobSearch, start: number, end: number): void {
  const { bytes } = search;
  const { first, before } = search.set.heads;
  if (start >= 3 && before[blockAt(bytes, start - 3)] === 1)
    readLiterals(search, start - headReach, Math.min(end, start + headReach));
  const kinds = byteKinds;
  for (let i = start; i + shortestRun <= end; i++) {
    if (i > start && (kinds[bytes[i - 1]!] !== 0 || bytes[i - 1] === underscore)) continue;
    if (first[blockAt(bytes, i)] === 1) readLiterals(search, i - 1, Math.min(end, i + headReach));
  }
}

/** Everything that this reads, unless it sets `contextRead`, lies within `readBefore` and `readAfter` of the run. */
function judgeRun(search: BlobSearch, start: number, end: number): void {
  const { bytes } = search;
  // What a run of embedded data holds beyond its beginning is no token.
  readLiterals(search, start - runReach, Math.min(bytes.length, end + headReach, start + longestRun));
  if (end - start > longestPlainValue) return;
  tryValueAt(search, start, end);
  // A path or an address holds several values: `/v1/key/abc`.
  for (let segment = nextSlash(bytes, start, end) + 1; segment + shortestRun <= end; ) {
    const next = nextSlash(bytes, segment, end);
    if (next - segment >= shortestRun && mayBeDrawn(bytes, segment, end)) tryValueAt(search, segment, end);
    segment = next + 1;
  }
}

/** Where the next slash in bytes [from, to) is, or `to`. Looks no further: what follows may be megabytes without one. */
function nextSlash(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== slash) at++;
  return at;
}

/** Look for the literals of tokens in bytes [from, to). */
function readLiterals(search: BlobSearch, from: number, to: number): void {
  const { runLiterals, runOwners } = search.set;
  walk(runLiterals, search.bytes, Math.max(0, from), to, (keyword, end) => {
    const length = runLiterals.lengths[keyword]!;
    for (const owner of runOwners[keyword]!) followKeyword(search, owner, end - length, length);
  });
}

/** Judge the value that has a run, or the part of one from `start` on, in it. */
function tryValueAt(search: BlobSearch, start: number, runEnd: number): void {
  if (search.left-- < 0) return;
  const { bytes } = search;
  // The value may go on with characters that runs do not have: `=` padding, dots, colons.
  let end = runEnd;
  while (
    end < bytes.length &&
    end - runEnd < endReach &&
    (runBytes[bytes[end]!] === 1 || valueBytes[bytes[end]!] === 1)
  )
    end++;
  while (end > runEnd && trailingBytes[bytes[end - 1]!] === 1) end--;
  let begin = start;
  while (begin > 0 && start - begin < frontReach && leadingBytes[bytes[begin - 1]!] === 1) begin--;
  const all = textOf(search);
  const value = all.slice(begin, end);
  const drawn = looksRandom(value) || looksRandom(all.slice(start, runEnd));
  if (!drawn && !mixesDigits(value)) return;
  const assignment = assignmentBefore(all, begin);
  if (assignment !== undefined && drawn) {
    const { name, quoted, by } = assignment;
    judgeSpan(search, { name, start: begin, end, quoted, by });
  }
  tryNames(search, start, begin, end, assignment);
}
