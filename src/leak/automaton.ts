/**
 * A keyword automaton over bytes (Aho and Corasick, 1975) as one dense table: one load a byte, no decoding, letter case
 * folded into the table. Accepting states have the highest numbers, so that a single comparison tells a hit.
 */

/** A built automaton; plain typed arrays, so that worker threads can share it. */
export type Automaton = {
  /** `table[(state << shift) | classes[byte]]` is the next state. */
  table: Uint16Array | Uint32Array;
  classes: Uint8Array;
  shift: number;
  /** States from here on are accepting. */
  firstAccepting: number;
  /** For accepting state `s`: keyword numbers are `outputs[offsets[s - firstAccepting] .. offsets[s - firstAccepting + 1])`. */
  offsets: Uint32Array;
  outputs: Uint32Array;
  /** Length of each keyword in bytes. */
  lengths: Uint16Array;
};

/**
 * Build the automaton.
 * In: keywords (any bytes, at least one each); letters match in either case. Out: the automaton; keyword numbers are indexes into the input.
 */
export function buildAutomaton(keywords: readonly Uint8Array[]): Automaton {
  const classes = new Uint8Array(256);
  let classCount = 1;
  for (const keyword of keywords) {
    for (const raw of keyword) {
      const byte = fold(raw);
      if (classes[byte] === 0) classes[byte] = classCount++;
    }
  }
  for (let c = 65; c <= 90; c++) classes[c] = classes[c + 32]!;
  const shift = Math.max(1, Math.ceil(Math.log2(classCount)));
  const width = 1 << shift;

  // The trie, with state 0 as root, in one flat table; -1 where no keyword goes on.
  const most = keywords.reduce((sum, keyword) => sum + keyword.length, 1);
  const edges = new Int32Array(most << shift).fill(-1);
  let count = 1;
  // Keywords that end at a state, as chains: `own[state]` is the last, `before[keyword]` the one before it.
  const own = new Int32Array(most).fill(-1);
  const before = new Int32Array(keywords.length).fill(-1);
  keywords.forEach((keyword, index) => {
    let state = 0;
    for (const raw of keyword) {
      const edge = (state << shift) | classes[fold(raw)]!;
      if (edges[edge]! < 0) edges[edge] = count++;
      state = edges[edge]!;
    }
    before[index] = own[state]!;
    own[state] = index;
  });

  // Failure links breadth first; missing edges are filled in on the way, so that the walk needs none of them.
  const failure = new Int32Array(count);
  /** The nearest state along the failure links at which a keyword ends, or 0. */
  const shorter = new Int32Array(count);
  const order = new Int32Array(count);
  let queued = 1;
  for (let head = 0; head < queued; head++) {
    const state = order[head]!;
    const base = state << shift;
    const fallback = failure[state]! << shift;
    for (let c = 0; c < width; c++) {
      const next = edges[base | c]!;
      const other = state === 0 ? 0 : edges[fallback | c]!;
      if (next < 0) {
        edges[base | c] = other;
        continue;
      }
      failure[next] = other;
      shorter[next] = own[other]! >= 0 ? other : shorter[other]!;
      order[queued++] = next;
    }
  }

  // Renumber: quiet states in breadth-first order (the hot ones side by side), then the accepting ones.
  const accepts = (state: number): boolean => own[state]! >= 0 || shorter[state]! > 0;
  const number = new Int32Array(count);
  let next = 0;
  for (const state of order) if (!accepts(state)) number[state] = next++;
  const firstAccepting = next;
  const outputs: number[] = [];
  const offsets: number[] = [0];
  for (const state of order) {
    if (!accepts(state)) continue;
    number[state] = next++;
    for (let at = state; at > 0; at = shorter[at]!) for (let k = own[at]!; k >= 0; k = before[k]!) outputs.push(k);
    offsets.push(outputs.length);
  }

  const table = count < 65536 ? new Uint16Array(count << shift) : new Uint32Array(count << shift);
  for (let state = 0; state < count; state++) {
    const to = number[state]! << shift;
    const from = state << shift;
    for (let c = 0; c < width; c++) table[to | c] = number[edges[from | c]!]!;
  }
  return {
    table,
    classes,
    shift,
    firstAccepting,
    offsets: Uint32Array.from(offsets),
    outputs: Uint32Array.from(outputs),
    lengths: Uint16Array.from(keywords, (k) => k.length),
  };
}

/**
 * Walk bytes [from, to) from the root and call `hit(keyword, end)` for every keyword that ends there (`end` exclusive).
 */
export function walk(
  automaton: Automaton,
  bytes: Uint8Array,
  from: number,
  to: number,
  hit: (keyword: number, end: number) => void,
): void {
  const { table, classes, shift, firstAccepting, offsets, outputs } = automaton;
  let state = 0;
  for (let i = from; i < to; i++) {
    state = table[(state << shift) | classes[bytes[i]!]!]!;
    if (state >= firstAccepting) {
      const slot = state - firstAccepting;
      for (let o = offsets[slot]!, stop = offsets[slot + 1]!; o < stop; o++) hit(outputs[o]!, i + 1);
    }
  }
}

function fold(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
