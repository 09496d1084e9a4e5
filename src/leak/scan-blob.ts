/** Bytes in, leak findings out: the one entrance of the leak engine. */

import type { Finding, Gap, RuleId } from "../finding.ts";
import { identityOf } from "../finding-id.ts";
import { collectHits } from "./candidates.ts";
import { decodeCharset } from "./decode/charset.ts";
import { encodedRuns, findEncoded } from "./decode/encoded.ts";
import { maxDecodeDepth, maxDecodedBytes } from "./decode/encoding.ts";
import type { Hit } from "./hit.ts";
import { excerptOf, lineOf, lineStarts, maskValue, mergedMasks, placeReader } from "./lines.ts";
import { latin1 } from "./matcher.ts";
import { estimatedBits } from "./randomness.ts";
import { bestHits, joinPairs } from "./resolve.ts";
import type { RuleSet } from "./rule-set.ts";

/** What a scan of one blob says. */
export type BlobScan = {
  findings: Finding[];
  /** For each finding, the whole hash behind its id. It never leaves the process. */
  digests: string[];
  /** For each finding, the line of its other half, or 0. */
  related: number[];
  gaps: Gap[];
  /** Which of the things that the rule set was asked to watch for the blob mentions, so that the caller looks closer. */
  mentions: ReadonlySet<string>;
};

/** Entropy from which a value's own hash makes the id; below it a hash could be guessed. */
const idBits = 60;

/**
 * Scan one blob.
 * In: compiled rules; the path from the root, or undefined while it is not known; the bytes; the repository's salt. Out: findings sorted by place. Pure.
 */
export function scanBlob(set: RuleSet, path: string | undefined, bytes: Uint8Array, salt: string): BlobScan {
  const charset = decodeCharset(bytes);
  const readable = charset?.bytes ?? bytes;
  const gaps: Gap[] = [];
  const { hits, mentions, runs, overBudget } = collectHits(set, path, readable);
  const subject = path ?? "";
  if (overBudget)
    gaps.push({
      subject,
      kind: "budget",
      detail: "the budget for this file was spent before its end; scan it alone or ignore it in the policy",
    });
  const nested = nestedHits(set, readable, runs, 1, gaps, subject);
  if (hits.length === 0 && nested.length === 0) return { findings: [], digests: [], related: [], gaps, mentions };

  const starts = lineStarts(readable);
  let whole: string | undefined;
  const text = (): string => (whole ??= latin1(readable, 0, readable.length));
  const joined = joinPairs(set, bestHits(set, [...hits, ...nested]), readable, text, (offset) =>
    lineOf(starts, offset),
  );
  if (joined.overBudget)
    gaps.push({
      subject,
      kind: "budget",
      detail: "more ids than are looked round for their secrets; scan the file in parts",
    });
  const best = joined.hits.sort((a, b) => a.start - b.start || a.end - b.end);
  const masks = mergedMasks(
    [...hits, ...nested, ...best].map((hit) => ({
      start: hit.start,
      end: hit.end,
      shown: maskValue(valueAt(hit, readable), markOf(set, hit)),
      value: Buffer.from(valueAt(hit, readable), "latin1").toString("utf8"),
    })),
  );
  const placeOf = placeReader(readable, starts);
  const ordinals = new Map<string, number>();
  const digests: string[] = [];
  const findings = best.map((hit): Finding => {
    const { rule } = set.rules[hit.rule]!;
    const value = valueAt(hit, readable);
    const id = rule.id as string;
    const place =
      charset === undefined
        ? placeOf(subject, hit.start, hit.end)
        : {
            ...placeOf(subject, hit.start, hit.end),
            start: charset.toSource(hit.start),
            end: charset.toSource(hit.end),
          };
    let parts = ["leak", value.includes("\n") || value.includes("\\n") ? unwrapped(value) : value];
    if (estimatedBits(value) < idBits) {
      const key = `${id}\n${subject}\n${hit.name ?? ""}`;
      const ordinal = ordinals.get(key) ?? 0;
      ordinals.set(key, ordinal + 1);
      parts = ["leak-by-place", id, subject, hit.name ?? "", String(ordinal)];
    }
    const identity = identityOf(salt, parts);
    digests.push(identity.digest);
    return {
      rule: `leak/${id}` as RuleId,
      id: identity.id,
      place,
      severity: hit.severity,
      confidence: hit.confidence,
      message: `${rule.provider === "Generic" ? "" : `${rule.provider}: `}${rule.name}${hit.confidence === "weak" ? ", unproved" : ""}`,
      preview: maskValue(value, markOf(set, hit)),
      excerpt: excerptOf(readable, starts, hit.start, hit.end, masks),
      facts: hit.facts,
      gates: hit.gates,
      fixes: [],
    };
  });
  return { findings, digests, related: best.map((hit) => hit.pairLine ?? 0), gaps, mentions };
}

/** A value over several lines without what its surroundings put into it: indentation, line ends, escapes, quotes. */
function unwrapped(value: string): string {
  return value.replace(/\\[nrt]|[\s"'+,\\]+/g, "");
}

function valueAt(hit: Hit, bytes: Uint8Array): string {
  return hit.decoded ?? latin1(bytes, hit.start, hit.end);
}

/** The literal a rule's values begin with, which may be shown. */
function markOf(set: RuleSet, hit: Hit): string {
  for (const branch of set.rules[hit.rule]!.branches) {
    const first = branch.steps.find((step) => step.kind !== "mark");
    if (first?.kind === "literal") return Buffer.from(first.bytes).toString("latin1").slice(0, 8);
  }
  return "";
}

/** What is written over a piece of an encoded token to make it a sample; by chance the shortest begins at one of a billion characters of base64. */
const standInWord = /DUMMY|EXAMPLE|SAMPLE|REDACTED|PLACEHOLDER/;

/** Hits inside encoded spans, to depth 3, placed at the span that holds them. */
function nestedHits(
  set: RuleSet,
  bytes: Uint8Array,
  runs: readonly number[],
  depth: number,
  gaps: Gap[],
  subject: string,
): Hit[] {
  const found: Hit[] = [];
  const ranges = encodedRuns(bytes, runs);
  if (ranges.length === 0) return found;
  let decodedBytes = 0;
  for (const [from, to] of ranges) {
    for (const span of findEncoded(bytes, from, to)) {
      decodedBytes += span.bytes.length;
      if (decodedBytes > maxDecodedBytes) {
        gaps.push({
          subject,
          kind: "decoder-cap",
          detail: `more than ${maxDecodedBytes} decoded bytes at depth ${depth}; the rest was read undecoded`,
        });
        return found;
      }
      if (span.cut === true)
        gaps.push({
          subject,
          kind: "decoder-cap",
          detail: `an encoded text goes on beyond ${maxDecodedBytes} bytes; only its beginning was decoded`,
        });
      const inner = collectHits(set, "", span.bytes);
      const deeper = depth < maxDecodeDepth ? nestedHits(set, span.bytes, inner.runs, depth + 1, gaps, subject) : [];
      const best = bestHits(set, [...inner.hits, ...deeper]);
      const word = best.length === 0 ? undefined : standInWord.exec(latin1(bytes, span.start, span.end))?.[0];
      for (const hit of best) {
        found.push({
          ...hit,
          start: span.toSource(hit.start),
          // The last character of a base64 group may be shared with what follows the value.
          end: Math.min(
            span.end,
            span.encoding.startsWith("base64") ? span.toSource(hit.end - 1) + 2 : span.toSource(hit.end),
          ),
          decoded: hit.decoded ?? latin1(span.bytes, hit.start, hit.end),
          facts: {
            ...hit.facts,
            encoding: hit.facts.encoding === undefined ? span.encoding : `${span.encoding}, ${hit.facts.encoding}`,
          },
          gates: [
            `decoded from ${span.encoding}`,
            ...hit.gates,
            ...(word === undefined ? [] : [`but the encoded text holds ${word}`]),
          ],
          ...(word === undefined ? {} : { confidence: "weak" as const }),
        });
      }
    }
  }
  return found;
}
