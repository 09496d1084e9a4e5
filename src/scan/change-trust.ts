/** What a change does to who may log in: the trust of the tree after it, held against that of the tree before. */
import type { FindingId } from "../finding.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import type { Repository } from "../git/repository.ts";
import { indexBlobs, type TreeBlob, treeBlobs } from "../git/tree-blobs.ts";
import type { TrustFile } from "../trust/audit.ts";
import { kindOfPath as trustKind } from "../trust/trust-file.ts";
import { kindOfPath as actionsKind } from "../workflow/file-kind.ts";
import { linesAdded, touches } from "./added-lines.ts";
import type { Found } from "./blob-scanner.ts";
import { addPath, scanBlobsAtPaths } from "./blobs-at-paths.ts";
import { type Brought, type ChangeSet, contentKey } from "./change-scan.ts";
import type { Engine } from "./engine.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import type { PathFound, TaskResult, TrustPart } from "./task.ts";
import { auditTree } from "./trust-scan.ts";

/** A commit by its full id, the index, or nothing. */
export type TreeName = string | "index" | undefined;

/** The trust that a change brings. */
export type ChangedTrust = {
  brought: Brought[];
  /** Ids that the tree before has. */
  baseIds: Set<FindingId>;
  found: Found[];
};

/**
 * In: the trees before and after; the change sets between them (none: only what is new by its id counts); contents by key, to which findings at the tree
 * after are added. Out: what is new, or stands on lines that were added. A finding on a file that no set changed came with the last set.
 */
export async function changedTrust(
  engine: Engine,
  repository: Repository,
  trees: { before: TreeName; after: TreeName },
  sets: readonly ChangeSet[],
  contents: Map<string, PathFound>,
  about: RepositoryFacts,
): Promise<ChangedTrust> {
  const [before, after] = await Promise.all([
    readableBlobs(repository, trees.before),
    readableBlobs(repository, trees.after),
  ]);
  const work = new Map<string, Set<string>>();
  for (const { oid, path } of [...before, ...after]) addPath(work, oid, path);
  const results = await scanBlobsAtPaths(engine, objectSource(repository), work);
  const { salt } = engine.context;
  const foundBefore = await auditBlobs(repository, before, results, salt, about);
  const foundAfter = await auditBlobs(repository, after, results, salt, about);
  const baseIds = new Set(foundBefore.map(({ finding }) => finding.id));

  const oidAfter = new Map(after.map(({ path, oid }) => [path, oid]));
  const allows = new Map(
    results.flatMap(({ byPath }) => byPath.map((one) => [contentKey(one.oid, one.path), one.allows] as const)),
  );
  const added = await linesOf(repository, before, after, foundAfter, sets);
  const brought: Brought[] = [];
  for (const found of foundAfter) {
    const { path } = found.finding.place;
    const oid = oidAfter.get(path);
    if (oid === undefined) continue;
    const key = contentKey(oid, path);
    const content = contents.get(key) ?? { oid, path, found: [], allows: allows.get(key) ?? [] };
    content.found.push(found);
    contents.set(key, content);
    const ranges = added.get(path);
    if (baseIds.has(found.finding.id) && (ranges === undefined || !touches(found, ranges))) continue;
    const set = sets.findLast(({ changes }) => changes.some((change) => change.path === path)) ?? sets.at(-1);
    brought.push({ found, path, oid, origin: set?.origin });
  }
  return { brought, baseIds, found: [...foundBefore, ...foundAfter] };
}

/** The files of a tree in which trust or logins may stand. */
async function readableBlobs(repository: Repository, tree: TreeName): Promise<TreeBlob[]> {
  if (tree === undefined) return [];
  // What of a tree cannot be read is told by the scan of the change itself.
  const blobs = tree === "index" ? await indexBlobs(repository) : (await treeBlobs(repository, tree)).blobs;
  return blobs.filter(({ path, mode }) => mode !== "120000" && (trustKind(path) !== undefined || runsAtGitHub(path)));
}

/** Whether GitHub runs a workflow at this path. */
export function runsAtGitHub(path: string): boolean {
  return path.startsWith(".github/workflows/") && actionsKind(path) === "workflow";
}

/** The lines that the whole change adds to the files with findings; only files that a set changed. */
async function linesOf(
  repository: Repository,
  before: readonly TreeBlob[],
  after: readonly TreeBlob[],
  found: readonly Found[],
  sets: readonly ChangeSet[],
) {
  const changed = new Set(sets.flatMap(({ changes }) => changes.map(({ path }) => path)));
  const paths = [...new Set(found.map(({ finding }) => finding.place.path))].filter((path) => changed.has(path));
  const old = new Map(before.map(({ path, oid }) => [path, oid]));
  const now = new Map(after.map(({ path, oid }) => [path, oid]));
  const compared = paths.flatMap((path) => {
    const oid = now.get(path);
    return oid === undefined || old.get(path) === undefined || old.get(path) === oid
      ? []
      : [{ path, oid, olds: [old.get(path)] }];
  });
  const ranges = await linesAdded(objectSource(repository), compared);
  return new Map(compared.map(({ path }, index) => [path, ranges[index]] as const));
}

/** Audits some blobs that were scanned at their paths. */
export async function auditBlobs(
  repository: Repository,
  blobs: readonly TreeBlob[],
  results: readonly TaskResult[],
  salt: string,
  about: RepositoryFacts,
): Promise<Found[]> {
  const inTree = new Set(blobs.map(({ oid, path }) => contentKey(oid, path)));
  const parts = results.flatMap(({ trust }) => trust.filter(({ oid, path }) => inTree.has(contentKey(oid, path))));
  const logins = results.flatMap((result) =>
    result.logins.filter(({ oid, logins: { path } }) => runsAtGitHub(path) && inTree.has(contentKey(oid, path))),
  );
  return auditTree(
    { parts, logins: logins.map((one) => one.logins), read: (wanted) => readBlobs(repository, wanted), whole: true },
    salt,
    about,
  );
}

/** The contents of parts, whole ones only. A content that several paths have is read once. */
export async function readBlobs(repository: Repository, parts: readonly TrustPart[]): Promise<TrustFile[]> {
  const bytesOf = new Map<string, Uint8Array>();
  const ids = packObjectIds(new Set(parts.map(({ oid }) => oid)));
  if (ids.length > 0)
    await readObjects(objectSource(repository), ids, (object) => {
      if (object.offset === 0 && object.last) bytesOf.set(object.oid, Uint8Array.from(object.bytes));
    });
  return parts.flatMap(({ oid, path }) => {
    const bytes = bytesOf.get(oid);
    return bytes === undefined ? [] : [{ path, bytes }];
  });
}
