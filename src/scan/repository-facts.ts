/** What is known of the repository that is scanned, beside its files. */
import { lstatSync, readFileSync } from "node:fs";
import { systemCode } from "../git/file.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import { originOf } from "../git/origin.ts";
import { fsPath, joinPath } from "../git/path.ts";
import { defaultBranch, type Repository } from "../git/repository.ts";
import { indexBlobs, treeBlobs } from "../git/tree-blobs.ts";
import { type Lockfile, readLockfile } from "../workflow/lockfile.ts";
import type { Source } from "./source.ts";
import type { SteeringSource } from "./steering-files.ts";

export type RepositoryFacts = {
  /** As the remote `origin` names it; undefined where that is not known. */
  name: { owner: string; repo: string } | undefined;
  lockfile: Lockfile | undefined;
  /** Short name of the default branch, looked up on first use. */
  defaultBranch: () => Promise<string | undefined>;
};

const lockfilePath = ".github/workflows/actions.lock";
const lockfileLimit = 4 * 1024 * 1024;

/** In: what is scanned. Of several folders nothing is known that holds for all. */
export async function repositoryFacts(source: Source): Promise<RepositoryFacts> {
  const repository = repositoryOf(source);
  const [origin, lockfile] = await Promise.all([
    repository === undefined ? undefined : originOf(repository),
    readBytes(treeOf(source), lockfilePath),
  ]);
  let branch: Promise<string | undefined> | undefined;
  return {
    name: origin === undefined ? undefined : { owner: origin.owner, repo: origin.repo },
    lockfile: lockfile === undefined ? undefined : readLockfile(lockfilePath, lockfile),
    defaultBranch: () => {
      branch ??= repository === undefined ? Promise.resolve(undefined) : shortBranch(repository);
      return branch;
    },
  };
}

/** The tree whose workflows run: for a change the one that it makes. */
function treeOf(source: Source): SteeringSource {
  switch (source.kind) {
    case "tree":
      return source.roots.length === 1 ? { kind: "folder", root: source.roots[0]!.root } : { kind: "none" };
    case "range":
      return { kind: "commit", repository: source.repository, commit: source.range.tip };
    case "staged":
      return { kind: "index", repository: source.repository };
    case "history": {
      const { head } = source.repository;
      return head === undefined ? { kind: "none" } : { kind: "commit", repository: source.repository, commit: head };
    }
    case "stream":
      return { kind: "folder", root: source.root };
  }
}

function repositoryOf(source: Source): Repository | undefined {
  if (source.kind === "stream") return undefined;
  if (source.kind !== "tree") return source.repository;
  return source.roots.length === 1 ? source.roots[0]!.repository : undefined;
}

async function shortBranch(repository: Repository): Promise<string | undefined> {
  return (await defaultBranch(repository))?.replace(/^refs\/(?:heads|remotes\/origin)\//, "");
}

/** A small file of the tree, or undefined where it is not there, no regular file or too large: then nothing counts as locked. */
async function readBytes(source: SteeringSource, path: string): Promise<Uint8Array | undefined> {
  if (source.kind === "none") return undefined;
  if (source.kind === "folder") return bytesOnDisk(joinPath(source.root, path));
  const { repository } = source;
  const blobs =
    source.kind === "index"
      ? await indexBlobs(repository, [path])
      : (await treeBlobs(repository, source.commit, [path])).blobs;
  const blob = blobs.find(({ mode }) => mode !== "120000");
  if (blob === undefined) return undefined;
  let bytes: Uint8Array | undefined;
  await readObjects(objectSource(repository), packObjectIds([blob.oid]), (object) => {
    if (object.offset === 0 && object.last && object.bytes.length <= lockfileLimit)
      bytes = Uint8Array.from(object.bytes);
  });
  return bytes;
}

function bytesOnDisk(file: string): Uint8Array | undefined {
  try {
    const stat = lstatSync(fsPath(file), { throwIfNoEntry: false });
    return stat?.isFile() && stat.size <= lockfileLimit ? readFileSync(fsPath(file)) : undefined;
  } catch (error) {
    // The scan itself says what of the tree cannot be read.
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
