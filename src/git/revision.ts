import { LeaseholdError } from "../error.ts";
import { firstMessage, requireGit, runGit } from "./command.ts";
import { objectSource, packObjectIds, readObjects } from "./object.ts";
import { decodePath } from "./path.ts";
import { wholeLimit } from "./piece.ts";
import { oidLength, type Repository } from "./repository.ts";

/**
 * The commit that a user's text names.
 * In: any revision of gitrevisions(7). Out: the full id, or undefined when it names no commit here.
 */
export async function resolveCommit(repository: Repository, revision: string): Promise<string | undefined> {
  if (revision === "" || revision.includes("\0")) return undefined;
  const asked = await runGit(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
    repository,
  );
  return asked.code === 0 ? asked.stdout.toString("latin1").trim() : undefined;
}

/**
 * As `resolveCommit`, for several at once, in one process.
 * In: revisions without a line break. Out: for each, in order, the full id of its commit, or undefined.
 */
export async function resolveCommits(
  repository: Repository,
  revisions: readonly string[],
): Promise<(string | undefined)[]> {
  const asked = revisions.map((revision) => `${revision}^{commit}\n`).join("");
  const answered = await requireGit(["cat-file", "--batch-check"], repository, { input: asked });
  // `OID commit SIZE`, or what was asked with ` missing` or ` ambiguous`.
  const lines = answered.toString("utf8").split("\n");
  return revisions.map((_, at) => /^([0-9a-f]{40}|[0-9a-f]{64}) commit \d+$/.exec(lines[at] ?? "")?.[1]);
}

/**
 * As `resolveCommit`, for text that must name a commit.
 * Throws LeaseholdError `nothing-matched`, with the remedy when the history is cut off.
 */
export async function requireCommit(repository: Repository, revision: string): Promise<string> {
  const oid = await resolveCommit(repository, revision);
  if (oid !== undefined) return oid;
  const remedy = repository.shallow
    ? ". This is a shallow clone: run git fetch --unshallow, or in a workflow check out with fetch-depth: 0"
    : ". Is it spelt right, and fetched?";
  throw new LeaseholdError("nothing-matched", `${revision} names no commit in this repository${remedy}`);
}

/** In: two full commit ids. Out: their best common ancestor, or undefined when there is none (here). Throws LeaseholdError `git`. */
export async function mergeBase(repository: Repository, a: string, b: string): Promise<string | undefined> {
  const asked = await runGit(["merge-base", a, b], repository);
  if (asked.code > 1) throw failure(asked.stderr);
  return asked.code === 0 ? asked.stdout.toString("latin1").trim() : undefined;
}

/** In: two full commit ids. Out: whether the first is the second or one of its ancestors. Throws LeaseholdError `git`. */
export async function isAncestor(repository: Repository, ancestor: string, commit: string): Promise<boolean> {
  const asked = await runGit(["merge-base", "--is-ancestor", ancestor, commit], repository);
  if (asked.code > 1) throw failure(asked.stderr);
  return asked.code === 0;
}

function failure(stderr: string): LeaseholdError {
  return new LeaseholdError("git", `the commits could not be compared: ${firstMessage(stderr)}`);
}

/**
 * The content of one file in a commit, for files that steer a scan.
 * In: a revision; a path from the root, with forward slashes. Out: its bytes, or undefined when the commit has no regular file at
 * exactly that path; neither a symbolic link nor a submodule is followed.
 * Throws LeaseholdError `nothing-matched` for a revision that names no commit; `git` when the file is missing, corrupt or above 32 MB.
 */
export async function readFileAt(
  repository: Repository,
  revision: string,
  path: string,
): Promise<Uint8Array | undefined> {
  const commit = await requireCommit(repository, revision);
  if (path === "" || path.includes("\0") || !path.isWellFormed()) return undefined;
  const listed = await requireGit(["ls-tree", "-z", "--full-tree", commit, "--", path], repository);
  // `100644 blob OID<TAB>path`
  const entry = decodePath(listed)
    .split("\0")
    .find((record) => record.slice(record.indexOf("\t") + 1) === path);
  if (entry === undefined || !entry.startsWith("100")) return undefined;
  const oid = entry.slice("100644 blob ".length, "100644 blob ".length + oidLength(repository.objectFormat));
  let content: Uint8Array | undefined;
  const { gaps } = await readObjects(objectSource(repository), packObjectIds([oid]), (object) => {
    if (object.size <= wholeLimit) content = Uint8Array.from(object.bytes);
  });
  if (content === undefined) {
    throw new LeaseholdError(
      "git",
      `${path} at ${commit} could not be read: ${gaps[0]?.detail ?? "it is larger than 32 MB"}`,
    );
  }
  return content;
}
