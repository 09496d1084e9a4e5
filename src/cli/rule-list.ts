/** The leak rules as a table or as JSON. */

import { compareText } from "../finding.ts";
import type { LeakRule } from "../leak/rule.ts";
import { parseShape, type ShapeNode } from "../leak/shape.ts";
import { padTo } from "../report/columns.ts";
import { jsonText, terminalText } from "../report/encode.ts";

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

/** Rules whose id, provider or name holds every word. In: rules, words; letter case does not matter. Out: sorted by id. */
export function matchingRules(rules: readonly LeakRule[], words: readonly string[]): LeakRule[] {
  const wanted = words.map((word) => word.toLowerCase());
  return rules
    .filter((rule) => {
      const text = `leak/${rule.id} ${rule.provider} ${rule.name}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => compareText(a.id, b.id));
}

/** One rule a line: id, severity, tier, proof, provider and name; the number of rules last. */
export function rulesTable(rules: readonly LeakRule[]): string {
  const head = ["rule", "severity", "tier", "proof", "what"];
  const rows = rules.map((rule) =>
    [`leak/${rule.id}`, rule.severity, tierOf(rule), proofOf(rule) || "-", `${rule.provider}: ${rule.name}`].map(
      (cell) => terminalText(cell),
    ),
  );
  const widths = head.map((_, at) => [head, ...rows].reduce((widest, row) => Math.max(widest, row[at]!.length), 0));
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : padTo(cell, widths[at]!))).join("  "),
  );
  return `${lines.join("\n")}\n\n${rows.length} ${rows.length === 1 ? "rule" : "rules"}\n`;
}

/** The same as JSON, with what the table has no room for. */
export function rulesJson(rules: readonly LeakRule[]): string {
  const list = rules.map((rule) => ({
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
  return `${jsonText({ version: 1, rules: list }, 2)}\n`;
}
