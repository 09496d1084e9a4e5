/** Takes recognised secrets out of text that is not scanned content but is shown: paths, names of refs and authors, error messages. */
import type { Finding } from "../finding.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import { scanBlob } from "../leak/scan-blob.ts";
import type { Judged, Verdict } from "../verdict.ts";

/** Text without a word this long holds no secret that a rule could tell. */
const shortestSecret = 8;

/** Where names end in paths, ranges and sentences; a dot may belong to a token, so it comes last. */
const separators = [/[\s/\\:"'`]+|\.{2,}/, /[\s/\\:"'`.]+/];

/**
 * In: compiled rules, any text. Out: the text with every secret that a rule finds in it masked as in an excerpt; the same text when there is none.
 * Each name in it is looked at on its own too: what stands beside a token must not hide it.
 */
export function maskText(set: RuleSet, text: string): string {
  return textMask(set)(text);
}

/** The same for many texts: what was once found of a name holds in all of them. */
export function textMask(set: RuleSet): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => maskKnown(set, known, text);
}

function maskKnown(set: RuleSet, known: Map<string, string>, text: string): string {
  if (text.length < shortestSecret) return text;
  let masked = maskOnce(set, text);
  const seen = new Set([masked]);
  for (const separator of separators) {
    for (const word of masked.split(separator)) {
      if (word.length < shortestSecret || word.includes("█") || seen.has(word)) continue;
      seen.add(word);
      let hidden = known.get(word);
      if (hidden === undefined) {
        hidden = maskOnce(set, word);
        known.set(word, hidden);
      }
      if (hidden !== word) masked = masked.replaceAll(word, hidden);
    }
  }
  return masked;
}

function maskOnce(set: RuleSet, text: string): string {
  const bytes = Buffer.from(text, "utf8");
  const { findings } = scanBlob(set, undefined, bytes, "mask");
  if (findings.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { place, preview } of findings) {
    if (place.start < at) continue;
    parts.push(bytes.toString("utf8", at, place.start), preview);
    at = place.end;
  }
  return parts.join("") + bytes.toString("utf8", at);
}

/** A verdict in which no name, path or sentence carries a secret. In: `mask`, from `maskText`; it is asked once for each text. */
export function maskVerdict(verdict: Verdict, mask: (text: string) => string): Verdict {
  const known = new Map<string, string>();
  const masked = (text: string): string => {
    let result = known.get(text);
    if (result === undefined) {
      result = mask(text);
      known.set(text, result);
    }
    return result;
  };
  const subject = <T extends { subject: string; detail: string }>(one: T): T => ({
    ...one,
    subject: masked(one.subject),
    detail: masked(one.detail),
  });
  const { coverage } = verdict;
  return {
    ...verdict,
    judged: verdict.judged.map((judged) => maskJudged(judged, masked)),
    coverage: { ...coverage, gaps: coverage.gaps.map(subject), skipped: coverage.skipped.map(subject) },
    notes: verdict.notes.map(masked),
  };
}

function maskJudged(judged: Judged, masked: (text: string) => string): Judged {
  const { finding, because, coveredBy } = judged;
  const { why } = coveredBy ?? {};
  return {
    ...judged,
    finding: maskFinding(finding, masked),
    because: because.map(masked),
    ...(coveredBy === undefined
      ? {}
      : { coveredBy: { ...coveredBy, ...(why === undefined ? {} : { why: masked(why) }) } }),
  };
}

/** The excerpt and preview are masked by who made the finding. */
function maskFinding(finding: Finding, masked: (text: string) => string): Finding {
  const { place, origin, facts, gates, message } = finding;
  return {
    ...finding,
    place: { ...place, path: masked(place.path) },
    message: masked(message),
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, masked(value)])),
    gates: gates.map(masked),
    ...(origin === undefined ? {} : { origin: { ...origin, author: masked(origin.author) } }),
  };
}
