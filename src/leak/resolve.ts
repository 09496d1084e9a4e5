/** From hits to findings-to-be: one per value, halves of a pair joined, identifiers that stand alone left out. */
import { confidenceRank } from "../finding.ts";
import { assignmentBefore } from "./assignment.ts";
import type { Hit } from "./hit.ts";
import { matchBranch, standsFree } from "./matcher.ts";
import { placeholderReason } from "./placeholder.ts";
import { looksRandom } from "./randomness.ts";
import type { RuleSet } from "./rule-set.ts";
import { eachRun } from "./runs.ts";

/** How many ids of one blob get their surroundings searched for a secret; more than any real file has. */
const mostLookups = 2000;

/** Lines between an id and its secret. */
export const pairWithin = 5;

const tierRank = { format: 0, shape: 0, near: 1, generic: 2 } as const;

/** Keep the best hit of every value: what a rule knows outranks a name nearby, then what is surest, then what is most specific and longest. */
export function bestHits(set: RuleSet, hits: readonly Hit[]): Hit[] {
  const parts = partsOfNear(hits);
  const order = [...hits].sort(
    (a, b) =>
      (parts.has(a) ? 1 : 0) - (parts.has(b) ? 1 : 0) ||
      (tierRank[a.tier] === 0 ? 0 : 1) - (tierRank[b.tier] === 0 ? 0 : 1) ||
      confidenceRank(a.confidence) - confidenceRank(b.confidence) ||
      tierRank[a.tier] - tierRank[b.tier] ||
      (a.tier === b.tier ? 0 : a.tier === "format" ? -1 : 1) ||
      set.rules[b.rule]!.literal - set.rules[a.rule]!.literal ||
      b.end - b.start - (a.end - a.start) ||
      a.start - b.start ||
      a.rule - b.rule,
  );
  // Which bytes a kept hit has taken: values are short, so marking them is linear in the hits.
  const from = hits.reduce((least, hit) => Math.min(least, hit.start), Number.POSITIVE_INFINITY);
  const to = hits.reduce((most, hit) => Math.max(most, hit.end), 0);
  const taken = new Uint8Array(Math.max(0, to - from));
  return order
    .filter((hit) => {
      if (taken.subarray(hit.start - from, hit.end - from).includes(1)) return false;
      taken.fill(1, hit.start - from, hit.end - from);
      return true;
    })
    .sort((a, b) => a.start - b.start);
}

/** Of two hits near a name, the one that holds the other knows the structure that the other cut: the part comes last. */
function partsOfNear(hits: readonly Hit[]): Set<Hit> {
  const near = hits.filter((hit) => hit.tier === "near").sort((a, b) => a.start - b.start || b.end - a.end);
  const parts = new Set<Hit>();
  let widest: Hit | undefined;
  for (const hit of near) {
    if (widest !== undefined && hit.end <= widest.end && hit.end - hit.start < widest.end - widest.start)
      parts.add(hit);
    if (widest === undefined || hit.end > widest.end) widest = hit;
  }
  return parts;
}

/** First index whose value is not below `value`. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Join an id and its secret that stand within five lines.
 * In: the best hits by place, the text, a function from offset to line. Out: the hits with the joined ones raised and the lone identifiers gone, and
 * whether there were more ids than are looked round.
 */
export function joinPairs(
  set: RuleSet,
  hits: readonly Hit[],
  bytes: Uint8Array,
  text: () => string,
  lineOf: (offset: number) => number,
): { hits: Hit[]; overBudget: boolean } {
  let lookups = 0;
  const inPair = hits.filter((hit) => set.rules[hit.rule]!.rule.pair !== undefined);
  const reported = (hit: Hit): boolean => set.rules[hit.rule]!.rule.part !== "identifier";
  if (inPair.length === 0) return { hits: hits.filter(reported), overBudget: false };
  const lines = new Map<Hit, number>();
  const bySlug = new Map<string, Hit[]>();
  const add = (hit: Hit): void => {
    lines.set(hit, lineOf(hit.start));
    const slug = set.rules[hit.rule]!.rule.id;
    const list = bySlug.get(slug);
    if (list === undefined) bySlug.set(slug, [hit]);
    else list.splice(upperBound(list, hit.start), 0, hit);
  };
  for (const hit of hits) add(hit);
  const kept = [...hits];
  for (const hit of inPair) {
    const rule = set.rules[hit.rule]!.rule;
    if (rule.part === "secret" || partners(hit, rule.pair!, bySlug, lines).next().done !== true) continue;
    if (++lookups > mostLookups) continue;
    for (const found of lookForPartner(set, kept, hit, rule.pair!, bytes, text, lineOf)) {
      kept.push(found);
      add(found);
    }
  }
  const joined = new Set<Hit>();
  const dropped = new Set<Hit>();
  for (const hit of kept) {
    const rule = set.rules[hit.rule]!.rule;
    if (rule.pair === undefined || dropped.has(hit)) continue;
    for (const other of partners(hit, rule.pair, bySlug, lines)) {
      if (dropped.has(other)) continue;
      const otherRule = set.rules[other.rule]!.rule;
      const hitIsId = rule.part === "identifier" || otherRule.part === "secret";
      if (!hitIsId && otherRule.part !== "identifier" && rule.part !== "secret") continue;
      const [id, secret] = hitIsId ? [hit, other] : [other, hit];
      if (joined.has(secret)) continue;
      const line = lines.get(id)!;
      joined.add(secret);
      dropped.add(id);
      Object.assign(secret.facts, {
        ...id.facts,
        ...secret.facts,
        pair: `${set.rules[id.rule]!.rule.name} on line ${line}`,
      });
      secret.pairLine = line;
      secret.confidence = secret.confidence === "weak" ? "likely" : "certain";
      secret.gates.push(`its other half stands on line ${line}`);
      break;
    }
  }
  return { hits: kept.filter((hit) => !dropped.has(hit) && reported(hit)), overBudget: lookups > mostLookups };
}

/** Hits of the rules in `pair` within five lines of a hit. */
function* partners(
  hit: Hit,
  pair: readonly string[],
  bySlug: ReadonlyMap<string, Hit[]>,
  lines: ReadonlyMap<Hit, number>,
): Generator<Hit> {
  const line = lines.get(hit)!;
  for (const slug of pair) {
    const list = bySlug.get(slug) ?? [];
    const from = upperBound(list, hit.start);
    for (let i = from - 1; i >= 0 && line - lines.get(list[i]!)! <= pairWithin; i--)
      if (list[i] !== hit) yield list[i]!;
    for (let i = from; i < list.length && lines.get(list[i]!)! - line <= pairWithin; i++)
      if (list[i] !== hit) yield list[i]!;
  }
}

/** First index in a list by place whose hit begins after `start`. */
function upperBound(list: readonly Hit[], start: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.start <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An id vouches for a value of its secret's shape close by, whatever the value is called. */
function lookForPartner(
  set: RuleSet,
  hits: readonly Hit[],
  hit: Hit,
  pair: readonly string[],
  bytes: Uint8Array,
  text: () => string,
  lineOf: (offset: number) => number,
): Hit[] {
  const found: Hit[] = [];
  const from = Math.max(0, hit.start - 1200);
  const to = Math.min(bytes.length, hit.end + 1200);
  for (const slug of pair) {
    const index = set.bySlug.get(slug);
    if (index === undefined) continue;
    for (const branch of set.rules[index]!.branches) {
      if (branch.keyword !== undefined || branch.minLength < 16) continue;
      eachRun(bytes, from, to, (start) => {
        const match = matchBranch(branch, bytes, start, bytes.length);
        if (match === undefined || !standsFree(branch, bytes, match.start, match.end)) return;
        if (Math.abs(lineOf(match.start) - lineOf(hit.start)) > pairWithin) return;
        if (hits.some((other) => other.start < match.end && match.start < other.end && other.tier !== "generic"))
          return;
        const value = text().slice(match.valueStart, match.valueEnd);
        if (!looksRandom(value) || placeholderReason(value) !== undefined) return;
        const name = assignmentBefore(text(), match.start)?.name;
        found.push({
          rule: index,
          start: match.valueStart,
          end: match.valueEnd,
          tier: "near",
          confidence: "weak",
          severity: set.rules[index]!.rule.severity,
          facts: {},
          gates: [`has the shape (${match.end - match.start} bytes)`],
          ...(name === undefined ? {} : { name }),
        });
      });
    }
  }
  return found.slice(0, 1);
}
