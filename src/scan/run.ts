/** From a request to a verdict: what the CLI runs, and later the Action and the App. */
import { resolve } from "node:path";
import { didYouMean } from "../error.ts";
import { type Confidence, confidenceRank, type Finding, type Severity, severityRank } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { parseBaseline } from "../policy/baseline.ts";
import { type JudgeContext, judge } from "../policy/judge.ts";
import type { Policy } from "../policy/policy.ts";
import type { OrganisationPolicy } from "../policy/policy-file.ts";
import { registerLimits } from "../policy/register-limits.ts";
import { applyRuleSetting } from "../policy/rule-setting.ts";
import { registerRules } from "../register/rule/list.ts";
import type { RuleHelpLookup } from "../report/run-info.ts";
import type { Verdict } from "../verdict.ts";
import { changedSteering } from "./changed-steering.ts";
import { createEngine, type Engine } from "./engine.ts";
import { scanHistory } from "./history.ts";
import { maskVerdict, textMask } from "./mask-text.ts";
import type { Progress, ScanOutcome } from "./outcome.ts";
import { scanRange } from "./range.ts";
import { scanRegister } from "./register-scan.ts";
import { type RepositoryFacts, repositoryFacts } from "./repository-facts.ts";
import { ruleHelpFor } from "./rule-help.ts";
import { shippedRules } from "./shipped-rules.ts";
import { lookUpSource, type NamedSource, type Source, steeringSources } from "./source.ts";
import { scanStaged } from "./staged.ts";
import { scanStream } from "./stdin.ts";
import { readSteering, ruleFilter, ruleIds } from "./steering.ts";
import { type NamedFiles, readOnDisk, readSteeringFiles, type SteeringFiles } from "./steering-files.ts";
import { scanTree } from "./tree.ts";

/** What to scan and by what to judge. */
export type ScanRequest = {
  /** Where relative paths start. */
  cwd: string;
  source: NamedSource;
  /** False: plain folders, no repositories. */
  git: boolean;
  /** False: the built-in policy, and no waivers, baseline or inline allows. */
  config: boolean;
  /** Which files steer, where the trust rule alone would take others: the commit they are read from, and their paths in it. */
  steering?: (NamedFiles & { commit?: string | undefined }) | undefined;
  /** A baseline on disk in place of the repository's. */
  baseline?: string | undefined;
  failOn?: { severity?: Severity | undefined; confidence?: Confidence | undefined } | undefined;
  minConfidence?: Confidence | undefined;
  /** Rule ids, `*` for any text. */
  only?: readonly string[];
  skip?: readonly string[];
  jobs?: number | undefined;
  /** The day of the verdict, in UTC. */
  today: PlainDate;
  /** What the organisation asks for, where the caller knows it: a floor and defaults for the repository's own policy. */
  organisation?: OrganisationPolicy | undefined;
  /** A policy that is not in any file yet, in place of the repository's. */
  draft?: Policy;
  onProgress?: ((progress: Progress) => void) | undefined;
};

/** A verdict, and what its reader may want beside it. No text in it carries a secret that a rule knows. */
export type ScanRun = {
  verdict: Verdict;
  /** The range that was scanned, as named. */
  range: string | undefined;
  ruleCount: number;
  ruleHelp: RuleHelpLookup;
  policy: Policy;
  /** The files that steered the scan. */
  files: SteeringFiles;
  /** The folder that paths of findings start from; undefined when several were scanned or a bare repository. */
  root: string | undefined;
  /** What was found, whatever its confidence and state; paths in it are not masked. */
  findings: readonly Finding[];
  ids: ReadonlySet<string>;
  /** Takes recognised secrets out of a text that is shown beside the verdict. */
  mask: (text: string) => string;
};

/**
 * Scan and judge.
 * Throws LeaseholdError: `usage` and `config` for what the user wrote, `nothing-matched` for names that match nothing, `git`. What could not be scanned
 * is in the verdict's coverage.
 */
export async function runScan(request: ScanRequest): Promise<ScanRun> {
  const source = await lookUpSource(request.source, request.cwd, request.git);
  const { commit: trusted, ...named } = request.steering ?? {};
  const sources = request.config ? await steeringSources(source, trusted) : undefined;
  const files = sources === undefined ? {} : await readSteeringFiles(sources.trusted, named);
  const read = readSteering(files, request.organisation);
  const steering = request.draft === undefined ? read : { ...read, policy: request.draft };
  const known = [...ruleIds(), ...steering.policy.detectors.map(({ id }) => `leak/${id}`)];
  const wanted = ruleFilter(request.only ?? [], request.skip ?? [], known, (word) => didYouMean(word, known));
  const unwanted = known.filter((rule) => !wanted(rule));
  const policy = unwanted.length === 0 ? steering.policy : withoutRules(steering.policy, unwanted);
  const change =
    sources === undefined
      ? { requested: [], notes: [] }
      : await changedSteering(sources, { ...steering, files }, named, request.organisation);

  const about = await repositoryFacts(source);
  const context = { salt: policy.salt, owner: about.name?.owner, lockfile: about.lockfile };
  const engine = createEngine(steering.ruleSet, policy.detectors, context, request.jobs);
  try {
    const outcome = await scanSource(engine, source, request, about, couldBlock(policy, request));
    const { baseIds, ambiguousIds, coverage } = outcome;
    const register = await registerOf(source, policy, request, about);
    const findings = [...outcome.findings, ...register.findings];
    const verdict = judge(findings, {
      policy,
      waivers: steering.waivers,
      requestedWaivers: change.requested,
      baseline: request.baseline === undefined ? steering.baseline : readBaseline(request.cwd, request.baseline),
      inlineAllows: request.config ? outcome.allows : [],
      today: request.today,
      minConfidence: request.minConfidence,
      failOn: request.failOn,
      isNew: baseIds === undefined ? undefined : (id) => !baseIds.has(id) && !register.baseIds.has(id),
      ambiguousIds,
      scope: unwanted.length === 0 ? scopeOf(source) : "changes",
      coverage,
      notes: [...change.notes, ...unreadNotes(register.unread)],
    });
    // The rules are compiled in this thread only where something is shown.
    let maskAny: ((text: string) => string) | undefined;
    const mask = (text: string) => {
      if (!/\S{8}/.test(text)) return text;
      maskAny ??= textMask(engine.ruleSet());
      return maskAny(text);
    };
    return {
      verdict: maskVerdict(verdict, mask),
      range: source.kind === "range" ? mask(source.text) : undefined,
      ruleCount: known.length - unwanted.length,
      ruleHelp: ruleHelpFor([...shippedRules(), ...policy.detectors]),
      policy: steering.policy,
      files,
      root: rootOf(source),
      findings,
      ids: new Set(findings.map(({ id }) => id)),
      mask,
    };
  } finally {
    await engine.close();
  }
}

/** The register of what is scanned; not looked at when every rule about it is off. */
async function registerOf(source: Source, policy: Policy, request: ScanRequest, about: RepositoryFacts) {
  if (registerRules.every(({ id }) => policy.rules[id] === "off"))
    return { findings: [], baseIds: new Set<string>(), unread: [] };
  return scanRegister(source, { limits: registerLimits(policy), today: request.today, owner: about.name?.owner });
}

function unreadNotes(paths: readonly string[]): string[] {
  return paths.map((path) => `${path} could not be understood, so which secrets it uses is not known.`);
}

/** Everything that looks at a source. */
async function scanSource(
  engine: Engine,
  source: Source,
  { onProgress }: ScanRequest,
  about: RepositoryFacts,
  blocks: (finding: Finding) => boolean,
): Promise<ScanOutcome> {
  switch (source.kind) {
    case "tree":
      return scanTree(engine, source.roots, about, onProgress);
    case "range":
      return scanRange(engine, source.range, { repository: source.repository, couldBlock: blocks, about, onProgress });
    case "staged":
      return scanStaged(engine, { repository: source.repository, couldBlock: blocks, about, onProgress });
    case "history":
      return scanHistory(engine, { repository: source.repository, since: source.since, about, onProgress });
    case "stream":
      return scanStream(engine, source.input, about, onProgress);
  }
}

/** A policy under which some rules are off, whatever else it says of them. */
function withoutRules(policy: Policy, rules: readonly string[]): Policy {
  const off = Object.fromEntries(rules.map((rule) => [rule, "off" as const]));
  return { ...policy, rules: { ...policy.rules, ...off }, ruleFloor: {} };
}

function couldBlock(policy: Policy, { failOn }: ScanRequest): (finding: Finding) => boolean {
  const severity = failOn?.severity ?? policy.failOn.severity;
  const confidence = failOn?.confidence ?? policy.failOn.confidence;
  return (finding) => {
    const effect = applyRuleSetting(policy, finding.rule, finding.severity, finding.confidence);
    return (
      !effect.off &&
      severityRank(effect.severity) <= severityRank(severity) &&
      confidenceRank(effect.confidence) <= confidenceRank(confidence)
    );
  };
}

function readBaseline(cwd: string, file: string) {
  return parseBaseline(readOnDisk("/", resolve(cwd, file), file), file);
}

function scopeOf(source: Source): NonNullable<JudgeContext["scope"]> {
  if (source.kind === "history") return source.since === undefined ? "repository" : "changes";
  return source.kind === "tree" || source.kind === "stream" ? "files" : "changes";
}

function rootOf(source: Source): string | undefined {
  if (source.kind === "tree") return source.roots.length === 1 ? source.roots[0]!.root : undefined;
  return source.kind === "stream" ? source.root : source.repository.root;
}
