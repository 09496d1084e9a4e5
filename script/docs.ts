/** Writes docs/rules-leak.md and docs/rules.md from the shipped rules; with --check it compares, and exits 1 where one differs. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { proofOf } from "../src/cli/rule-list.ts";
import { compareText } from "../src/finding.ts";
import type { LeakRule } from "../src/leak/rule.ts";
import { shippedRules } from "../src/scan/shipped-rules.ts";
import { rulesPage } from "./rules-page.ts";

/** What a rule's findings rest on, surest first. */
const tiers = {
  proved: "a checksum, a decode or a parsed document tells it from chance",
  shaped: "a mark of its own and an exact shape",
  near: "an exact shape, and the provider's name in the key, the section, the host or shortly before it",
  weak: "a shape that many values have; it never blocks by itself",
  identifier: "half of a pair, reported only beside its secret",
} as const;
type Tier = keyof typeof tiers;

function tierOf(rule: LeakRule): Tier {
  if (rule.part === "identifier") return "identifier";
  if (rule.confidence === "weak") return "weak";
  if (proofOf(rule) !== "") return "proved";
  return rule.near === undefined ? "shaped" : "near";
}

/** A text as one cell of a table. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  return lines.join("\n");
}

/** Rules by a key of theirs, the keys in order, each list by id. */
function groupBy(rules: readonly LeakRule[], keyOf: (rule: LeakRule) => string): [string, LeakRule[]][] {
  const groups = Map.groupBy(rules, keyOf);
  return [...groups]
    .sort(([a], [b]) => compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b))
    .map(([key, list]) => [key, list.sort((a, b) => compareText(a.id, b.id))]);
}

function providerSection(provider: string, rules: readonly LeakRule[]): string {
  const docs = [...new Set(rules.flatMap((rule) => rule.docs ?? []))];
  const links = docs.map((url, i) => `[${docs.length === 1 ? "documentation" : `documentation ${i + 1}`}](${url})`);
  const rows = rules.map((rule) => [
    `\`leak/${rule.id}\``,
    cell(rule.name),
    tierOf(rule),
    rule.severity,
    rule.lifetime,
    cell(proofOf(rule)),
    rule.keyless === undefined ? "" : `\`${rule.keyless}\``,
  ]);
  const head = ["rule", "what", "tier", "severity", "lives", "proof", "keyless"];
  return `### ${provider}\n\n${links.length === 0 ? "" : `${links.join(", ")}\n\n`}${table(head, rows)}`;
}

/** The rows of the long-tail table: one line a provider. */
function longTail(rules: readonly LeakRule[]): string {
  const rows = groupBy(rules, (rule) => rule.provider).map(([provider, list]) => [
    cell(provider),
    list.map((rule) => `\`${rule.id}\``).join(" "),
    list.map((rule) => `\`${cell(rule.shape!)}\``).join("<br>"),
  ]);
  return table(["provider", "rules (`leak/…`)", "shape of each"], rows);
}

function page(rules: readonly LeakRule[]): string {
  const tail = rules.filter((rule) => rule.id.startsWith("near-"));
  const own = rules.filter((rule) => !rule.id.startsWith("near-"));
  const providers = groupBy(own, (rule) => rule.provider);
  const count = (list: readonly LeakRule[], tier: Tier): string =>
    String(list.filter((r) => tierOf(r) === tier).length);
  const counts = Object.keys(tiers).map((tier) => [
    tier,
    count(own, tier as Tier),
    count(tail, tier as Tier),
    tiers[tier as Tier],
  ]);
  const total = ["together", String(own.length), String(tail.length), ""];
  const allProviders = new Set(rules.map((rule) => rule.provider)).size;
  return `${[
    "# Leak rules",
    "```\nscript/leasehold rules aws key        # those that hold both words\nscript/leasehold explain leak/github-pat\n```",
    `${rules.length} rules for ${allProviders} providers. Generated from \`rules/leak/\` and \`rules/leak-near.tsv\` by \`node script/docs.ts\`; do not edit.\n[rule-format.md](rule-format.md) says how a rule is written, [rules-left-out.md](rules-left-out.md) what has none.`,
    table(["tier", "rules", "long tail", "rests on"], [...counts, total]),
    "Values under a key-like name that no rule knows are judged by `leak/generic-assigned-secret`, which is at most `likely`.\n`lives`: `long` until somebody ends it, `long-expiring` until an end date, `short` for hours. `keyless`: what replaces it in CI.",
    "## By provider",
    ...providers.map(([provider, list]) => providerSection(provider, list)),
    "## The long tail",
    "Known only by the provider's name close by and an exact shape; all of high severity, `likely` under a key-like name and else `weak`.",
    longTail(tail),
  ].join("\n\n")}\n`;
}

const pages = { "rules-leak.md": page(shippedRules()), "rules.md": rulesPage() };
for (const [name, text] of Object.entries(pages)) {
  const file = new URL(`../docs/${name}`, import.meta.url);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before === text) continue;
  if (process.argv.includes("--check")) {
    console.error(`docs/${name} is not up to date; run: node script/docs.ts`);
    process.exitCode = 1;
  } else writeFileSync(file, text);
}
