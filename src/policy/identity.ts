/** Which findings are the same thing: places, ids, and ids that stand for two things. */
import { compareFindings, compareText, type Finding } from "../finding.ts";

/** One finding per id and place, in a fixed order: of several the worst and surest stays. */
export function onePerPlace(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of [...findings].sort(compareTotally)) {
    const { path, start, end } = finding.place;
    const key = JSON.stringify([
      finding.id,
      familyOf(finding.rule),
      path,
      start,
      end,
      finding.origin?.inMessage ?? false,
    ]);
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()];
}

/** The order of reports, and for what it holds equal a fixed order of the rest. */
export function compareTotally(a: Finding, b: Finding): number {
  return (
    compareFindings(a, b) ||
    a.place.end - b.place.end ||
    compareText(a.origin?.date ?? "", b.origin?.date ?? "") ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

/**
 * Ids that stand for two different things: the source says so, or the findings differ in what an id is made of (the family;
 * outside the leak family also rule and path).
 */
export function ambiguousIds(
  findings: readonly Finding[],
  known: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const things = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const finding of findings) {
    if (known?.has(finding.id)) ambiguous.add(finding.id);
    const of = identity(finding);
    const first = things.get(finding.id);
    if (first === undefined) things.set(finding.id, of);
    else if (first !== of) ambiguous.add(finding.id);
  }
  return ambiguous;
}

function identity({ rule, place }: Finding): string {
  return familyOf(rule) === "leak" ? "leak" : JSON.stringify([rule, place.path]);
}

/** What is counted: an id, or each thing under an id that stands for several. */
export function thing(finding: Finding, ambiguous: ReadonlySet<string>): string {
  return ambiguous.has(finding.id) ? JSON.stringify([finding.id, finding.rule, finding.place.path]) : finding.id;
}

/** The part of a rule id before the slash. */
export function familyOf(rule: string): string {
  return rule.slice(0, rule.indexOf("/"));
}
