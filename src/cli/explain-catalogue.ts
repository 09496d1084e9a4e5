/** What `explain` says of rules about workflows, keyless routes, trust policies and upkeep. All of it is the project's own text. */
import { registerRuleHelp } from "../register/rule/help.ts";
import type { CatalogueRule } from "../scan/rule-catalogue.ts";
import type { TrustRule } from "../trust/rules.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import type { SyntaxRule } from "../workflow/rule/syntax.ts";
import { layout, type Paragraph } from "./explain-text.ts";

/** In: the rule's id and what is known of it, columns. */
export function explainCatalogueRule(id: string, known: CatalogueRule, width: number): string {
  const policy: Paragraph = ["Policy", [`rules: { ${id}: off }`]];
  switch (known.family) {
    case "keyless":
      return layout(`${id}  ${known.rule.service}`, [...keylessParagraphs(known.rule), policy], width);
    case "workflow":
      return layout(`${id}  ${known.rule.title}`, [...workflowParagraphs(known.rule), policy], width);
    case "trust":
      return layout(`${id}  ${known.rule.title}`, [...trustParagraphs(known.rule), policy], width);
    case "upkeep":
      return layout(`${id}  ${known.rule.name}`, [...upkeepParagraphs(id, known.rule.severity), policy], width);
  }
}

function upkeepParagraphs(id: string, severity: string): Paragraph[] {
  const help = registerRuleHelp(id);
  const rest: Paragraph = ["Severity", [severity]];
  return help === undefined ? [rest] : [["What", [help.why]], rest, ["Mend", [help.revoke]]];
}

const routes = {
  yes: "a keyless route replaces the credential",
  partial: "a keyless route replaces some uses of the credential",
  no: "no keyless route is known: findings are workflow/stored-credential",
} as const;

const classes = {
  AUTO: "leasehold fix writes all of it",
  ENROL: "leasehold fix writes the workflow; somebody enrols the repository at the service first",
  VALUES: "leasehold fix writes the workflow; some values have to be filled in",
  BROKER: "a broker between GitHub and the service has to be set up",
  REDUCE: "the credential stays; narrow it and give it an end",
} as const;

function keylessParagraphs(rule: KeylessRule): Paragraph[] {
  const { keyless } = rule;
  const permissions = Object.entries(keyless.permissions).map(([name, level]) => `${name}: ${level}`);
  const minimum = Object.entries(keyless.minimum).map(([name, version]) => `${name} ${version}`);
  return [
    ["What", [rule.why]],
    ["Severity", [`${rule.severity}; the stored credential lives ${rule.lifetime}`]],
    ["Route", [`${rule.route}: ${routes[rule.route]}`]],
    ["Instead", [keyless.replacement]],
    ["Needs", [[...permissions, ...minimum].join(", "), ...keyless.limits]],
    ["Fix", [`${rule.fix}: ${classes[rule.fix]}`]],
    ["Set-up", (rule.setup?.steps ?? []).map((step, at) => `${at + 1}. ${withBlanks(step)}`)],
    ["After", rule.after],
    ["Docs", rule.links],
  ];
}

/** What `leasehold fix` fills in with the repository's own values. */
function withBlanks(text: string): string {
  return text.replace(/\{\{([a-z_]{1,40})\}\}/g, (_, name: string) => `<${name.replaceAll("_", " ")}>`);
}

function workflowParagraphs(rule: SyntaxRule): Paragraph[] {
  return [
    ["What", [rule.why]],
    ["Silent", [rule.silent]],
    ["Bad", exampleLines(rule.bad)],
    ["Good", exampleLines(rule.good)],
  ];
}

function trustParagraphs(rule: TrustRule): Paragraph[] {
  return [
    ["What", [rule.why]],
    ["Severity", [`${rule.severity}, as a rule`]],
    ["Bad", exampleLines(rule.bad)],
    ["Good", exampleLines(rule.good)],
    ["Fix", [rule.fix]],
  ];
}

function exampleLines(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `│ ${line}`);
}
