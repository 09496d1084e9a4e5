/** Scans a whole history: every unique blob once, then looks up who brought in what was found. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Gap, Origin, Skipped } from "../finding.ts";
import { historyObjects, reachableObjects, splitHistory } from "../git/history.ts";
import { type Introduction, introductions, pathsAt } from "../git/introduction.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import { decodePath } from "../git/path.ts";
import type { Repository } from "../git/repository.ts";
import { treeBlobs } from "../git/tree-blobs.ts";
import type { Found } from "./blob-scanner.ts";
import { addPath, scanBlobsAtPaths } from "./blobs-at-paths.ts";
import { allowsNow, type Brought, contentKey, findingKey, type Present, placedFindings } from "./change-scan.ts";
import { changedTrust, readBlobs, runsAtGitHub } from "./change-trust.ts";
import type { Engine } from "./engine.ts";
import { mayNameSecret, nameFindings } from "./name-scan.ts";
import { addToCoverage, ambiguousIdsOf, emptyCoverage, type Progress, type ScanOutcome } from "./outcome.ts";
import { authorText, contentsAt, inMessage, originOf } from "./range.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import type { PathFound, SurveyTask, TaskResult, TrustPart } from "./task.ts";
import { trustHint } from "./trust-hint.ts";
import { auditTree } from "./trust-scan.ts";

/** What to scan and how. */
export type HistoryRequest = {
  repository: Repository;
  /** Full id of a commit: only what refs reach and it does not. */
  since?: string | undefined;
  about: RepositoryFacts;
  onProgress?: ((progress: Progress) => void) | undefined;
};

/** Shares a worker: enough that the last ones finish together, few enough that delta bases are shared. */
const sharesPerWorker = 2;
/** From how many bytes of contents on threads are worth their start. */
const threadsFrom = 16_000_000;
/** From how many bytes of packs on that is certain before anything is listed; packs hold contents at a tenth of their size or less. */
const warmFrom = 4_000_000;

/**
 * Scan a history.
 * Out: for each id and path the findings where they stand at HEAD, or else where they came in first; each with the commit that brought it first and
 * whether the id still stands at HEAD. Findings in messages of commits and tags carry the commit and no path.
 */
export async function scanHistory(engine: Engine, request: HistoryRequest): Promise<ScanOutcome> {
  const { repository, since, onProgress } = request;
  const coverage = emptyCoverage();
  const large = packedBytes(repository) >= warmFrom;
  if (large) engine.warm();
  const options = since === undefined ? {} : { since };
  // A full history is listed from what is there; only a walk tells what is missing, and what things are called.
  const named = namedObjects(engine);
  const check = reachableObjects(repository, new Set(), {
    since,
    onName: (oid, name) => named.add(oid, name, () => decodePath(Buffer.from(name, "latin1"))),
  });
  // Awaited below; should the survey fail first, its error is the one to tell.
  check.catch(() => {});
  const history = await historyObjects(repository, options);
  coverage.gaps.push(...history.gaps);
  coverage.commits = history.commits;
  const source = objectSource(repository);
  const bytesTotal = history.sizes.reduce((sum, size) => sum + size, 0);
  const blobsTotal = history.sizes.length;
  const threads = large || bytesTotal >= threadsFrom;
  const shares = splitHistory(history, threads ? engine.workers * sharesPerWorker : 1);
  const survey = await engine.run(
    shares.map((ids): SurveyTask => ({ kind: "survey", source, ids })),
    threads,
    (blobs, bytes, findings) => onProgress?.({ blobs, blobsTotal, bytes, bytesTotal, findings }),
  );
  for (const share of survey) addToCoverage(coverage, share);
  coverage.files = history.blobs;
  addGaps(coverage.gaps, (await check).gaps);
  if (since === undefined && repository.head !== undefined)
    for (const { oid, path } of (await treeBlobs(repository, repository.head)).blobs) named.add(oid, path, () => path);
  const candidates = new Set(survey.flatMap((share) => share.candidates));
  const workflows = survey.flatMap((share) => share.workflows);
  const messages = survey.flatMap((share) => share.messages);
  const mention = new Set(survey.flatMap((share) => share.mentionTrust));
  const policies = await trustAtHead(repository, mention, since);
  const speaking =
    since === undefined ? new Set(policies.filter(({ hint }) => hint === "speaks").map(({ oid }) => oid)) : mention;
  const closed = coverage.skipped.map(({ subject }) => subject);
  const wanted = new Set([...candidates, ...workflows, ...speaking, ...closed, ...named.oids]);
  if (wanted.size === 0 && messages.length === 0)
    return { findings: [], allows: [], coverage, ambiguousIds: new Set() };

  const looked = await introductions(repository, wanted, options);
  coverage.gaps.push(...looked.gaps);
  coverage.skipped = namedByPath(coverage.skipped, looked.introductions);
  const introduced = await withStrays(repository, candidates, looked.introductions);
  const paths = new Map<string, Set<string>>();
  // What holds no value and only looks like a workflow or a policy is one only where its name allows it.
  for (const [oid, list] of introduced)
    for (const { path } of list)
      if (
        candidates.has(oid) ||
        named.oids.has(oid) ||
        (speaking.has(oid) && trustHint(path, true) !== undefined) ||
        /\.ya?ml$/i.test(path)
      )
        addPath(paths, oid, path);
  const results = await scanBlobsAtPaths(engine, source, paths, { warm: threads });
  for (const part of results) coverage.gaps.push(...part.gaps);
  const contents = withTrust(
    results.flatMap((part) => part.byPath),
    await trustFound(engine, request, policies, results),
  ).filter((one) => one.found.length > 0);
  const present = await presentAtHead(repository, contents, coverage.gaps);
  const inFiles = placedFindings(broughtFirst(contents, introduced), present);
  const inMessages = await messageFindings(repository, messages, since === undefined);
  return {
    findings: [...inFiles, ...inMessages],
    allows: await allowsNow(repository, repository.head, present, inFiles),
    coverage,
    ambiguousIds: ambiguousIdsOf([
      ...contents.flatMap((one) => one.found),
      ...messages.flatMap((message) => message.found),
    ]),
  };
}

/** Collects the objects whose path holds a secret. Each path is looked at once. */
function namedObjects(engine: Engine): {
  oids: ReadonlySet<string>;
  add(oid: string, name: string, path: () => string): void;
} {
  const oids = new Set<string>();
  const known = new Map<string, boolean>();
  return {
    oids,
    add(oid, name, path) {
      if (!mayNameSecret(name)) return;
      let secret = known.get(name);
      if (secret === undefined) {
        secret = nameFindings(engine.ruleSet(), path(), "").length > 0;
        known.set(name, secret);
      }
      if (secret) oids.add(oid);
    },
  };
}

/** Bytes of a repository's own packs: a rough measure that costs nothing. */
function packedBytes({ commonDir }: Repository): number {
  const folder = join(commonDir, "objects", "pack");
  if (!existsSync(folder)) return 0;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".pack"))
    .reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** What of HEAD may hold trust. In: blobs that mention it; of a part of the history nothing is known of the rest. */
async function trustAtHead(
  repository: Repository,
  mention: ReadonlySet<string>,
  since: string | undefined,
): Promise<TrustPart[]> {
  if (repository.head === undefined || since !== undefined || mention.size === 0) return [];
  // What of the tree cannot be read is told with the findings at HEAD.
  const { blobs } = await treeBlobs(repository, repository.head);
  return blobs.flatMap(({ oid, path, mode }) => {
    const hint = mode === "120000" ? undefined : trustHint(path, mention.has(oid));
    return hint === undefined ? [] : [{ oid, path, hint }];
  });
}

/** The trust findings of HEAD, with their blobs; of a part of the history what the commit that it starts from does not have. */
async function trustFound(
  engine: Engine,
  { repository, since, about }: HistoryRequest,
  parts: readonly TrustPart[],
  results: readonly TaskResult[],
): Promise<PathFound[]> {
  const { head } = repository;
  const loggedIn = results.flatMap(({ logins }) => logins.filter((one) => runsAtGitHub(one.logins.path)));
  const concerned =
    parts.length > 0 || loggedIn.length > 0 || (since !== undefined && results.some(({ trust }) => trust.length > 0));
  if (head === undefined || !concerned) return [];
  if (since !== undefined) {
    const contents = new Map<string, PathFound>();
    const { brought } = await changedTrust(engine, repository, { before: since, after: head }, [], contents, about);
    const news = new Set(brought.map(({ found }) => found));
    return [...contents.values()].map((one) => ({ ...one, found: one.found.filter((found) => news.has(found)) }));
  }
  const { paths } = await pathsAt(repository, head, new Set(loggedIn.map(({ oid }) => oid)));
  const workflows = loggedIn.filter(({ oid, logins }) => paths.get(oid)?.includes(logins.path));
  const found = await auditTree(
    {
      parts,
      logins: workflows.map(({ logins }) => logins),
      read: (wanted) => readBlobs(repository, wanted),
      whole: true,
    },
    engine.context.salt,
    about,
  );
  const oids = new Map(
    [...parts, ...workflows.map(({ oid, logins }) => ({ oid, path: logins.path }))].map(({ oid, path }) => [path, oid]),
  );
  return found.flatMap((one) => {
    const { path } = one.finding.place;
    const oid = oids.get(path);
    return oid === undefined ? [] : [{ oid, path, found: [one], allows: [] }];
  });
}

/** Contents with the findings of others joined to those of the same blob and path. */
function withTrust(contents: readonly PathFound[], trust: readonly PathFound[]): PathFound[] {
  const joined = new Map(contents.map((one) => [contentKey(one.oid, one.path), one]));
  for (const one of trust) {
    const key = contentKey(one.oid, one.path);
    const known = joined.get(key);
    joined.set(key, known === undefined ? one : { ...known, found: [...known.found, ...one.found] });
  }
  return [...joined.values()];
}

/** What was left out, by the first path it had rather than by its object id, where a commit gave it one. */
function namedByPath(skipped: readonly Skipped[], introduced: ReadonlyMap<string, readonly Introduction[]>): Skipped[] {
  return skipped.map((one) => ({ ...one, subject: introduced.get(one.subject)?.[0]?.path ?? one.subject }));
}

/** Gaps that are not on the list yet: a missing object is met by the walk and by who reads it. */
function addGaps(gaps: Gap[], more: readonly Gap[]): void {
  const known = new Set(gaps.map(({ subject, kind }) => `${kind} ${subject}`));
  gaps.push(...more.filter(({ subject, kind }) => !known.has(`${kind} ${subject}`)));
}

/** Blobs that no commit brings in: kept when a ref reaches them all the same (a tag on a blob or tree), dropped when nothing does. */
async function withStrays(
  repository: Repository,
  candidates: ReadonlySet<string>,
  found: Map<string, Introduction[]>,
): Promise<Map<string, Introduction[]>> {
  const strays = new Set([...candidates].filter((oid) => !found.has(oid)));
  if (strays.size === 0) return found;
  const { reachable } = await reachableObjects(repository, strays);
  const all = new Map(found);
  for (const oid of reachable)
    all.set(oid, [{ commit: oid, path: oid, mode: "100644", author: "", email: "", date: "" }]);
  return all;
}

async function presentAtHead(repository: Repository, contents: readonly PathFound[], gaps: Gap[]): Promise<Present> {
  if (repository.head === undefined || contents.length === 0) return new Map();
  const { present, gaps: treeGaps } = await contentsAt(repository, repository.head, contents);
  gaps.push(...treeGaps);
  return present;
}

/** The findings of each id, rule and path in the content that came first. */
function broughtFirst(
  contents: readonly PathFound[],
  introduced: ReadonlyMap<string, readonly Introduction[]>,
): Brought[] {
  // Introductions come oldest first for each blob; over blobs the author's date decides.
  const dated = contents.flatMap((content) => {
    const from = introduced.get(content.oid)?.find((one) => one.path === content.path);
    return from === undefined ? [] : [{ content, from }];
  });
  dated.sort((a, b) => (a.from.date < b.from.date ? -1 : a.from.date > b.from.date ? 1 : 0));
  const first = new Map<string, string>();
  // A policy that nobody touched may be judged anew because of a workflow: nobody brought that in.
  const brought: Brought[] = contents
    .filter(({ oid, path }) => !introduced.get(oid)?.some((one) => one.path === path))
    .flatMap(({ oid, path, found }) => found.map((one) => ({ found: one, path, oid, origin: undefined })));
  for (const { content, from } of dated) {
    const origin: Origin = { commit: from.commit, author: authorText(from.author, from.email), date: from.date };
    for (const found of content.found) {
      const key = findingKey(found.finding, content.path);
      const owner = contentKey(content.oid, content.path);
      if ((first.get(key) ?? owner) !== owner) continue;
      first.set(key, owner);
      brought.push({ found, path: content.path, oid: content.oid, origin });
    }
  }
  return brought;
}

async function messageFindings(
  repository: Repository,
  messages: readonly { oid: string; found: Found[] }[],
  whole: boolean,
): Promise<Finding[]> {
  if (messages.length === 0) return [];
  const oids = new Set(messages.map((message) => message.oid));
  // A full history was listed from all objects, so that unreachable commits may be among them.
  const reachable = whole ? (await reachableObjects(repository, oids)).reachable : oids;
  const origins = new Map<string, Origin>();
  await readObjects(objectSource(repository), packObjectIds(reachable), (object) => {
    if (object.offset === 0) origins.set(object.oid, originOf(object.oid, object.bytes));
  });
  return messages.flatMap(({ oid, found }) => {
    const origin = origins.get(oid);
    return origin === undefined ? [] : found.map((one) => inMessage(one, origin));
  });
}
