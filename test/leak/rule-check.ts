/** What every shipped rule must do with its own tokens, with spoilt ones and with those of other rules. */
import { collectHits } from "../../src/leak/candidates.ts";
import { type Branch, matchBranch, standsFree } from "../../src/leak/matcher.ts";
import { normaliseName } from "../../src/leak/nearby.ts";
import type { CompiledRule, RuleSet } from "../../src/leak/rule-set.ts";
import { type NearMiss, nearMiss } from "../../src/leak/sample.ts";
import { scanBlob } from "../../src/leak/scan-blob.ts";
import { seededDraw, seedOf } from "./draw.ts";
import { drawSample, hostContexts, keyNameOf, plant, type Sample, sampleWithoutProof } from "./rule-samples.ts";

/** One token that was planted and must be found. */
export type Planted = { compiled: CompiledRule; branch: Branch; sample: Sample };

/** Rules that have tokens: neither documents nor the generic tier. */
export function tokenRules(set: RuleSet): CompiledRule[] {
  return set.rules.filter((compiled) => compiled.branches.length > 0);
}

/** One valid token for every branch of every rule, and the rules none of whose tokens is accepted. */
export function drawAll(set: RuleSet, salt: number): { planted: Planted[]; failures: string[] } {
  const planted: Planted[] = [];
  const failures: string[] = [];
  for (const compiled of tokenRules(set)) {
    compiled.branches.forEach((branch, i) => {
      try {
        planted.push({
          compiled,
          branch,
          sample: drawSample(compiled, branch, seededDraw(seedOf(compiled.rule.id, salt + i))),
        });
      } catch (error) {
        failures.push((error as Error).message);
      }
    });
  }
  return { planted, failures: [...new Set(failures)] };
}

/**
 * Whether two rules may fit one token: one of them says so, one is the rule for any JSON web token and the other's shape is
 * that of one, or one is a row of the long-tail table, which has no column for it, and both look for the same name.
 */
export function mayOverlap(a: CompiledRule, b: CompiledRule): boolean {
  if (a.rule.id === b.rule.id) return true;
  if (a.rule.overlaps?.includes(b.rule.id) || b.rule.overlaps?.includes(a.rule.id)) return true;
  if ((isAnyJwt(a) && isJwtShaped(b)) || (isAnyJwt(b) && isJwtShaped(a))) return true;
  if (!isTableRow(a) && !isTableRow(b)) return false;
  const [names, others] = [namesOf(a), namesOf(b)];
  return names.some((name) => others.some((other) => name.includes(other) || other.includes(name)));
}

/** The two rules that are there for JSON web tokens of nobody known. */
function isAnyJwt({ rule }: CompiledRule): boolean {
  return rule.id === "jwt" || rule.id === "jwt-without-signature";
}

function isJwtShaped({ rule }: CompiledRule): boolean {
  return rule.shape!.split("|").some((alternative) => alternative.trim() === "jwt");
}

function isTableRow({ rule }: CompiledRule): boolean {
  return rule.id.startsWith("near-");
}

function namesOf({ rule }: CompiledRule): string[] {
  return [rule.provider, ...(rule.near ?? [])].map(normaliseName);
}

/** Contexts in which a planted token is not found with exact bounds, by its own rule or one that may overlap. */
export function notFound(set: RuleSet, all: readonly Planted[], names: (compiled: CompiledRule) => string[]): string[] {
  const failures = new Map<string, string[]>();
  for (const { compiled, sample } of all) {
    for (const name of names(compiled)) {
      for (const context of hostContexts(name, sample.token)) {
        const { bytes, start, end } = plant(context, sample);
        // An identifier is reported with its other half only; what is tested here is that it is seen.
        const found =
          compiled.rule.part === "identifier"
            ? collectHits(set, context.path, bytes).hits.map((hit) => ({
                rule: hit.rule,
                start: hit.start,
                end: hit.end,
              }))
            : scanBlob(set, context.path, bytes, "salt").findings.map(({ rule, place }) => ({
                rule: set.bySlug.get(rule.slice("leak/".length))!,
                ...place,
              }));
        if (found.some((hit) => hit.start === start && hit.end === end && mayOverlap(set.rules[hit.rule]!, compiled)))
          continue;
        const instead = found.map(
          (hit) => set.rules[hit.rule]!.rule.id + (hit.start === start && hit.end === end ? "" : " elsewhere"),
        );
        const key = `${compiled.rule.id} under ${name}: ${instead.join(", ") || "nothing"} found`;
        failures.set(key, [...(failures.get(key) ?? []), context.label]);
      }
    }
  }
  return [...failures].map(([what, where]) => `${what} in ${[...new Set(where)].join(", ")}`);
}

/** Pairs of rules of which one fires on a token of the other and neither says so. */
export function strayHits(set: RuleSet, all: readonly Planted[]): string[] {
  const stray = new Set<string>();
  for (const { compiled, sample } of all) {
    const context = hostContexts(keyNameOf(compiled), sample.token)[0]!;
    for (const hit of collectHits(set, context.path, plant(context, sample).bytes).hits) {
      const other = set.rules[hit.rule]!;
      if (hit.tier === "generic" || hit.tier === "format" || mayOverlap(other, compiled)) continue;
      stray.add(`${other.rule.id} fires on a token of ${compiled.rule.id}`);
    }
  }
  return [...stray];
}

const ways: readonly NearMiss[] = ["too-short", "too-long", "foreign-byte", "wrong-literal"];

/** Spoilt tokens that their rule takes for more than a weak finding. */
export function takenThoughSpoilt(set: RuleSet, salt: number): string[] {
  const failures: string[] = [];
  for (const compiled of tokenRules(set)) {
    compiled.branches.forEach((branch, i) => {
      for (const way of ways) {
        const spoilt = nearMiss(branch, way, seededDraw(seedOf(compiled.rule.id + way, salt + i)));
        if (spoilt === undefined || fitsSomewhere(compiled, spoilt)) continue;
        const context = hostContexts(keyNameOf(compiled), spoilt)[0]!;
        const bytes = Buffer.from(context.before + spoilt + context.after, "latin1");
        const taken = scanBlob(set, context.path, bytes, "salt").findings.find(
          (f) => f.rule === `leak/${compiled.rule.id}` && f.confidence !== "weak",
        );
        if (taken !== undefined)
          failures.push(
            `${compiled.rule.id} takes ${taken.place.end - taken.place.start} bytes of a token of ${spoilt.length} that is spoilt (${way})`,
          );
      }
    });
  }
  return [...new Set(failures)];
}

/** Whether some part of a text that stands free fits the rule after all: behind a spoilt optional mark, or by a shorter branch. */
function fitsSomewhere(compiled: CompiledRule, text: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  return compiled.branches.some((branch) => {
    for (let start = 0; start < bytes.length; start++) {
      const match = matchBranch(branch, bytes, start, bytes.length);
      if (match !== undefined && standsFree(branch, bytes, match.start, match.end)) return true;
    }
    return false;
  });
}

/** Tokens whose checksum or proof is wrong that are lost, or reported as more than weak. */
export function wrongProofs(set: RuleSet, salt: number): { tested: number; failures: string[] } {
  const failures: string[] = [];
  let tested = 0;
  for (const compiled of tokenRules(set)) {
    if (compiled.rule.part === "identifier") continue;
    compiled.branches.forEach((branch, i) => {
      const sample = sampleWithoutProof(compiled, branch, seededDraw(seedOf(compiled.rule.id, salt + i)));
      if (sample === undefined) return;
      tested++;
      const context = hostContexts(keyNameOf(compiled), sample.token)[0]!;
      const { bytes, start, end } = plant(context, sample);
      const { findings } = scanBlob(set, context.path, bytes, "salt");
      const own = findings.filter(
        (f) => f.rule === `leak/${compiled.rule.id}` && f.place.start === start && f.place.end === end,
      );
      if (own.some((f) => f.confidence !== "weak"))
        failures.push(`${compiled.rule.id}: disproved, and still ${own[0]!.confidence}`);
      else if (findings.every((f) => f.place.start >= end || f.place.end <= start))
        failures.push(`${compiled.rule.id}: disproved, and dropped`);
    });
  }
  return { tested, failures: [...new Set(failures)] };
}

/** Valid tokens under a name that says nothing whose finding is not as sure as the rule and its proof say. */
export function wrongConfidence(set: RuleSet, all: readonly Planted[]): { tested: number; failures: string[] } {
  const failures: string[] = [];
  let tested = 0;
  for (const { compiled, branch, sample } of all) {
    if (compiled.near || compiled.rule.part === "identifier") continue;
    const context = hostContexts("setting_3", sample.token)[0]!;
    const own = scanBlob(set, context.path, plant(context, sample).bytes, "salt").findings.find(
      (f) => f.rule === `leak/${compiled.rule.id}`,
    );
    if (own === undefined) continue; // Another rule of `notFound` tells.
    tested++;
    const holds = compiled.proof?.verify(sample.token).holds;
    const proved = holds === true || branch.steps.some((step) => step.kind === "checksum");
    // A branch that the proof does not know, such as a token without its signature, is disproved and weak.
    const expected = holds === false ? "weak" : proved ? "certain" : (compiled.rule.confidence ?? "likely");
    if (own.confidence !== expected) failures.push(`${compiled.rule.id}: ${own.confidence} instead of ${expected}`);
  }
  return { tested, failures: [...new Set(failures)] };
}
