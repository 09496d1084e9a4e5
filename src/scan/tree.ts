/** Scans files: a work tree's (tracked, and untracked but not ignored) or a plain folder's. */
import { lstatSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { readFiles } from "../git/file.ts";
import { type FileList, folderFiles, kindAt } from "../git/folder.ts";
import { fsPath, joinPath } from "../git/path.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { pathInRoot, worktreeFiles } from "../git/worktree.ts";
import type { TrustFile } from "../trust/audit.ts";
import type { Found } from "./blob-scanner.ts";
import { runsAtGitHub } from "./change-trust.ts";
import type { Engine } from "./engine.ts";
import { addToCoverage, ambiguousIdsOf, emptyCoverage, type Progress, type ScanOutcome } from "./outcome.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import type { FilesTask, TaskResult, TrustPart } from "./task.ts";
import { auditTree } from "./trust-scan.ts";

/** A folder with the paths in it that are to be read (`""`: all); as the work tree of a repository, or as a plain folder. */
export type TreeRoot = {
  root: string;
  repository: Repository | undefined;
  /** Whether repositories inside a plain folder are read as such. */
  git: boolean;
  paths: string[];
  /** Whether all of the root is read. */
  whole: boolean;
};

/** From how many bytes on threads are worth their start. */
const threadsFrom = 8_000_000;
/** Shares for each thread, so that the last ones finish together. */
const sharesPerWorker = 6;

/**
 * Where some paths lie: inside repositories, whose ignore rules then count, or in plain folders.
 * In: the folder that relative paths start from; paths (none: that folder); whether to look for repositories.
 * Throws LeaseholdError("nothing-matched") for a path that does not exist, ("usage") for a bare repository.
 */
export async function treeRoots(cwd: string, paths: readonly string[], git: boolean): Promise<TreeRoot[]> {
  const roots = new Map<string, TreeRoot>();
  for (const path of paths.length === 0 ? ["."] : paths) {
    const full = resolve(cwd, path);
    if (kindAt(full) === undefined) throw new LeaseholdError("nothing-matched", `${path} does not exist`);
    const repository = git ? await openRepository(full) : undefined;
    if (repository !== undefined && repository.root === undefined) {
      throw new LeaseholdError(
        "usage",
        `${path} has no work tree: scan its commits with --history, or its files with --no-git`,
      );
    }
    const inside = repository === undefined ? undefined : pathInRoot(repository, full);
    const folder = kindAt(full) === "directory";
    const [root, within] =
      repository?.root !== undefined && inside !== undefined
        ? [repository.root, inside]
        : folder
          ? [full, ""]
          : [dirname(full), basename(full)];
    const entry = roots.get(root) ?? { root, repository, git, paths: [], whole: false };
    entry.paths.push(within);
    entry.whole ||= within === "";
    roots.set(root, entry);
  }
  return [...roots.values()];
}

/**
 * Scan files. In: the engine; where they are. Out: findings with paths from the repository's root (or the folder that was named).
 * Throws LeaseholdError("nothing-matched") when a path that was named matches nothing.
 */
export async function scanTree(
  engine: Engine,
  roots: readonly TreeRoot[],
  about: RepositoryFacts,
  onProgress?: ((progress: Progress) => void) | undefined,
): Promise<ScanOutcome> {
  const coverage = emptyCoverage();
  const parts: FilesTask[] = [];
  const add = (root: string, list: FileList, prefix: string) => {
    parts.push({ kind: "files", root, files: list.files, prefix });
    coverage.gaps.push(...list.gaps.map((gap) => ({ ...gap, subject: prefix + gap.subject })));
    coverage.skipped.push(...list.skipped.map((skip) => ({ ...skip, subject: prefix + skip.subject })));
  };
  for (const { root, repository, git, paths } of roots) {
    const list =
      repository === undefined
        ? folderFiles(root, paths, { enterNested: !git })
        : await worktreeFiles(repository, paths);
    if (list.unmatched[0] !== undefined)
      throw new LeaseholdError("nothing-matched", `${list.unmatched[0]} matches no file here`);
    add(root, list, "");
    if (git) await addNested(root, "", list.nested, add);
  }
  const { tasks, bytesTotal, blobsTotal } = shares(parts, engine.workers);
  const threads = bytesTotal >= threadsFrom;
  const results = await engine.run(threads ? tasks : parts, threads, (blobs, bytes, findings) =>
    onProgress?.({ blobs, blobsTotal, bytes, bytesTotal, findings }),
  );
  for (const result of results) addToCoverage(coverage, result);
  const contents = results.flatMap((result) => result.byPath);
  const trust = await auditRoots(threads ? tasks : parts, results, roots, engine.context.salt, about);
  const found = [...contents.flatMap((content) => content.found), ...trust];
  return {
    findings: found.map((one) => one.finding),
    allows: contents.flatMap((content) => content.allows),
    coverage,
    ambiguousIds: ambiguousIdsOf(found),
  };
}

/** The trust of each folder that was listed by itself: a repository inside another has policies and jobs of its own. */
async function auditRoots(
  tasks: readonly FilesTask[],
  results: readonly TaskResult[],
  roots: readonly TreeRoot[],
  salt: string,
  about: RepositoryFacts,
): Promise<Found[]> {
  const groups = Map.groupBy(results.keys(), (index) => `${tasks[index]!.prefix}\0${tasks[index]!.root}`);
  const found: Found[] = [];
  for (const indices of groups.values()) {
    const { root, prefix } = tasks[indices[0]!]!;
    const parts = indices.flatMap((index) => results[index]!.trust);
    const logins = indices.flatMap((index) => results[index]!.logins.map((one) => one.logins));
    const own = prefix === "" ? roots.find((one) => one.root === root) : undefined;
    found.push(
      ...(await auditTree(
        {
          parts,
          logins: logins.filter(({ path }) => runsAtGitHub(path)),
          read: async (wanted) => readParts(root, prefix, wanted),
          whole: own?.whole === true,
        },
        salt,
        about,
      )),
    );
  }
  return found;
}

function readParts(root: string, prefix: string, parts: readonly TrustPart[]): TrustFile[] {
  const files: TrustFile[] = [];
  const paths = parts.map(({ path }) => path.slice(prefix.length));
  // What cannot be read was told when it was scanned.
  readFiles(root, paths, ({ path, bytes, offset, last }) => {
    if (offset === 0 && last) files.push({ path: prefix + path, bytes: Uint8Array.from(bytes) });
  });
  return files;
}

/** A repository inside the tree has its own ignore rules, so it is listed as one; so are those inside it. */
async function addNested(
  root: string,
  prefix: string,
  nested: readonly string[],
  add: (root: string, list: FileList, prefix: string) => void,
): Promise<void> {
  for (const path of nested) {
    const folder = joinPath(root, path).replace(/\/$/, "");
    const inner = await openRepository(folder);
    const below = `${prefix}${path.replace(/\/$/, "")}/`;
    // What only looks like a repository is read as the folder it is.
    const own = inner?.root !== undefined && inner.prefix === "";
    const list = own ? await worktreeFiles(inner) : folderFiles(folder, [""], { enterNested: true });
    add(folder, list, below);
    if (own) await addNested(folder, below, list.nested, add);
  }
}

/** Cut lists of files into shares of about the same work. */
function shares(
  parts: readonly FilesTask[],
  workers: number,
): { tasks: FilesTask[]; bytesTotal: number; blobsTotal: number } {
  const sizes = parts.map(({ root, files }) => files.map((file) => sizeOf(joinPath(root, file))));
  const bytesTotal = sizes.reduce((sum, list) => sum + list.reduce((a, b) => a + b, 0), 0);
  const blobsTotal = parts.reduce((sum, { files }) => sum + files.length, 0);
  const each = bytesTotal / (workers * sharesPerWorker);
  const tasks = parts.flatMap((part, index): FilesTask[] => {
    const cut: FilesTask[] = [];
    let files: string[] = [];
    let filled = 0;
    part.files.forEach((file, at) => {
      files.push(file);
      filled += sizes[index]![at]!;
      if (filled >= each) {
        cut.push({ ...part, files });
        files = [];
        filled = 0;
      }
    });
    return files.length === 0 ? cut : [...cut, { ...part, files }];
  });
  return { tasks, bytesTotal, blobsTotal };
}

function sizeOf(path: string): number {
  try {
    const stat = lstatSync(fsPath(path), { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : 0;
  } catch {
    // What cannot be looked at is reported by who opens it.
    return 0;
  }
}
