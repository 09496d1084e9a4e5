/** Lines of a content, next to each other. */
export type LineRange = {
  /** Bytes [start, end), line breaks included. */
  start: number;
  end: number;
  /** First and last line, counted from 1. */
  line: number;
  endLine: number;
};

/** How many differing lines (among those that both sides hold) are aligned exactly; beyond that, lines are counted. */
const exactLimit = 1000;

/**
 * Which lines of a content are new against every one of its parents.
 * In: what each parent has at the path (empty bytes where it has nothing; no parent: a root commit); the new content, whole.
 * Out: ranges in order, not touching. Against each parent this is a shortest edit script (Myers, "An O(ND) Difference Algorithm",
 * 1986) over the lines that both sides hold; where more than `exactLimit` of those moved, a line counts as new when the content
 * holds it more often than the parent. A line without its break equals the same line with one. A line new against all parents is
 * what a merge adds. The time is near linear in the bytes.
 */
export function addedLines(parents: readonly Uint8Array[], content: Uint8Array): LineRange[] {
  const numbers = new Map<string, number>();
  const starts: number[] = [];
  const lines = lineNumbers(content, numbers, starts);
  const added = new Uint8Array(lines.length).fill(1);
  for (const parent of parents) {
    const fresh = linesNotIn(lineNumbers(parent, numbers), lines);
    for (let i = 0; i < added.length; i++) added[i]! &= fresh[i]!;
  }
  const ranges: LineRange[] = [];
  for (let i = 0; i < added.length; i++) {
    if (added[i] === 0) continue;
    const first = i;
    while (i + 1 < added.length && added[i + 1] === 1) i++;
    ranges.push({ start: starts[first]!, end: starts[i + 1] ?? content.length, line: first + 1, endLine: i + 1 });
  }
  return ranges;
}

/** One number for each line, equal for equal lines. Exact, not a hash: a collision would hide a line. */
function lineNumbers(content: Uint8Array, numbers: Map<string, number>, starts?: number[]): Int32Array {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const lines: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline;
    const text = bytes.toString("latin1", at, end);
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    lines.push(number);
    starts?.push(at);
    at = end + 1;
  }
  return Int32Array.from(lines);
}

/** 1 for each line of `after` that is not in a longest common subsequence with `before`. */
function linesNotIn(before: Int32Array, after: Int32Array): Uint8Array {
  const added = new Uint8Array(after.length);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const old = countLines(before, head, before.length - tail);
  const now = countLines(after, head, after.length - tail);
  // Lines that only one side holds are in no common subsequence: leaving them out changes nothing but the time.
  const a = before.subarray(head, before.length - tail).filter((line) => now.has(line));
  const places: number[] = [];
  for (let i = head; i < after.length - tail; i++) {
    if (old.has(after[i]!)) places.push(i);
    else added[i] = 1;
  }
  const b = Int32Array.from(places, (place) => after[place]!);
  const inserted = insertedByMyers(a, b);
  for (let i = 0; i < b.length; i++) {
    const isNew = inserted === undefined ? now.get(b[i]!)! > old.get(b[i]!)! : inserted[i] === 1;
    if (isNew) added[places[i]!] = 1;
  }
  return added;
}

function countLines(lines: Int32Array, start: number, end: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = start; i < end; i++) counts.set(lines[i]!, (counts.get(lines[i]!) ?? 0) + 1);
  return counts;
}

/** 1 for each element of `b` that a shortest edit script from `a` inserts; undefined when the script is longer than `exactLimit`. */
function insertedByMyers(a: Int32Array, b: Int32Array): Uint8Array | undefined {
  const most = Math.min(exactLimit, a.length + b.length);
  // Work is bounded as well: long common runs may be walked once for each diagonal.
  let work = 4_000_000 + 16 * (a.length + b.length);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let distance = 0; distance <= most; distance++) {
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && reach[middle + k - 1]! < reach[middle + k + 1]!);
      let x = down ? reach[middle + k + 1]! : reach[middle + k - 1]! + 1;
      const from = x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle + k] = x;
      work -= x - from + 1;
      if (x >= a.length && x - k >= b.length) return backtrack(trace, a.length, b.length);
    }
    if (work < 0) return undefined;
    // Diagonals -distance … distance, as they stand after this round.
    trace.push(reach.slice(middle - distance, middle + distance + 1));
  }
  return undefined;
}

function backtrack(trace: readonly Int32Array[], aLength: number, bLength: number): Uint8Array {
  const inserted = new Uint8Array(bLength);
  let x = aLength;
  let y = bLength;
  for (let distance = trace.length; distance > 0; distance--) {
    // `at(k)`: how far the round before reached on diagonal k.
    const round = trace[distance - 1]!;
    const at = (k: number) => round[k + distance - 1] ?? -1;
    const k = x - y;
    const down = k === -distance || (k !== distance && at(k - 1) < at(k + 1));
    x = down ? at(k + 1) : at(k - 1);
    y = down ? x - k - 1 : x - k + 1;
    if (down) inserted[y] = 1;
  }
  return inserted;
}
