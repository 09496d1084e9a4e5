/** Scans a whole history: every unique blob once, then looks up who brought in what was found. */
import { availableParallelism } from "node:os";
import type { Finding, Gap } from "../finding.ts";
import { parseCommit } from "../git/commit.ts";
import { historyObjects, reachableObjects, splitHistory } from "../git/history.ts";
import { type Introduction, introductions, pathsAt } from "../git/introduction.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import type { Repository } from "../git/repository.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { Found } from "./blob-scanner.ts";
import type { ObjectTask, ObjectTaskResult, PathFound } from "./object-scan.ts";
import { ambiguousIdsOf, emptyCoverage, type Progress, type ScanOutcome } from "./outcome.ts";
import { type Pool, startPool } from "./pool.ts";

/** What to scan and how. */
export type HistoryRequest = {
  repository: Repository;
  detectors: LeakRule[];
  salt: string;
  /** Full id of a commit: only what refs reach and it does not. */
  since?: string | undefined;
  /** Worker threads; as many as there are processors, at most 8, when left out. */
  jobs?: number | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
};

/** Shares a worker: enough that the last ones finish together, few enough that delta bases are shared. */
const sharesPerWorker = 2;

/**
 * Scan a history.
 * Out: one finding for each id and path, at the place where it came in first, with its commit, author and whether the same id still stands at HEAD;
 * findings in messages of commits and tags carry the commit and no path.
 */
export async function scanHistory(request: HistoryRequest): Promise<ScanOutcome> {
  const { repository, since, onProgress } = request;
  const coverage = emptyCoverage();
  const workers = request.jobs ?? Math.min(8, availableParallelism());
  // The threads read their rules while git lists the objects.
  const pool = startPool(workers, request.detectors, request.salt);
  try {
    const history = await historyObjects(repository, since === undefined ? {} : { since });
    coverage.gaps.push(...history.gaps);
    coverage.commits = history.commits;
    const source = objectSource(repository);
    const bytesTotal = history.sizes.reduce((sum, size) => sum + size, 0);
    const shares = splitHistory(history, workers * sharesPerWorker);
    const survey = await pool.run(
      shares.map((ids): ObjectTask => ({ kind: "survey", source, ids })),
      (blobs, bytes, findings) =>
        onProgress?.({ blobs, blobsTotal: history.sizes.length, bytes, bytesTotal, findings }),
    );
    for (const share of survey) {
      coverage.files += share.objects;
      coverage.bytes += share.bytes;
      coverage.gaps.push(...share.gaps);
    }
    coverage.files -= history.commits;
    const candidates = new Set(survey.flatMap((share) => share.candidates));
    const messages = survey.flatMap((share) => share.messages);
    if (candidates.size === 0 && messages.length === 0)
      return { findings: [], allows: [], coverage, ambiguousIds: new Set() };

    const looked = await introductions(repository, candidates, since === undefined ? {} : { since });
    coverage.gaps.push(...looked.gaps);
    const introduced = await withStrays(repository, candidates, looked.introductions, coverage.gaps);
    const byPath = await scanWithPaths(pool, source, introduced);
    for (const part of byPath) coverage.gaps.push(...part.gaps);
    const perBlob = byPath.flatMap((part) => part.byPath);
    const atHead = await idsAtHead(repository, perBlob, coverage.gaps);
    const all: Found[] = perBlob.flatMap((blob) => blob.found);
    const findings = [
      ...firstOfEach(perBlob, introduced, atHead),
      ...(await messageFindings(repository, messages, since === undefined, coverage.gaps)),
    ];
    return { findings, allows: [], coverage, ambiguousIds: ambiguousIdsOf(all) };
  } finally {
    await pool.close();
  }
}

/** Blobs that no commit brings in: kept when a ref reaches them all the same (a tag on a blob or tree), dropped when nothing does. */
async function withStrays(
  repository: Repository,
  candidates: ReadonlySet<string>,
  found: Map<string, Introduction[]>,
  gaps: Gap[],
): Promise<Map<string, Introduction[]>> {
  const strays = new Set([...candidates].filter((oid) => !found.has(oid)));
  if (strays.size === 0) return found;
  const { reachable, gaps: walkGaps } = await reachableObjects(repository, strays);
  gaps.push(...walkGaps);
  const all = new Map(found);
  for (const oid of reachable)
    all.set(oid, [{ commit: oid, path: oid, mode: "100644", author: "", email: "", date: "" }]);
  return all;
}

async function scanWithPaths(
  pool: Pool,
  source: ReturnType<typeof objectSource>,
  introduced: ReadonlyMap<string, Introduction[]>,
): Promise<ObjectTaskResult[]> {
  const work: [string, string[]][] = [...introduced].map(([oid, list]) => [
    oid,
    [...new Set(list.map((one) => one.path))],
  ]);
  const share = Math.max(64, Math.ceil(work.length / (pool.size * sharesPerWorker)));
  const tasks: ObjectTask[] = [];
  for (let at = 0; at < work.length; at += share)
    tasks.push({ kind: "paths", source, paths: work.slice(at, at + share) });
  return pool.run(tasks);
}

async function idsAtHead(repository: Repository, perBlob: readonly PathFound[], gaps: Gap[]): Promise<Set<string>> {
  if (repository.head === undefined) return new Set();
  const wanted = new Set(perBlob.filter((blob) => blob.found.length > 0).map((blob) => blob.oid));
  const { paths, gaps: treeGaps } = await pathsAt(repository, repository.head, wanted);
  gaps.push(...treeGaps);
  const ids = new Set<string>();
  for (const blob of perBlob) if (paths.has(blob.oid)) for (const { finding } of blob.found) ids.add(finding.id);
  return ids;
}

/** For each id and path, the finding of the commit that brought it in first. */
function firstOfEach(
  perBlob: readonly PathFound[],
  introduced: ReadonlyMap<string, Introduction[]>,
  atHead: ReadonlySet<string>,
): Finding[] {
  // Introductions come oldest first for each blob; over blobs the author's date decides.
  const first = new Map<string, { finding: Finding; from: Introduction }>();
  for (const { oid, path, found } of perBlob) {
    const from = introduced.get(oid)?.find((one) => one.path === path);
    if (from === undefined) continue;
    for (const { finding } of found) {
      const key = `${finding.id}\n${finding.rule}\n${path}`;
      const known = first.get(key);
      if (known === undefined || from.date < known.from.date) first.set(key, { finding, from });
    }
  }
  return [...first.values()].map(({ finding, from }) => ({
    ...finding,
    origin: {
      commit: from.commit,
      author: from.email === "" ? from.author : `${from.author} <${from.email}>`,
      date: from.date,
      atHead: atHead.has(finding.id),
    },
  }));
}

async function messageFindings(
  repository: Repository,
  messages: readonly { oid: string; found: Found[] }[],
  whole: boolean,
  gaps: Gap[],
): Promise<Finding[]> {
  if (messages.length === 0) return [];
  const oids = new Set(messages.map((message) => message.oid));
  // A full history was listed from all objects, so that unreachable commits may be among them.
  const { reachable, gaps: walkGaps } = whole
    ? await reachableObjects(repository, oids)
    : { reachable: oids, gaps: [] };
  gaps.push(...walkGaps);
  const origins = new Map<string, { author: string; date: string }>();
  await readObjects(objectSource(repository), packObjectIds(reachable), (object) => {
    if (object.type !== "commit" || object.offset > 0) return;
    const { author, email, date } = parseCommit(object.bytes);
    origins.set(object.oid, { author: email === "" ? author : `${author} <${email}>`, date });
  });
  return messages
    .filter((message) => reachable.has(message.oid))
    .flatMap(({ oid, found }) =>
      found.map(({ finding }) => {
        const { author, date } = origins.get(oid) ?? { author: "", date: "" };
        return {
          ...finding,
          place: { ...finding.place, path: `message of ${oid.slice(0, 12)}` },
          origin: { commit: oid, author, date, inMessage: true },
        };
      }),
    );
}
