/** Scans files: a work tree's (tracked, and untracked but not ignored) or a plain folder's. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import type { Coverage } from "../finding.ts";
import { readFiles } from "../git/file.ts";
import { type FileList, folderFiles } from "../git/folder.ts";
import { openRepository } from "../git/repository.ts";
import { pathInRoot, worktreeFiles } from "../git/worktree.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { InlineAllow } from "../policy/inline-allow.ts";
import { type Found, scanPiece } from "./blob-scanner.ts";
import { ambiguousIdsOf, emptyCoverage, type Progress, type ScanOutcome } from "./outcome.ts";

/** What to scan and how. Paths are relative to `cwd`. */
export type TreeRequest = {
  cwd: string;
  paths: readonly string[];
  git: boolean;
  salt: string;
  onProgress?: ((progress: Progress) => void) | undefined;
};

/**
 * Scan files.
 * Paths inside one repository are scanned as its work tree, paths elsewhere as plain folders. Out: findings with paths from the repository's root (or
 * the folder that was named). Throws LeaseholdError("nothing-matched") when a path that was named does not exist.
 */
export async function scanTree(set: RuleSet, request: TreeRequest): Promise<ScanOutcome> {
  const found: Found[] = [];
  const allows: InlineAllow[] = [];
  const coverage = emptyCoverage();
  for (const { root, list } of await fileLists(request)) {
    for (const path of list.unmatched) throw new LeaseholdError("nothing-matched", `${path} matches no file here`);
    coverage.gaps.push(...list.gaps);
    coverage.skipped.push(...list.skipped);
    scanFiles(set, root, list, request, found, allows, coverage);
    // A repository inside the tree has its own ignore rules, so it is listed as one.
    for (const nested of list.nested) {
      const inner = await openRepository(resolve(root, nested));
      if (inner?.root === undefined) continue;
      const innerList = await worktreeFiles(inner);
      const prefix = nested.endsWith("/") ? nested : `${nested}/`;
      scanFiles(
        set,
        root,
        { ...innerList, files: innerList.files.map((file) => prefix + file) },
        request,
        found,
        allows,
        coverage,
      );
      coverage.gaps.push(...innerList.gaps.map((gap) => ({ ...gap, subject: prefix + gap.subject })));
      coverage.skipped.push(...innerList.skipped.map((skip) => ({ ...skip, subject: prefix + skip.subject })));
    }
  }
  return { findings: found.map((one) => one.finding), allows, coverage, ambiguousIds: ambiguousIdsOf(found) };
}

async function fileLists({ cwd, paths, git }: TreeRequest): Promise<{ root: string; list: FileList }[]> {
  const named = paths.length === 0 ? ["."] : paths;
  const lists: { root: string; list: FileList }[] = [];
  const byRoot = new Map<
    string,
    { repository: NonNullable<Awaited<ReturnType<typeof openRepository>>>; inside: string[] }
  >();
  for (const path of named) {
    const full = resolve(cwd, path);
    const repository = git ? await openRepository(full) : undefined;
    const inside = repository === undefined ? undefined : pathInRoot(repository, full);
    if (repository?.root !== undefined && inside !== undefined) {
      const entry = byRoot.get(repository.root) ?? { repository, inside: [] };
      entry.inside.push(inside);
      byRoot.set(repository.root, entry);
    } else {
      lists.push({ root: full, list: folderFiles(full) });
    }
  }
  for (const { repository, inside } of byRoot.values())
    lists.push({ root: repository.root!, list: await worktreeFiles(repository, inside) });
  return lists;
}

function scanFiles(
  set: RuleSet,
  root: string,
  list: FileList,
  { salt, onProgress }: TreeRequest,
  found: Found[],
  allows: InlineAllow[],
  coverage: Coverage,
): void {
  let blobs = 0;
  const total = list.files.length;
  const read = readFiles(root, list.files, (piece) => {
    const scan = scanPiece(set, piece.path, piece, salt);
    found.push(...scan.found);
    allows.push(...scan.allows);
    coverage.gaps.push(...scan.gaps);
    if (scan.lfsPointer)
      coverage.skipped.push({
        subject: piece.path,
        kind: "lfs-pointer",
        detail: "a Git LFS pointer; its content was not fetched",
      });
    if (piece.last) onProgress?.({ blobs: ++blobs, blobsTotal: total, bytes: coverage.bytes, findings: found.length });
  });
  coverage.files += read.files;
  coverage.bytes += read.bytes;
  coverage.gaps.push(...read.gaps);
  coverage.skipped.push(...read.skipped);
}
