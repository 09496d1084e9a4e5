/** A verdict for readers who may be anybody: what was found and how bad it is, and not where. */
import type { Finding } from "../finding.ts";
import type { Verdict } from "../verdict.ts";

const nowhere = { path: "", start: 0, end: 0, line: 0, column: 0, endLine: 0, endColumn: 0 };

/**
 * In: a verdict. Out: the same with rules, ids, severities, states and counts, without places, commits, authors, and sentences or facts that could tell
 * them.
 */
export function withoutPlaces(verdict: Verdict): Verdict {
  const { coverage } = verdict;
  return {
    ...verdict,
    judged: verdict.judged.map(({ finding, state, blocking }) => ({
      finding: placeless(finding),
      state,
      blocking,
      because: [],
    })),
    coverage: {
      ...coverage,
      gaps: coverage.gaps.map(({ kind }) => ({ subject: "", kind, detail: `not scanned: ${kind}` })),
      skipped: coverage.skipped.map(({ kind }) => ({ subject: "", kind, detail: "" })),
    },
  };
}

function placeless({ rule, id, severity, confidence }: Finding): Finding {
  return {
    rule,
    id,
    severity,
    confidence,
    place: nowhere,
    message: "where it stands is not shown where everybody can read it",
    preview: "",
    excerpt: "",
    facts: {},
    gates: [],
    fixes: [],
  };
}
