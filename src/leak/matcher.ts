/**
 * A shape as a matcher over bytes. A shape becomes a small number of straight branches; in each, every element takes what
 * it can and never gives back, so a match costs at most the bytes it reads, whatever the input. What giving back would be
 * needed for is refused here, when the rule is read.
 */
import { type ByteClass, bytesOf, classOf, overlaps, wordBytes } from "./alphabet.ts";
import { checksums } from "./proof/checksum.ts";
import { ShapeError, type ShapeNode } from "./shape.ts";

/** One element of a branch. A literal is a run of single-byte classes in `bytes`. */
export type Step =
  | { kind: "literal"; bytes: Uint8Array; ignoreCase: boolean }
  | { kind: "class"; table: ByteClass; min: number; max: number }
  | { kind: "checksum"; algorithm: string; length: number; table: ByteClass }
  | { kind: "mark"; mark: "cover-start" | "cover-end" | "value-start" | "value-end" };

/** One straight way through a shape. */
export type Branch = {
  steps: Step[];
  minLength: number;
  maxLength: number;
  /** The literal to search for, and the steps before it. Absent when no literal has three bytes or more. */
  keyword?: { bytes: Uint8Array; ignoreCase: boolean; stepIndex: number };
  /** Class that the byte before the token must not be in. */
  before: ByteClass;
  /** Class that the byte after the token must not be in. */
  after: ByteClass;
  /** First step from which everything has a fixed length and is taken from the end of the run; -1 when no step needs it. */
  alignFrom: number;
  /** Length of the tail from `alignFrom`. */
  tailLength: number;
};

/** Where a shape matched. Offsets are bytes, end exclusive. */
export type ShapeMatch = {
  start: number;
  end: number;
  /** The secret part: the whole match unless the shape marks a part of it. */
  valueStart: number;
  valueEnd: number;
  /** Whether the checksums inside the shape hold; undefined when it has none. */
  checksum: boolean | undefined;
};

const maxBranches = 256;
// A wrong character in a checksum is a checksum that fails, not another shape: any token character may stand there.
const checksumBytes = classOf("0-9A-Za-z+/");

/**
 * Write a parsed shape out as branches.
 * Throws ShapeError when an element could swallow what the next one needs, or when there are more than 256 branches.
 */
export function compileShape(tree: ShapeNode): Branch[] {
  const branches = expand(tree);
  if (branches.length > maxBranches)
    throw new ShapeError(`has ${branches.length} alternatives; at most ${maxBranches} are written out`, 0);
  return branches.map(finish).sort((a, b) => b.maxLength - a.maxLength);
}

function expand(node: ShapeNode): Step[][] {
  switch (node.kind) {
    case "literal":
      return [[{ kind: "literal", bytes: node.bytes, ignoreCase: node.ignoreCase }]];
    case "class":
      return [[{ kind: "class", table: node.table, min: node.min, max: node.max }]];
    case "checksum":
      return [[{ kind: "checksum", algorithm: node.algorithm, length: node.length, table: checksumBytes }]];
    case "covered":
      return expand(node.item).map((steps) => [
        { kind: "mark", mark: "cover-start" } as Step,
        ...steps,
        { kind: "mark", mark: "cover-end" } as Step,
      ]);
    case "value":
      return expand(node.item).map((steps) => [
        { kind: "mark", mark: "value-start" } as Step,
        ...steps,
        { kind: "mark", mark: "value-end" } as Step,
      ]);
    case "alternatives":
      return node.items.flatMap(expand);
    case "sequence": {
      let all: Step[][] = [[]];
      for (const item of node.items) {
        const next = expand(item);
        if (all.length * next.length > maxBranches)
          throw new ShapeError(`has more than ${maxBranches} alternatives`, 0);
        all = all.flatMap((head) => next.map((tail) => [...head, ...tail]));
      }
      return all;
    }
  }
}

/** Neighbouring literals become one, so that the longest keyword is seen. */
function joinLiterals(steps: Step[]): Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.at(-1);
    if (step.kind === "literal" && last?.kind === "literal" && last.ignoreCase === step.ignoreCase) {
      joined[joined.length - 1] = {
        kind: "literal",
        bytes: Buffer.concat([last.bytes, step.bytes]),
        ignoreCase: step.ignoreCase,
      };
    } else if (step.kind === "class" && step.max === 0) {
      // nothing
    } else {
      joined.push(step);
    }
  }
  return joined;
}

function finish(raw: Step[]): Branch {
  const steps = joinLiterals(raw);
  let minLength = 0;
  let maxLength = 0;
  for (const step of steps) {
    minLength += lengthOf(step)[0];
    maxLength += lengthOf(step)[1];
  }
  if (maxLength === 0) throw new ShapeError("an alternative that is empty", 0);
  let alignFrom = -1;
  let tailLength = 0;
  for (let i = 0; i < steps.length && alignFrom < 0; i++) {
    const step = steps[i]!;
    if (step.kind !== "class" || step.min === step.max) continue;
    const rest = steps.slice(i + 1);
    if (!canFollow(step.table, rest)) {
      if (rest.some((r) => lengthOf(r)[0] !== lengthOf(r)[1])) {
        throw new ShapeError(
          "a class with a range is followed by something it can swallow, and what follows has no fixed length",
          0,
        );
      }
      alignFrom = i + 1;
      tailLength = rest.reduce((sum, r) => sum + lengthOf(r)[0], 0);
    }
  }
  const real = steps.filter((s) => s.kind !== "mark");
  const before = union(firstClass(real[0]!), wordBytes, false);
  const after = union(lastClass(real.at(-1)!), wordBytes, true);
  const branch: Branch = { steps, minLength, maxLength, before, after, alignFrom, tailLength };
  let bestLength = 2;
  steps.forEach((step, stepIndex) => {
    if (step.kind === "literal" && step.bytes.length > bestLength) {
      bestLength = step.bytes.length;
      branch.keyword = { bytes: step.bytes, ignoreCase: step.ignoreCase, stepIndex };
    }
  });
  return branch;
}

function lengthOf(step: Step): [number, number] {
  if (step.kind === "literal") return [step.bytes.length, step.bytes.length];
  if (step.kind === "class") return [step.min, step.max];
  if (step.kind === "checksum") return [step.length, step.length];
  return [0, 0];
}

function firstClass(step: Step): ByteClass {
  if (step.kind === "class" || step.kind === "checksum") return step.table;
  const table = new Uint8Array(256);
  if (step.kind === "literal") setByte(table, step.bytes[0]!, step.ignoreCase);
  return table;
}

function lastClass(step: Step): ByteClass {
  if (step.kind === "class" || step.kind === "checksum") return step.table;
  const table = new Uint8Array(256);
  if (step.kind === "literal") setByte(table, step.bytes.at(-1)!, step.ignoreCase);
  return table;
}

function setByte(table: ByteClass, byte: number, ignoreCase: boolean): void {
  table[byte] = 1;
  if (ignoreCase && isLetter(byte)) table[byte ^ 32] = 1;
}

function isLetter(byte: number): boolean {
  const lower = byte | 32;
  return lower >= 97 && lower <= 122;
}

/** Whether the bytes that may come next are none of the class's. Steps that may be empty are looked through. */
function canFollow(table: ByteClass, rest: Step[]): boolean {
  for (const step of rest) {
    if (step.kind === "mark") continue;
    if (overlaps(table, firstClass(step))) return false;
    if (lengthOf(step)[0] > 0) return true;
  }
  return true;
}

/**
 * The class a token's neighbour must not be in. A token whose edge is a word byte must not touch a word byte; one whose
 * edge class has more (`-`, `+`, `/`) must not touch those either, at its end; at its start only word bytes count, for a
 * token often follows `/`, `-` or `+`.
 */
function union(edge: ByteClass, word: ByteClass, whole: boolean): ByteClass {
  const table = new Uint8Array(256);
  if (!overlaps(edge, word)) return table;
  const edgeToo = whole && bytesOf(edge).length > 1;
  for (let i = 0; i < 256; i++) table[i] = word[i] === 1 || (edgeToo && edge[i] === 1) ? 1 : 0;
  return table;
}

/**
 * Try one branch with its first byte at `start`.
 * In: bytes, the offset, the end of the readable bytes. Out: the match, or undefined. Boundaries are not tested here.
 */
export function matchBranch(branch: Branch, bytes: Uint8Array, start: number, limit: number): ShapeMatch | undefined {
  if (limit - start < branch.minLength) return undefined;
  const { steps, alignFrom, tailLength } = branch;
  let at = start;
  let coverStart = start;
  let coverEnd = start;
  let valueStart = -1;
  let valueEnd = -1;
  let checksum: boolean | undefined;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    switch (step.kind) {
      case "literal":
        if (!literalAt(bytes, at, limit, step.bytes, step.ignoreCase)) return undefined;
        at += step.bytes.length;
        break;
      case "class": {
        const { table, min, max } = step;
        const stop = Math.min(limit, at + max + (i + 1 === alignFrom ? tailLength : 0));
        let end = at;
        while (end < stop && table[bytes[end]!] === 1) end++;
        if (i + 1 === alignFrom) {
          // The tail is taken from the end of the run that holds it, so find where tail bytes end.
          end = alignTail(steps, alignFrom, bytes, at + min, end, limit, tailLength);
          if (end < 0) return undefined;
        }
        if (end - at < min) return undefined;
        at = end;
        break;
      }
      case "checksum": {
        if (limit - at < step.length) return undefined;
        for (let j = 0; j < step.length; j++) if (step.table[bytes[at + j]!] !== 1) return undefined;
        const said = latin1(bytes, at, at + step.length);
        const holds = checksums[step.algorithm]!.compute(bytes.subarray(coverStart, coverEnd)) === said;
        checksum = checksum === undefined ? holds : checksum && holds;
        at += step.length;
        break;
      }
      case "mark":
        if (step.mark === "cover-start") coverStart = at;
        else if (step.mark === "cover-end") coverEnd = at;
        else if (step.mark === "value-start") valueStart = at;
        else valueEnd = at;
    }
  }
  return {
    start,
    end: at,
    valueStart: valueStart < 0 ? start : valueStart,
    valueEnd: valueEnd < 0 ? at : valueEnd,
    checksum,
  };
}

/** The end of the ranged class such that the fixed tail fits right after it: the last place at which it does, or -1. */
function alignTail(
  steps: Step[],
  from: number,
  bytes: Uint8Array,
  earliest: number,
  runEnd: number,
  limit: number,
  tailLength: number,
): number {
  // The run ends where the class ends; the tail either lies inside the run's end or begins at it.
  for (let end = Math.min(runEnd, limit - tailLength); end >= Math.max(earliest, runEnd - tailLength); end--) {
    if (fixedFits(steps, from, bytes, end)) return end;
  }
  return -1;
}

function fixedFits(steps: Step[], from: number, bytes: Uint8Array, start: number): boolean {
  let at = start;
  for (let i = from; i < steps.length; i++) {
    const step = steps[i]!;
    if (step.kind === "literal") {
      if (!literalAt(bytes, at, bytes.length, step.bytes, step.ignoreCase)) return false;
      at += step.bytes.length;
    } else if (step.kind !== "mark") {
      const length = lengthOf(step)[0];
      for (let j = 0; j < length; j++) if (step.table[bytes[at + j]!] !== 1) return false;
      at += length;
    }
  }
  return true;
}

function literalAt(bytes: Uint8Array, at: number, limit: number, literal: Uint8Array, ignoreCase: boolean): boolean {
  if (limit - at < literal.length) return false;
  for (let i = 0; i < literal.length; i++) {
    const a = bytes[at + i]!;
    const b = literal[i]!;
    if (a !== b && !(ignoreCase && (a | 32) === (b | 32) && isLetter(b))) return false;
  }
  return true;
}

/**
 * Where a token begins whose keyword was hit, if it is one: `matchBranch` has the last word.
 * In: the branch, the offset of the keyword's first byte. Out: the offset of the token's first byte, or -1 when what stands before cannot fit.
 */
export function startBefore(branch: Branch, bytes: Uint8Array, keywordStart: number): number {
  let at = keywordStart;
  const last = branch.keyword!.stepIndex - 1;
  for (let i = last; i >= 0; i--) {
    const step = branch.steps[i]!;
    if (step.kind === "mark") continue;
    if (step.kind === "literal") {
      at -= step.bytes.length;
      if (at < 0 || !literalAt(bytes, at, bytes.length, step.bytes, step.ignoreCase)) return -1;
      continue;
    }
    const [min, max] = lengthOf(step);
    // Going backwards a ranged class also swallows the step right before it (`eyJ` before base64url): then the run's own beginning is the token's.
    const before = branch.steps.slice(0, i).filter((b) => b.kind !== "mark");
    const neighbour = before.at(-1);
    const swallows = min !== max && neighbour !== undefined && overlaps(step.table, lastClass(neighbour));
    const reach = swallows ? before.reduce((sum, b) => sum + lengthOf(b)[1], max) : max;
    const stop = Math.max(0, at - reach);
    let begin = at;
    while (begin > stop && step.table[bytes[begin - 1]!] === 1) begin--;
    if (at - begin < min) return -1;
    at = begin;
    if (swallows) return at;
  }
  return at;
}

/** Whether a token at [start, end) stands free of its neighbours, as docs/rule-format.md says. */
export function standsFree(branch: Branch, bytes: Uint8Array, start: number, end: number): boolean {
  if (end < bytes.length && branch.after[bytes[end]!] === 1) return false;
  return start === 0 || branch.before[bytes[start - 1]!] !== 1 || escapeEndsAt(bytes, start);
}

/** Whether an escape ends right before `at`: `\n`, `%20`, `\x41`, `\u0022`, a terminal colour. Its last letter is no part of a word. */
function escapeEndsAt(bytes: Uint8Array, at: number): boolean {
  if (at >= 2 && bytes[at - 2] === 0x5c && !(at >= 3 && bytes[at - 3] === 0x5c)) {
    const c = bytes[at - 1]!;
    return c === 0x6e || c === 0x74 || c === 0x72 || c === 0x62 || c === 0x66 || c === 0x30;
  }
  if (at >= 3 && bytes[at - 3] === 0x25 && isHex(bytes[at - 1]!) && isHex(bytes[at - 2]!)) return true;
  if (at >= 4 && bytes[at - 4] === 0x5c && bytes[at - 3] === 0x78)
    return isHex(bytes[at - 1]!) && isHex(bytes[at - 2]!);
  if (at >= 6 && bytes[at - 6] === 0x5c && bytes[at - 5] === 0x75)
    return isHex(bytes[at - 1]!) && isHex(bytes[at - 2]!);
  if (bytes[at - 1] === 0x6d) {
    let i = at - 2;
    while (i >= 0 && i > at - 12 && ((bytes[i]! >= 0x30 && bytes[i]! <= 0x39) || bytes[i] === 0x3b)) i--;
    return (
      i >= 1 &&
      bytes[i] === 0x5b &&
      (bytes[i - 1] === 0x1b || bytes[i - 1] === 0x33 || bytes[i - 1] === 0x62 || bytes[i - 1] === 0x65)
    );
  }
  return false;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 32) >= 0x61 && (byte | 32) <= 0x66);
}

/** Bytes [start, end) as a string of one char a byte. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
