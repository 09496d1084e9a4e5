/**
 * What it means that a pattern lets a kind of run in, in the order of the wildcard classes of the catalogue: everybody, a template without
 * an owner, a name squatter or the whole organisation, the whole repository.
 */
import type { Severity } from "../finding.ts";
import type { SubjectClass } from "./classes.ts";
import type { Verdict } from "./glob.ts";
import type { Reach } from "./reach.ts";

/** `open`: strangers. `template`: strangers by a custom template or by calling a workflow. `wide`: more of the owner's than one context. `pull`: pull requests. */
export type SubjectRule = {
  kind: "open" | "template" | "wide" | "pull";
  by: SubjectClass;
  severity: Severity;
  sure: boolean;
  note?: string;
};

/** In: who gets in by one pattern, whether it has wildcards, and whether the identity can write. Out: at most one rule of reach, and the one on pull requests. */
export function subjectRules(reach: Reach, pattern: { wild: boolean; writes: Verdict }): SubjectRule[] {
  const has = (one: SubjectClass): boolean => reach.yes.has(one);
  for (const by of ["stranger", "fork", "prefix-owner"] as const) {
    if (has(by)) return [{ kind: "open", by, severity: "critical", sure: true }];
  }
  if (has("stranger-template"))
    return [{ kind: "template", by: "stranger-template", severity: "critical", sure: true }];
  if (has("stranger-caller")) return [{ kind: "template", by: "stranger-caller", severity: "high", sure: false }];
  const rules: SubjectRule[] = [];
  const wide = wideRule(reach, pattern);
  if (wide) rules.push(wide);
  if (has("own-pull-request")) {
    if (pattern.writes === "yes")
      rules.push({
        kind: "pull",
        by: "own-pull-request",
        severity: "high",
        sure: true,
        note: ", and it has write permissions",
      });
    else if (pattern.writes === "unknown" && !pattern.wild) {
      rules.push({
        kind: "pull",
        by: "own-pull-request",
        severity: "medium",
        sure: false,
        note: "; keep what pull requests can take to reading",
      });
    }
  }
  return rules;
}

function wideRule(reach: Reach, { wild, writes }: { wild: boolean; writes: Verdict }): SubjectRule | undefined {
  const has = (one: SubjectClass): boolean => reach.yes.has(one);
  if (wild && has("re-registered-owner"))
    return { kind: "wide", by: "re-registered-owner", severity: "high", sure: true };
  if (has("org-other-repository")) return { kind: "wide", by: "org-other-repository", severity: "high", sure: true };
  if (!wild) return undefined;
  if (has("re-registered-repository"))
    return { kind: "wide", by: "re-registered-repository", severity: "medium", sure: true };
  const write: Severity = writes === "yes" ? "high" : "medium";
  if (has("own-branch") && has("own-pull-request"))
    return {
      kind: "wide",
      by: "own-branch",
      severity: write,
      sure: true,
      note: ", from any branch, tag, pull request or environment",
    };
  if (has("own-branch")) return { kind: "wide", by: "own-branch", severity: "medium", sure: true };
  if (has("own-other-environment"))
    return { kind: "wide", by: "own-other-environment", severity: "medium", sure: true };
  if (has("own-tag")) return { kind: "wide", by: "own-tag", severity: "low", sure: true };
  return undefined;
}
