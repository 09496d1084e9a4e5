/** Turns what another tool ignored into waivers for the findings that stand there now. */
import type { Finding } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import type { IgnoreEntry } from "./ignore-file.ts";
import { type Waiver, waiverSubject } from "./waiver.ts";

/**
 * One waiver by id for each present finding that an entry speaks of, sorted by id.
 * An entry of the leak family fits a leak at its path and line whatever the other tool calls the rule; one of the workflow family
 * fits only a rule with the same slug. The waivers name no approver: they are requested until somebody approves them.
 * Out: the waivers, and the entries for which nothing is found today.
 */
export function waiversFrom(
  entries: readonly IgnoreEntry[],
  findings: readonly Finding[],
  until: PlainDate,
): { waivers: Waiver[]; unmatched: IgnoreEntry[] } {
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings) {
    const list = byPath.get(finding.place.path);
    if (list) list.push(finding);
    else byPath.set(finding.place.path, [finding]);
  }
  const waivers = new Map<string, Waiver>();
  const unmatched: IgnoreEntry[] = [];
  for (const entry of entries) {
    const fitting = (byPath.get(entry.path) ?? []).filter((finding) => fits(entry, finding));
    if (fitting.length === 0) unmatched.push(entry);
    for (const { id } of fitting) {
      if (waivers.has(id)) continue;
      waivers.set(id, { id, reason: entry.reason ?? "accepted-risk", why: `imported from ${entry.provenance}`, until });
    }
  }
  const sorted = [...waivers.values()].sort((a, b) => (waiverSubject(a) < waiverSubject(b) ? -1 : 1));
  return { waivers: sorted, unmatched };
}

function fits(entry: IgnoreEntry, { rule, place }: Finding): boolean {
  if (entry.line !== undefined && (entry.line < place.line || entry.line > place.endLine)) return false;
  const [family, slug] = rule.split("/");
  return entry.family === "leak" ? family === "leak" : family !== "leak" && slug === entry.rule;
}
