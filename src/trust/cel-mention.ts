/** What a CEL condition compares, for candidates; and which of its parts stand side by side under `||`. */
import type { Cel } from "./cel-parse.ts";
import type { Mention } from "./mention.ts";

/** One comparison of a condition. `negated`: under `!` or `!=`. */
export type CelMention = Mention & { negated: boolean };

/** Parsed mapping by attribute name, as `attribute.repository` or `google.subject`. */
export type CelMapping = ReadonlyMap<string, Cel>;

/** Every comparison of a claim with a literal in an expression. */
export function celMentions(cel: Cel, mapping: CelMapping): CelMention[] {
  const found: CelMention[] = [];
  visit(cel, false);
  return found;

  function visit(node: Cel, negated: boolean): void {
    switch (node.kind) {
      case "not":
        visit(node.of, !negated);
        return;
      case "choice":
        for (const part of [node.test, node.whenTrue, node.otherwise]) visit(part, negated);
        return;
      case "binary":
        if (node.operator === "&&" || node.operator === "||") {
          visit(node.left, negated);
          visit(node.right, negated);
        } else compare(node, negated);
        return;
      case "call":
        call(node, negated);
        return;
    }
  }

  function compare(node: Cel & { kind: "binary" }, negated: boolean): void {
    const claim = claimOf(node.left, mapping) ?? claimOf(node.right, mapping);
    const other = claimOf(node.left, mapping) === undefined ? node.left : node.right;
    if (claim === undefined) return;
    const values = other.kind === "list" ? other.items : [other];
    for (const value of values) {
      if (value.kind !== "literal" || typeof value.value !== "string") continue;
      add(claim, value.value, "exact", negated !== (node.operator === "!="));
    }
  }

  function call(node: Cel & { kind: "call" }, negated: boolean): void {
    const claim = node.of === undefined ? undefined : claimOf(node.of, mapping);
    const argument = node.args[0];
    const how = ({ startsWith: "prefix", endsWith: "suffix", contains: "contains", matches: "search" } as const)[
      node.name as "matches"
    ];
    if (
      how !== undefined &&
      claim !== undefined &&
      argument?.kind === "literal" &&
      typeof argument.value === "string"
    ) {
      add(claim, argument.value, how, negated);
    }
    if ((node.name === "exists" || node.name === "all") && node.of?.kind === "list") {
      // `['a', 'b'].exists(x, assertion.sub.startsWith(x))`: each item in the place of the name.
      const [name, test] = node.args;
      for (const item of node.of.items.slice(0, 50)) {
        if (name?.kind === "name" && test !== undefined) visit(substituted(test, name.name, item), negated);
      }
    }
  }

  function add(claim: string, pattern: string, how: Mention["how"], negated: boolean): void {
    if (found.length < 200) found.push({ claim, pattern, how, negated });
  }
}

/** The claim that an expression reads, through the mapping; a part of a claim counts as the claim. */
export function claimOf(cel: Cel, mapping: CelMapping, depth = 0): string | undefined {
  if (depth > 5) return undefined;
  if (cel.kind === "member" && cel.of.kind === "name") {
    if (cel.of.name === "assertion" || cel.of.name === "jwt_claims") return cel.name;
    const mapped = mapping.get(`${cel.of.name}.${cel.name}`);
    return mapped === undefined ? undefined : claimOf(mapped, mapping, depth + 1);
  }
  if (cel.kind === "index") {
    if (cel.of.kind === "name" && cel.of.name === "assertion" && cel.index.kind === "literal")
      return String(cel.index.value);
    return claimOf(cel.of, mapping, depth + 1);
  }
  if (cel.kind === "call" && cel.of !== undefined) return claimOf(cel.of, mapping, depth + 1);
  return undefined;
}

function substituted(cel: Cel, name: string, by: Cel): Cel {
  switch (cel.kind) {
    case "name":
      return cel.name === name ? by : cel;
    case "call":
      return {
        ...cel,
        of: cel.of && substituted(cel.of, name, by),
        args: cel.args.map((arg) => substituted(arg, name, by)),
      };
    case "binary":
      return { ...cel, left: substituted(cel.left, name, by), right: substituted(cel.right, name, by) };
    case "not":
      return { ...cel, of: substituted(cel.of, name, by) };
    default:
      return cel;
  }
}

/** The parts of a condition of which one is enough, each with its span within the text. */
export function alternativesOf(cel: Cel): { cel: Cel; start: number; end: number }[] {
  if (cel.kind !== "binary" || cel.operator !== "||") return [];
  const parts: { cel: Cel; start: number; end: number }[] = [];
  let at: Cel = cel;
  while (at.kind === "binary" && at.operator === "||") {
    parts.unshift({ cel: at.right, start: at.rightStart, end: at.end });
    const left: Cel = at.left;
    if (left.kind !== "binary" || left.operator !== "||")
      parts.unshift({ cel: left, start: at.start, end: at.leftEnd });
    at = left;
  }
  return parts;
}

/** Whether an expression compares part of a claim, where a whole comparison was meant. */
export function isPartial(mention: Mention): boolean {
  return mention.how === "prefix" || mention.how === "suffix" || mention.how === "contains" || mention.how === "search";
}
