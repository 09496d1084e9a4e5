/**
 * The report as SARIF 2.1.0 (OASIS standard), with what GitHub's code scanning reads of it
 * (docs.github.com, "SARIF support for code scanning").
 */
import { type Confidence, type Finding, type Severity, severityRank } from "../finding.ts";
import type { Judged, Verdict } from "../verdict.ts";
import { cap, jsonText, markdownText, uriPath, visible } from "./encode.ts";
import { findingDocument } from "./json.ts";
import type { RuleHelpLookup, RunInfo } from "./run-info.ts";

const schemaUri = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const levels = { critical: "error", high: "error", medium: "warning", low: "note", info: "note" } as const;

/** GitHub shows over 9.0 as critical, from 7.0 high, from 4.0 medium, below that low. */
const securitySeverity: Record<Severity, string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "1.0",
};

const precision: Record<Confidence, string> = { certain: "very-high", likely: "high", weak: "low" };

/**
 * The report as SARIF. In: verdict, run, what is known of rules. Out: JSON text, indented, ended by a line feed.
 * A run with gaps says `executionSuccessful: false` and names each gap as a notification.
 */
export function sarifReport(verdict: Verdict, info: RunInfo, ruleHelp: RuleHelpLookup): string {
  const worst = worstByRule(verdict.judged);
  const rules = [...worst.keys()].sort();
  const ruleIndex = new Map(rules.map((rule, index) => [rule, index]));
  const { gaps } = verdict.coverage;
  const run = {
    tool: {
      driver: {
        name: "Leasehold",
        version: info.toolVersion,
        semanticVersion: info.toolVersion,
        rules: rules.map((rule) => descriptor(worst.get(rule)!, ruleHelp)),
        notifications: [...new Set(gaps.map((gap) => gap.kind))].sort().map((kind) => ({ id: `coverage/${kind}` })),
      },
    },
    automationDetails: { id: "leasehold/" },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        commandLine: cap(visible(info.command), 1_000),
        executionSuccessful: gaps.length === 0,
        toolExecutionNotifications: gaps.map((gap) => ({
          descriptor: { id: `coverage/${gap.kind}` },
          level: "error",
          message: { text: plainText(`Not scanned: ${gap.subject}. ${gap.detail}`) },
        })),
      },
    ],
    results: verdict.judged.map((judged) => result(judged, ruleIndex.get(judged.finding.rule)!)),
    properties: {
      mode: verdict.mode,
      result: verdict.result,
      coverage: gaps.length === 0 ? "complete" : "partial",
      hidden: verdict.hidden,
    },
  };
  return `${jsonText({ $schema: schemaUri, version: "2.1.0", runs: [run] }, 2)}\n`;
}

/** The worst finding of each rule: its severity and confidence stand for the rule's. */
function worstByRule(judged: readonly Judged[]): Map<string, Finding> {
  const worst = new Map<string, Finding>();
  for (const { finding } of judged) {
    const known = worst.get(finding.rule);
    if (known === undefined || severityRank(finding.severity) < severityRank(known.severity))
      worst.set(finding.rule, finding);
  }
  return worst;
}

function descriptor(finding: Finding, ruleHelp: RuleHelpLookup) {
  const { rule, severity, confidence } = finding;
  const help = ruleHelp(rule);
  const name = plainText(help?.name ?? rule);
  const why = plainText(help?.why || help?.name || rule);
  const steps = [help?.revoke ?? "", `See: leasehold explain ${rule}`].filter((step) => step !== "");
  const docs = webAddress(help?.docs);
  return {
    id: rule,
    name,
    shortDescription: { text: name },
    fullDescription: { text: why },
    ...(docs === undefined ? {} : { helpUri: docs }),
    help: {
      text: plainText(steps.join(" "), 2_000),
      markdown: [why, ...steps].map((step) => markdownText(step, 2_000)).join("\n\n"),
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ["security", rule.split("/", 1)[0]],
      precision: precision[confidence],
      "problem.severity": levels[severity] === "note" ? "recommendation" : levels[severity],
      "security-severity": securitySeverity[severity],
      ...(help?.keyless === undefined ? {} : { keyless: help.keyless }),
    },
  };
}

function result(judged: Judged, ruleIndex: number) {
  const { finding } = judged;
  const { confidence, facts, state, blocking, because, gates, origin } = findingDocument(judged);
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: plainText(finding.message || finding.rule, 1_000) },
    locations: locations(finding),
    partialFingerprints: { "leaseholdId/v1": finding.id },
    suppressions: suppressions(judged),
    properties: {
      confidence,
      severity: finding.severity,
      state,
      blocking,
      because,
      facts,
      gates,
      preview: finding.preview,
      ...(origin === undefined ? {} : { origin }),
    },
  };
}

/** One location, or none for a finding that stands in no file. Columns count UTF-16 units, the end is exclusive, as in the standard. */
function locations(finding: Finding) {
  const { path, line, column, endLine, endColumn } = finding.place;
  if (path === "") return [];
  const absolute = path.startsWith("/");
  const artifactLocation = absolute
    ? { uri: `file://${uriPath(path)}` }
    : { uri: uriPath(path), uriBaseId: "%SRCROOT%" };
  const startLine = Math.max(1, line);
  const startColumn = Math.max(1, column);
  const lastLine = Math.max(startLine, endLine);
  const region = {
    startLine,
    startColumn,
    endLine: lastLine,
    endColumn: Math.max(1, lastLine === startLine ? Math.max(startColumn, endColumn) : endColumn),
  };
  const snippet =
    finding.excerpt === "" || lastLine !== startLine
      ? {}
      : { contextRegion: { startLine, snippet: { text: finding.excerpt } } };
  return [{ physicalLocation: { artifactLocation, region, ...snippet } }];
}

/** What policy says, in the standard's words: an empty list means "looked at, not suppressed". */
function suppressions({ state, coveredBy }: Judged) {
  const kind = coveredBy?.kind === "inline" ? "inSource" : "external";
  const words = [
    state,
    coveredBy?.reason,
    coveredBy?.why,
    coveredBy?.until === undefined ? undefined : `until ${coveredBy.until}`,
  ];
  const justification = plainText(words.filter((word) => word !== undefined && word !== "").join("; "), 500);
  if (state === "waived" || state === "false-positive" || state === "baseline")
    return [{ kind, status: "accepted", justification }];
  if (state === "waiver-requested") return [{ kind, status: "underReview", justification }];
  return [];
}

/** For a plain text message, in which the standard reads `[text](target)` as a link unless the brackets are escaped (section 3.11.6). */
function plainText(text: string, most?: number): string {
  return cap(visible(text), most ?? 240).replace(/[\\[\]]/g, "\\$&");
}

/** An https address without anything that would have to be escaped, or undefined. */
function webAddress(address: string | undefined): string | undefined {
  return address !== undefined && /^https:\/\/[\w.-]+(?:[/?#][\w.,~:/?#@!$&'()*+;=%-]*)?$/.test(address)
    ? address
    : undefined;
}
