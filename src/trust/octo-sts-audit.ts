/**
 * Audit of Octo STS trust policies, `.github/chainguard/*.sts.yaml`.
 * Source: octo-sts/app README: exact fields or Go regular expressions over the whole value; without an audience the service's own host is taken.
 */
import { whoIs } from "./classes.ts";
import { type Audit, type Draft, emptyAudit, examplesOf, lowered, raised, unknownTrust } from "./draft.ts";
import { allOf, exactly, matchGlob, type Verdict } from "./glob.ts";
import { homeOf, type TrustContext } from "./home.ts";
import { issuerKind, looksLikeGitHub, sharedIssuer } from "./issuer.ts";
import type { Mention } from "./mention.ts";
import { fullMatchVerdict } from "./pattern.ts";
import { reachOf } from "./reach.ts";
import { placeOf } from "./source.ts";
import { subjectRules } from "./subject-rules.ts";
import type { Claims } from "./token.ts";
import { entryOf, hole, type MapEntry, textOf, type Value, valueAt, whyUnknown } from "./value.ts";

/** Whether a path is that of a trust policy (or of an organisation's, which has the same form). */
export function isOctoStsPath(path: string): boolean {
  return /(?:^|\/)\.github\/chainguard\/[^/]+\.sts\.ya?ml$/.test(path);
}

type Test = { claim: string; entry: MapEntry; regex: boolean };

/** Scopes of which write access is enough to run code or to read secrets. */
const powerful =
  /^(?:contents|workflows|administration|secrets|actions|organization_administration|organization_secrets|members)$/;

/** Audits one policy. In: the document and the policy's name (the file's, without `.sts.yaml`). */
export function auditOctoSts(document: Value, name: string, context: TrustContext): Audit {
  const audit = emptyAudit();
  if (document.kind !== "map") return audit;
  const tests: Test[] = [];
  for (const [field, claim] of [
    ["issuer", "iss"],
    ["subject", "sub"],
    ["audience", "aud"],
  ] as const) {
    const exact = entryOf(document, field);
    const pattern = entryOf(document, `${field}_pattern`);
    if (exact) tests.push({ claim, entry: exact, regex: false });
    if (pattern) tests.push({ claim, entry: pattern, regex: true });
  }
  const claims = valueAt(document, "claim_pattern");
  if (claims?.kind === "map") for (const entry of claims.entries) tests.push({ claim: entry.key, entry, regex: true });
  const issuerTest = tests.find(({ claim }) => claim === "iss");
  const issuerText = textOf(issuerTest?.entry.value);
  if (issuerTest === undefined || tests.every(({ claim }) => claim !== "sub")) {
    if (document.entries.length > 0)
      audit.unknown.push(unknownTrust(document.span, "the policy names no issuer or no subject"));
    return audit;
  }
  if (!issuerTest.regex && issuerText !== undefined && !looksLikeGitHub(issuerText)) return audit;
  const issuer =
    !issuerTest.regex && issuerText !== undefined && issuerKind(issuerText) !== undefined ? issuerText : sharedIssuer;
  const verdict = (token: Claims): Verdict => allOf(tests.map((test) => testVerdict(test, token)));
  if (
    issuerTest.regex &&
    issuerText !== undefined &&
    fullMatchVerdict(issuerText, sharedIssuer) === "no" &&
    !looksLikeGitHub(issuerText.replaceAll("\\", ""))
  )
    return audit;
  const mentions = tests.flatMap(({ claim, entry, regex }): Mention[] => {
    const text = textOf(entry.value);
    return text === undefined || claim === "iss" ? [] : [{ claim, pattern: text, how: regex ? "regex" : "exact" }];
  });
  const home = homeOf(mentions, context);
  const audience = "octo-sts.dev";
  const reach = reachOf({ verdict, mentions, home, issuer, audience });
  const drafts: Draft[] = [];
  if (
    issuerTest.regex &&
    issuerText !== undefined &&
    fullMatchVerdict(issuerText, "https://issuer.example.com") === "yes"
  ) {
    drafts.push({
      rule: "octo-sts-issuer",
      span: issuerTest.entry.value.span,
      severity: "critical",
      subject: name,
      preview: issuerText,
      message: "The issuer pattern takes any issuer: whoever runs one can make a token with any subject.",
    });
  }
  const subjectTest = tests.find(({ claim }) => claim === "sub")!;
  const writes = permissionsOf(document);
  for (const rule of subjectRules(reach, { wild: subjectTest.regex, writes: writes.verdict })) {
    const example = reach.yes.get(rule.by)?.claims.get("sub") ?? "";
    const severity = writes.strong && rule.kind !== "pull" ? raised(rule.severity) : rule.severity;
    drafts.push({
      rule: {
        open: "octo-sts-open",
        template: "octo-sts-template",
        wide: "octo-sts-wide",
        pull: "octo-sts-pull-request",
      }[rule.kind],
      span: subjectTest.entry.value.span,
      severity,
      ...(rule.sure ? {} : { confidence: "likely" as const }),
      subject: name,
      preview: textOf(subjectTest.entry.value) ?? "",
      message: `The policy lets in ${whoIs(rule.by, home)} (example subject ${example})${rule.note ?? ""}.`,
      facts: { example, "taken-by": rule.by },
    });
  }
  const own = issuerKind(issuer)?.kind === "own";
  for (const draft of drafts)
    audit.drafts.push(own && draft.severity === "critical" ? { ...draft, severity: lowered(draft.severity) } : draft);
  audit.policies.push({
    system: "octo-sts",
    name,
    place: placeOf(document.span),
    issuer,
    audiences: [],
    identifiers: [name],
    verdict,
    home: home.named,
    takenBy: examplesOf(reach),
    unknown: [...reach.unknown],
  });
  if (reach.unknown.size > 0) {
    const why = whyUnknown(document) ?? {
      why: "a pattern is no regular expression that can be evaluated",
      span: subjectTest.entry.value.span,
    };
    audit.unknown.push(unknownTrust(why.span, why.why));
  }
  return audit;
}

function testVerdict({ claim, entry, regex }: Test, token: Claims): Verdict {
  const wanted = textOf(entry.value);
  const actual = token.get(claim);
  if (wanted === undefined || wanted.includes(hole)) return "unknown";
  if (actual === undefined) return "no";
  return regex ? fullMatchVerdict(wanted, actual) : matchGlob(wanted, actual, exactly);
}

function permissionsOf(document: Value): { verdict: Verdict; strong: boolean } {
  const permissions = valueAt(document, "permissions");
  if (permissions === undefined) return { verdict: "no", strong: false };
  if (permissions.kind !== "map") return { verdict: "unknown", strong: false };
  const writing = permissions.entries.filter(({ value }) => /^(?:write|admin)$/.test(textOf(value) ?? ""));
  return { verdict: writing.length > 0 ? "yes" : "no", strong: writing.some(({ key }) => powerful.test(key)) };
}
