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

  // The trie, with state 0 as root.
  const children: Int32Array[] = [new Int32Array(width).fill(-1)];
  const own: number[][] = [[]];
  keywords.forEach((keyword, index) => {
    let state = 0;
    for (const raw of keyword) {
      const c = classes[fold(raw)]!;
      let next = children[state]![c]!;
      if (next < 0) {
        next = children.length;
        children.push(new Int32Array(width).fill(-1));
        own.push([]);
        children[state]![c] = next;
      }
      state = next;
    }
    own[state]!.push(index);
  });

  // Failure links breadth first; missing edges are filled in on the way, so that the walk needs none of them.
  const count = children.length;
  const failure = new Int32Array(count);
  const order = [0];
  const all: number[][] = own.map((list) => [...list]);
  for (let head = 0; head < order.length; head++) {
    const state = order[head]!;
    const edges = children[state]!;
    const fallback = children[failure[state]!]!;
    for (let c = 0; c < width; c++) {
      const next = edges[c]!;
      if (next < 0) {
        edges[c] = state === 0 ? 0 : fallback[c]!;
        continue;
      }
      failure[next] = state === 0 ? 0 : fallback[c]!;
      all[next]!.push(...all[failure[next]!]!);
      order.push(next);
    }
  }

  // Renumber: quiet states in breadth-first order (the hot ones side by side), then the accepting ones.
  const number = new Int32Array(count);
  let next = 0;
  for (const state of order) if (all[state]!.length === 0) number[state] = next++;
  const firstAccepting = next;
  const accepting = order.filter((state) => all[state]!.length > 0);
  for (const state of accepting) number[state] = next++;

  const table = count < 65536 ? new Uint16Array(count << shift) : new Uint32Array(count << shift);
  for (let state = 0; state < count; state++) {
    const base = number[state]! << shift;
    for (let c = 0; c < width; c++) table[base | c] = number[children[state]![c]!]!;
  }
  const offsets = new Uint32Array(accepting.length + 1);
  const outputs: number[] = [];
  accepting.forEach((state, i) => {
    outputs.push(...all[state]!);
    offsets[i + 1] = outputs.length;
  });
  return {
    table,
    classes,
    shift,
    firstAccepting,
    offsets,
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
