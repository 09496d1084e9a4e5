/** Scans what changes bring in: each new content whole, of its findings those on added lines. Shared by ranges and the index. */
import type { Coverage, Finding, FindingId, Origin } from "../finding.ts";
import type { Change } from "../git/change.ts";
import type { LineRange } from "../git/line-diff.ts";
import { type ObjectSource, objectSource } from "../git/object.ts";
import type { Repository } from "../git/repository.ts";
import { treeBlobs } from "../git/tree-blobs.ts";
import type { InlineAllow } from "../policy/inline-allow.ts";
import { linesAdded, touches } from "./added-lines.ts";
import type { Found } from "./blob-scanner.ts";
import { addPath, scanBlobsAtPaths } from "./blobs-at-paths.ts";
import type { Engine } from "./engine.ts";
import { emptyCoverage, type Progress } from "./outcome.ts";
import type { PathFound } from "./task.ts";

/** Changes that came together: a commit's, or the index's (without an origin). */
export type ChangeSet = { origin: Origin | undefined; changes: readonly Change[] };

/** A finding that a change brings in, and what it was found in. */
export type Brought = { found: Found; path: string; oid: string; origin: Origin | undefined };

/** The key of a content at a path. */
export function contentKey(oid: string, path: string): string {
  return `${oid}\n${path}`;
}

/**
 * Scan changes, each unique content and path once.
 * In: change sets, oldest first. Out: findings on added lines, each id, rule and path from the first set that brings it (all its places there); what
 * all contents with findings hold, by blob and path; coverage without commits; whether anything that decides who may log in where was among them. What a workflow does
 * on lines that stayed may be wrong because of a line that was added (a trigger, a permission): such findings count when the content before had none of
 * the same id.
 */
export async function scanChanges(
  engine: Engine,
  repository: Repository,
  sets: readonly ChangeSet[],
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<{ brought: Brought[]; contents: Map<string, PathFound>; coverage: Coverage; concernsTrust: boolean }> {
  const coverage = emptyCoverage();
  const source = objectSource(repository);
  const work = new Map<string, Set<string>>();
  const paths = new Set<string>();
  for (const { changes } of sets) {
    for (const { oid, path } of changes) {
      addPath(work, oid, path);
      paths.add(path);
    }
  }
  const blobsTotal = work.size;
  const results = await scanBlobsAtPaths(engine, source, work, {
    onProgress: (blobs, bytes, findings) => onProgress?.({ blobs, blobsTotal, bytes, findings }),
  });
  const contents = new Map<string, PathFound>();
  let concernsTrust = false;
  for (const result of results) {
    concernsTrust ||= result.trust.length > 0 || result.logins.some(({ logins }) => logins.logins.length > 0);
    coverage.bytes += result.bytes;
    coverage.gaps.push(...result.gaps);
    coverage.skipped.push(...result.skipped);
    for (const one of result.byPath) if (one.found.length > 0) contents.set(contentKey(one.oid, one.path), one);
  }
  coverage.files = paths.size;
  const candidates = sets.flatMap(({ origin, changes }) =>
    changes.flatMap((change) => {
      const content = contents.get(contentKey(change.oid, change.path));
      return content === undefined ? [] : [{ origin, change, content }];
    }),
  );
  const added = await linesAdded(
    source,
    candidates.map(({ change }) => change),
  );
  const before = await idsBefore(engine, source, candidates, added);
  const first = new Map<string, number>();
  const brought: Brought[] = [];
  candidates.forEach(({ origin, change, content }, index) => {
    for (const found of content.found) {
      if (!touches(found, added[index]) && before[index]?.has(found.finding.id) !== false) continue;
      const key = findingKey(found.finding, change.path);
      if ((first.get(key) ?? index) !== index) continue;
      first.set(key, index);
      brought.push({ found, path: change.path, oid: change.oid, origin });
    }
  });
  return { brought, contents, coverage, concernsTrust };
}

/** A finding that comes from how a file is written as a whole, not from a value that stands in one place of it. */
function isAboutWhole({ finding }: Found): boolean {
  return !finding.rule.startsWith("leak/");
}

/** Ids in the contents before a change. Out: for each change that a finding about the whole file hangs on; undefined where nothing does. */
async function idsBefore(
  engine: Engine,
  source: ObjectSource,
  candidates: readonly { change: Change; content: PathFound }[],
  added: readonly (readonly LineRange[] | undefined)[],
): Promise<(ReadonlySet<string> | undefined)[]> {
  const asks = candidates.map(({ content }, index) =>
    content.found.some((found) => isAboutWhole(found) && !touches(found, added[index])),
  );
  const work = new Map<string, Set<string>>();
  candidates.forEach(({ change }, index) => {
    if (asks[index]) for (const old of change.olds) if (old !== undefined) addPath(work, old, change.path);
  });
  const found = new Map<string, PathFound>();
  for (const { byPath } of await scanBlobsAtPaths(engine, source, work))
    for (const one of byPath) found.set(contentKey(one.oid, one.path), one);
  return candidates.map(({ change, content }, index) => {
    if (!asks[index]) return undefined;
    const olds = change.olds.flatMap((old) =>
      old === undefined ? [] : (found.get(contentKey(old, change.path))?.found ?? []),
    );
    // A value that moved is no news, whatever stood there before.
    const values = content.found.filter((one) => !isAboutWhole(one));
    return new Set([...olds, ...values].map(({ finding }) => finding.id));
  });
}

/** What makes two findings the same thing at the same path. */
export function findingKey({ id, rule }: Finding, path: string): string {
  return `${id}\n${rule}\n${path}`;
}

/** The contents with findings that stand in what is compared now: the tip of a range, or the index. */
export type Present = ReadonlyMap<string, PathFound>;

/**
 * The findings as they are reported: those whose id still stands at the path are placed where they stand now, which is where a reader looks and
 * where an inline allow counts; the others where they came in. Of those only leaks keep their severity.
 */
export function placedFindings(brought: readonly Brought[], present: Present): Finding[] {
  const idsNow = new Set([...present.values()].flatMap(({ found }) => found.map(({ finding }) => finding.id)));
  const done = new Set<string>();
  return brought.flatMap(({ found, path, origin }): Finding[] => {
    const { finding } = found;
    const from = origin === undefined ? {} : { origin: { ...origin, atHead: idsNow.has(finding.id) } };
    const now = (present.get(path)?.found ?? []).filter(
      (one) => one.finding.id === finding.id && one.finding.rule === finding.rule,
    );
    if (now.length === 0) return [{ ...(isAboutWhole(found) ? past(finding) : finding), ...from }];
    const key = findingKey(finding, path);
    if (done.has(key)) return [];
    done.add(key);
    return now.map((one) => ({ ...one.finding, ...from }));
  });
}

/** A value that was committed once stays known; what a workflow or policy was like is over when it stands there no more. */
function past(finding: Finding): Finding {
  return { ...finding, severity: "info", gates: [...finding.gates, "it no longer stands there"] };
}

/**
 * The inline allows of what is compared now. In: `trusted`: the commit whose allows hold; an allow on a line that it does not have is marked `added`.
 * An allow that would cover a finding which no longer stands there is left out: it speaks for another text.
 */
export async function allowsNow(
  repository: Repository,
  trusted: string | undefined,
  present: Present,
  findings: readonly Finding[],
): Promise<InlineAllow[]> {
  const withAllows = [...present.values()].filter(({ allows }) => allows.length > 0);
  if (withAllows.length === 0) return [];
  const paths = withAllows.map(({ path }) => path);
  const before = new Map<string, string>();
  if (trusted !== undefined)
    for (const { path, oid } of (await treeBlobs(repository, trusted, paths)).blobs) before.set(path, oid);
  const ranges = await linesAdded(
    objectSource(repository),
    withAllows.map(({ oid, path }) => ({ oid, olds: [before.get(path)] })),
  );
  const gone = findings.filter(({ place, origin }) => {
    return origin !== undefined && !present.get(place.path)?.found.some(({ finding }) => finding.place === place);
  });
  return withAllows.flatMap(({ allows, oid, path }, index) =>
    allows
      .filter((allow) => !gone.some((finding) => covers(allow, finding)))
      .map((allow) => {
        const lines = before.get(path) === oid ? [] : ranges[index];
        const added =
          lines === undefined || lines.some(({ line, endLine }) => allow.line >= line && allow.line <= endLine);
        return { ...allow, added };
      }),
  );
}

function covers(allow: InlineAllow, { place, rule }: Finding): boolean {
  return (
    allow.path === place.path && allow.rule === rule && allow.line <= place.endLine && allow.lastLine >= place.line
  );
}

/** What the base has: its ids with the hashes behind them. In: a full commit id, undefined for nothing. */
export async function baseFindings(
  engine: Engine,
  repository: Repository,
  base: string | undefined,
): Promise<{ ids: Set<FindingId>; found: Found[] }> {
  if (base === undefined) return { ids: new Set(), found: [] };
  const { blobs } = await treeBlobs(repository, base);
  const work = new Map<string, Set<string>>();
  for (const { oid, path } of blobs) addPath(work, oid, path);
  // What of the base cannot be read counts as not there: its findings then count as new, so nothing is lost.
  const results = await scanBlobsAtPaths(engine, objectSource(repository), work);
  const found = results.flatMap((result) => result.byPath.flatMap((one) => one.found));
  return { ids: new Set(found.map(({ finding }) => finding.id)), found };
}
