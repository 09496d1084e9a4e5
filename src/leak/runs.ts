/** Finds the long runs of token characters of a blob without looking at every byte. */
import { type ByteClass, bytesOf, classOf } from "./alphabet.ts";
import { blockAt } from "./keyword-index.ts";
import type { Branch } from "./matcher.ts";

/** Letters, digits and the signs of base64 and base64url. */
export const runBytes = classOf("0-9A-Za-z_+/-");

/** The shortest run that is worth a look. */
export const shortestRun = 16;

/**
 * Call `found(start, end)` for every maximal run of at least 16 token characters in bytes [from, to).
 * Looks at the byte where a run that begins here would have to reach, and jumps when it is no token character,
 * as Boyer and Moore's search does; ordinary text costs about one look in three bytes.
 */
export function eachRun(
  bytes: Uint8Array,
  from: number,
  to: number,
  found: (start: number, end: number) => void,
): void {
  const runs: number[] = [];
  findRuns(bytes, from, to, runs);
  for (let i = 0; i < runs.length; i += 2) found(runs[i]!, runs[i + 1]!);
}

/** Add the runs' starts and ends to `runs`; calls nothing of its caller's on the way, as `findKeywords` in keyword-index.ts. */
function findRuns(bytes: Uint8Array, from: number, to: number, runs: number[]): void {
  // A bundler may turn module constants into variables; a local one stays in a register.
  const inRun = runBytes;
  let i = from;
  while (i + shortestRun <= to) {
    let p = i + shortestRun - 1;
    while (p >= i && inRun[bytes[p]!] === 1) p--;
    if (p >= i) {
      i = p + 1;
      continue;
    }
    let end = i + shortestRun;
    while (end < to && inRun[bytes[end]!] === 1) end++;
    runs.push(i, end);
    i = end + 1;
  }
}

/** How much of a run is searched for literals. */
export const longestRun = 4096;

/** How far before a run a literal may begin that is looked for beside it. */
export const runReach = 96;

/** How far round the beginning of a run without digits literals are looked for. */
export const headReach = 24;

/**
 * Whether every token of a branch holds a run that `eachRun` finds, no more than `runReach` bytes after its keyword begins, and whether that run is
 * sure to be read: it has a digit (chance leaves it without one less than once in a thousand), or the token's literal stands at its beginning.
 */
export function holdsDrawnRun(branch: Branch): boolean {
  const keyword = branch.keyword!;
  const atHead = literalAtHead(branch);
  let distance = 0;
  let length = 0;
  let digits = 0;
  let others = 0;
  for (let i = 0; i < branch.steps.length; i++) {
    const step = branch.steps[i]!;
    if (step.kind === "mark") continue;
    const bytes = step.kind === "literal" ? [...step.bytes] : bytesOf(step.table);
    const [min, max] =
      step.kind === "literal"
        ? [bytes.length, bytes.length]
        : step.kind === "class"
          ? [step.min, step.max]
          : [step.length, step.length];
    if (bytes.every((byte) => runBytes[byte] === 1)) {
      length += min;
      if (step.kind !== "literal") {
        digits += digitShare(step.table) * min;
        others += min - digitShare(step.table) * min;
      }
      // A literal that stands behind the run is looked for everywhere instead: it may stand far behind.
      if (i >= keyword.stepIndex && length >= shortestRun && (atHead || seldomUnmixed(digits, others))) return true;
    } else {
      length = 0;
      digits = 0;
      others = 0;
      if (i > keyword.stepIndex + 1) return false;
    }
    if (i >= keyword.stepIndex) distance += max;
    if (distance > runReach && length < shortestRun) return false;
  }
  return false;
}

/**
 * What a run's beginning must look like for a literal to stand there, as blocks of three folded bytes: the first three of literals made
 * of run bytes (`first`), and the three up to the last byte that no run has, of the others (`before`).
 */
export type RunHeads = { first: Uint8Array; before: Uint8Array };

/** The heads of all literals that are looked for beside runs. */
export function runHeads(branches: Iterable<Branch>): RunHeads {
  const heads: RunHeads = { first: new Uint8Array(1 << 18), before: new Uint8Array(1 << 18) };
  for (const branch of branches) {
    const literal = branch.steps.find((step) => step.kind !== "mark");
    if (literal?.kind !== "literal" || !literalAtHead(branch)) continue;
    // The run begins after the literal's last byte that no run has.
    let start = literal.bytes.length;
    while (start > 0 && runBytes[literal.bytes[start - 1]!] === 1) start--;
    if (start === 0) heads.first[blockAt(literal.bytes, 0)] = 1;
    else heads.before[blockAt(literal.bytes, start - 3)] = 1;
  }
  return heads;
}

/** Whether a token begins with its keyword and the run follows it at once, or holds it. */
function literalAtHead(branch: Branch): boolean {
  const steps = branch.steps.filter((step) => step.kind !== "mark");
  const first = steps[0];
  const second = steps[1];
  return (
    first?.kind === "literal" &&
    branch.steps[branch.keyword!.stepIndex] === first &&
    first.bytes.length <= headReach &&
    headIsLongEnough(first.bytes) &&
    second !== undefined &&
    second.kind !== "literal" &&
    bytesOf(second.table).every((byte) => runBytes[byte] === 1)
  );
}

/** Whether a literal has three bytes up to where the run begins, or from there on. */
function headIsLongEnough(literal: Uint8Array): boolean {
  let start = literal.length;
  while (start > 0 && runBytes[literal[start - 1]!] === 1) start--;
  return start === 0 || start >= 3;
}

/** Whether text drawn with these expected numbers of digits and others goes without two changes between them less than once in a thousand. */
function seldomUnmixed(digits: number, others: number): boolean {
  const places = digits + others - 1;
  if (places < 2) return false;
  const change = (2 * digits * others) / (digits + others) ** 2;
  return (1 - change) ** places + places * change * (1 - change) ** (places - 1) < 0.001;
}

function digitShare(table: ByteClass): number {
  const bytes = bytesOf(table);
  return bytes.filter((byte) => byte >= 48 && byte <= 57).length / bytes.length;
}
