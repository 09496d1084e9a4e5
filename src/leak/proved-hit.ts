/** What fits a rule's shape becomes a hit: its checksum and proof set the confidence, and what reads like a stand-in is lowered or dropped. */
import { lineBefore } from "./assignment.ts";
import { type BlobSearch, textOf } from "./blob-search.ts";
import type { Hit } from "./hit.ts";
import { countsInTurn, patternReason, repeats, standInReason, templateReason } from "./placeholder.ts";
import { distinctCharacters, longestSequence } from "./randomness.ts";
import { doubtReason } from "./structure.ts";

/** A place where a rule fits. */
export type Fit = {
  /** Index of the rule. */
  rule: number;
  tier: "shape" | "near";
  /** The secret part, as bytes of the blob, end exclusive. */
  start: number;
  end: number;
  /** The whole token, which a proof reads. */
  token: string;
  /** The secret part as text. */
  value: string;
  /** Whether the checksums inside the shape hold; undefined when it has none. */
  checksum: boolean | undefined;
  /** What it has passed so far; more is added. */
  gates: string[];
  /** The name it is assigned under, where one was looked for. */
  name?: string | undefined;
  /** What the rule's own shape is worth here. */
  base: Hit["confidence"];
};

/** Add the hit of a fit, unless the value is a stand-in. */
export function addProved(search: BlobSearch, fit: Fit): void {
  const { rule: index, tier, start, end, token, value, checksum, gates, name } = fit;
  const { rule, proof, near } = search.set.rules[index]!;
  let confidence = fit.base;
  const facts: Record<string, string> = {};
  if (checksum !== undefined) {
    confidence = checksum ? "certain" : "weak";
    gates.push(checksum ? "its checksum holds" : "its checksum does not hold");
  }
  if (proof !== undefined) {
    const result = proof.verify(token);
    Object.assign(facts, result.facts);
    if (result.holds === false) confidence = "weak";
    else if (result.holds === true && checksum !== false) confidence = "certain";
    if (result.reason !== "") gates.push(result.reason);
  }
  if (confidence !== "certain" || checksum === undefined) {
    if ((standInReason(value) ?? templateReason(value)) !== undefined) return;
    const body = bodyOf(value);
    if (tier === "shape" && (patternReason(body) !== undefined || countsInTurn(body))) {
      // Made up, but in the right shape: told, unless one piece or one row of characters takes it over.
      if (longestSequence(body) > 0.5 || repeats(body) || distinctCharacters(body) < 6) return;
      confidence = "weak";
      gates.push("looks typed rather than drawn");
    }
  } else if (standInReason(value) !== undefined) {
    confidence = "weak";
    gates.push("but it reads like a stand-in");
  }
  if (confidence === "likely" && (tier === "near" || near)) {
    const text = textOf(search);
    const doubt = doubtReason(lineBefore(text, start, 200), value, text.slice(end, end + 2));
    if (doubt !== undefined) {
      confidence = "weak";
      gates.push(doubt);
    }
  }
  const { severity } = rule;
  search.hits.push({
    rule: index,
    start,
    end,
    tier,
    confidence,
    severity,
    facts,
    gates,
    ...(name !== undefined && { name }),
  });
}

/** A token without the mark of its type: `FakeFakeFake` of `hf_FakeFakeFake`. */
function bodyOf(value: string): string {
  const mark = /^[A-Za-z0-9]{2,12}[_-](?:[a-z]{2,8}[_-])?/.exec(value)?.[0] ?? "";
  return value.length - mark.length >= 16 ? value.slice(mark.length) : value;
}
