/** The rules as a table or as JSON. */

import { compareText, type Severity } from "../finding.ts";
import type { LeakRule } from "../leak/rule.ts";
import { parseShape, type ShapeNode } from "../leak/shape.ts";
import { padTo } from "../report/columns.ts";
import { jsonText, terminalText } from "../report/encode.ts";
import type { CatalogueRule } from "../scan/rule-catalogue.ts";

/** What a rule rests on beside the form of the token: a checksum, a named proof, a parser, or nothing (empty). */
export function proofOf(rule: LeakRule): string {
  const parts = rule.shape === undefined ? [] : checksumsIn(parseShape(rule.shape));
  if (rule.format !== undefined) parts.push(`parsed as ${rule.format}`);
  if (rule.proof !== undefined) parts.push(rule.proof);
  return [...new Set(parts)].join(", ");
}

function checksumsIn(node: ShapeNode): string[] {
  switch (node.kind) {
    case "checksum":
      return [node.algorithm];
    case "sequence":
    case "alternatives":
      return node.items.flatMap(checksumsIn);
    case "covered":
    case "value":
      return checksumsIn(node.item);
    default:
      return [];
  }
}

/** The confidence a rule gives without a proof, which is its tier; an identifier is only ever half of a pair. */
export function tierOf(rule: LeakRule): string {
  return rule.part === "identifier" ? "pair" : (rule.confidence ?? "likely");
}

/** A rule of another family, as it is listed. */
export type OtherRule = {
  id: string;
  /** Undefined where it depends on the case. */
  severity: Severity | undefined;
  name: string;
  why: string;
  /** Of keyless rules: whether a route exists, and who has to do what for it. */
  route?: string;
  fix?: string;
  docs?: string | undefined;
};

/** In: the id of a rule and what is known of it. */
export function otherRule(id: string, known: CatalogueRule): OtherRule {
  switch (known.family) {
    case "keyless": {
      const { service, severity, why, route, fix, links } = known.rule;
      return { id, severity, name: service, why, route, fix, docs: links[0] };
    }
    case "workflow":
      return { id, severity: undefined, name: known.rule.title, why: known.rule.why };
    case "trust":
      return { id, severity: known.rule.severity, name: known.rule.title, why: known.rule.why };
    case "upkeep":
      return { id, severity: known.rule.severity, name: known.rule.name, why: "" };
  }
}

/** Rules of all families that hold some words, each list by id. */
export type MatchingRules = { leaks: LeakRule[]; others: OtherRule[]; length: number };

/** Rules whose id, provider or name holds every word. In: rules, words; letter case does not matter. Out: sorted by id. */
export function matchingRules(
  leakRules: readonly LeakRule[],
  otherRules: readonly OtherRule[],
  words: readonly string[],
): MatchingRules {
  const wanted = words.map((word) => word.toLowerCase());
  const fits = (text: string): boolean => wanted.every((word) => text.toLowerCase().includes(word));
  const leaks = leakRules
    .filter((rule) => fits(`leak/${rule.id} ${rule.provider} ${rule.name}`))
    .sort((a, b) => compareText(a.id, b.id));
  const others = otherRules.filter(({ id, name }) => fits(`${id} ${name}`)).sort((a, b) => compareText(a.id, b.id));
  return { leaks, others, length: leaks.length + others.length };
}

/** One rule a line: id, severity, tier, proof, provider and name; the number of rules last. */
export function rulesTable({ leaks, others, length }: MatchingRules): string {
  const head = ["rule", "severity", "tier", "proof", "what"];
  const rows = [
    ...leaks.map((rule) => [
      `leak/${rule.id}`,
      rule.severity,
      tierOf(rule),
      proofOf(rule) || "-",
      `${rule.provider}: ${rule.name}`,
    ]),
    ...others.map(({ id, severity, name, route, fix }) => [
      id,
      severity ?? "by case",
      fix ?? "-",
      route === undefined ? "-" : `route: ${route}`,
      name,
    ]),
  ].map((row) => row.map((cell) => terminalText(cell)));
  const widths = head.map((_, at) => [head, ...rows].reduce((widest, row) => Math.max(widest, row[at]!.length), 0));
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : padTo(cell, widths[at]!))).join("  "),
  );
  return `${lines.join("\n")}\n\n${length} ${length === 1 ? "rule" : "rules"}\n`;
}

/** The same as JSON, with what the table has no room for. */
export function rulesJson({ leaks, others }: MatchingRules): string {
  const list = leaks.map((rule) => ({
    id: `leak/${rule.id}`,
    provider: rule.provider,
    name: rule.name,
    severity: rule.severity,
    tier: tierOf(rule),
    proof: proofOf(rule),
    lifetime: rule.lifetime,
    docs: rule.docs,
    keyless: rule.keyless,
    revoke: rule.revoke,
  }));
  return `${jsonText({ version: 1, rules: [...list, ...others] }, 2)}\n`;
}
