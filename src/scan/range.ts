/** Scans a range of commits: what each adds, judged with the whole file at hand, and their messages. */
import type { Finding, FindingId, Origin } from "../finding.ts";
import { parseCommit } from "../git/commit.ts";
import { pathsAt } from "../git/introduction.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import { type Range, rangeCommits } from "../git/range.ts";
import type { Repository } from "../git/repository.ts";
import type { Found } from "./blob-scanner.ts";
import { allowsNow, baseFindings, type Present, placedFindings, scanChanges } from "./change-scan.ts";
import { changedTrust } from "./change-trust.ts";
import type { Engine } from "./engine.ts";
import { scanMessage } from "./object-scan.ts";
import { ambiguousIdsOf, type Progress, type ScanOutcome } from "./outcome.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import type { PathFound } from "./task.ts";

/** What to scan and how. */
export type ChangesRequest = {
  repository: Repository;
  /** Whether a finding could block if it is new; only then the base is scanned for its id. */
  couldBlock: (finding: Finding) => boolean;
  about: RepositoryFacts;
  onProgress?: ((progress: Progress) => void) | undefined;
};

/**
 * Scan a range.
 * Out: findings with the commit that brought them; `baseIds` of the base's whole tree, so that what was moved or copied is not new, when a finding
 * could block. Throws LeaseholdError("git") when the commits cannot be listed.
 */
export async function scanRange(engine: Engine, range: Range, request: ChangesRequest): Promise<ScanOutcome> {
  const { repository, about } = request;
  const { commits, gaps, skipped } = await rangeCommits(repository, range);
  const { origins, messages, gaps: messageGaps } = await readMessages(engine, repository, commits);
  const sets = commits.map(({ oid, changes }) => ({ origin: origins.get(oid) ?? unknownOrigin(oid), changes }));
  const { brought, contents, coverage, concernsTrust } = await scanChanges(
    engine,
    repository,
    sets,
    request.onProgress,
  );
  const trees = { before: range.base, after: range.tip };
  const trust = concernsTrust ? await changedTrust(engine, repository, trees, sets, contents, about) : undefined;
  brought.push(...(trust?.brought ?? []));
  coverage.commits = commits.length;
  coverage.gaps.unshift(...gaps, ...messageGaps);
  coverage.skipped.unshift(...skipped);
  const all = [...brought.map(({ found }) => found), ...messages.flatMap(({ found }) => found)];
  if (all.length === 0) return { findings: [], allows: [], coverage, ambiguousIds: new Set(), baseIds: new Set() };

  const present = await contentsAt(repository, range.tip, contents.values());
  coverage.gaps.push(...present.gaps);
  const inFiles = placedFindings(brought, present.present);
  const findings = [...inFiles, ...messages.flatMap(({ found, origin }) => found.map((one) => inMessage(one, origin)))];
  const base = findings.some(request.couldBlock)
    ? await baseFindings(engine, repository, range.base)
    : { ids: new Set<FindingId>(), found: [] };
  return {
    findings,
    allows: await allowsNow(repository, range.from, present.present, inFiles),
    coverage,
    ambiguousIds: ambiguousIdsOf([...all, ...base.found, ...(trust?.found ?? [])]),
    baseIds: new Set([...base.ids, ...(trust?.baseIds ?? [])]),
  };
}

type Message = { found: Found[]; origin: Origin };

async function readMessages(
  engine: Engine,
  repository: Repository,
  commits: readonly { oid: string }[],
): Promise<{ origins: Map<string, Origin>; messages: Message[]; gaps: ScanOutcome["coverage"]["gaps"] }> {
  const origins = new Map<string, Origin>();
  const messages: Message[] = [];
  const ids = packObjectIds(commits.map(({ oid }) => oid));
  const { gaps } = await readObjects(objectSource(repository), ids, (object) => {
    if (object.offset === 0) origins.set(object.oid, originOf(object.oid, object.bytes));
    const found = scanMessage(engine.ruleSet(), engine.context, object);
    if (found.length > 0) messages.push({ found, origin: origins.get(object.oid) ?? unknownOrigin(object.oid) });
  });
  return { origins, messages, gaps };
}

/** Who made a commit or tag. In: its id and content. */
export function originOf(commit: string, bytes: Buffer): Origin {
  const { author, email, date } = parseCommit(bytes);
  return { commit, author: authorText(author, email), date };
}

/** `Ada <ada@example.com>`. */
export function authorText(author: string, email: string): string {
  return email === "" ? author : `${author} <${email}>`;
}

function unknownOrigin(commit: string): Origin {
  return { commit, author: "", date: "" };
}

/** A finding of a message, which stays in the history for good. */
export function inMessage({ finding }: Found, origin: Origin): Finding {
  return { ...finding, origin: { ...origin, inMessage: true } };
}

/** Which contents with findings stand at a commit. */
export async function contentsAt(
  repository: Repository,
  commit: string,
  contents: Iterable<PathFound>,
): Promise<{ present: Present; gaps: ScanOutcome["coverage"]["gaps"] }> {
  const list = [...contents];
  const { paths, gaps } = await pathsAt(repository, commit, new Set(list.map(({ oid }) => oid)));
  const present = list.filter(({ oid, path }) => paths.get(oid)?.includes(path));
  return { present: new Map(present.map((one) => [one.path, one])), gaps };
}
