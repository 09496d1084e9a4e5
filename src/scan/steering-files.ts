/** Finds and reads the files that steer a scan: policy, waivers, baseline, code owners. Which of them count is run.ts's question. */
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { readFailure, systemCode } from "../git/file.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import type { Repository } from "../git/repository.ts";
import { indexBlobs, type TreeBlob, treeBlobs } from "../git/tree-blobs.ts";

/** Where they are read from: a folder on disk, a commit, the index, or nowhere (built-in policy). */
export type SteeringSource =
  | { kind: "folder"; root: string }
  | { kind: "commit"; repository: Repository; commit: string }
  | { kind: "index"; repository: Repository }
  | { kind: "none" };

/** One file: its path from the root, its name for messages (with the commit it is from), its text. */
export type SteeringFile = { path: string; name: string; text: string };
export type SteeringFiles = Partial<Record<"policy" | "waivers" | "baseline" | "codeOwners", SteeringFile>>;

/** Paths that each may have. Of the first two kinds only one may be there; of the code owners GitHub takes the first. */
export const steeringPaths = {
  policy: [".github/leasehold.yml", ".github/leasehold.yaml"],
  waivers: [".github/leasehold-waivers.yml", ".github/leasehold-waivers.yaml"],
  baseline: [".github/leasehold-baseline.txt"],
  codeOwners: [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
} as const;

type Kind = keyof typeof steeringPaths;

/** Files that are named in place of those at their usual paths, by path from the root. */
export type NamedFiles = { policy?: string | undefined; baseline?: string | undefined };
const kinds = Object.keys(steeringPaths) as Kind[];
const sizeLimit = 32 * 1024 * 1024;

/**
 * Read the files there are, those at their usual paths or those named in place of them.
 * Throws LeaseholdError("config") when two files serve one purpose, or when one is no regular file, too large or unreadable.
 */
export async function readSteeringFiles(source: SteeringSource, named: NamedFiles = {}): Promise<SteeringFiles> {
  if (source.kind === "none") return {};
  const candidates = candidatePaths(named);
  const all = kinds.flatMap((kind) => [...candidates[kind]]);
  if (source.kind === "folder") {
    const present = all.filter((path) => fileOnDisk(source.root, path));
    return gather(chosen(candidates, present, source.root), (path) => ({
      name: path,
      text: readOnDisk(source.root, path),
    }));
  }
  const { repository } = source;
  const listed =
    source.kind === "index"
      ? { blobs: await indexBlobs(repository, all), gaps: [] }
      : await treeBlobs(repository, source.commit, all);
  const where = source.kind === "index" ? "in the index" : `at ${source.commit.slice(0, 12)}`;
  if (listed.gaps[0] !== undefined)
    throw new LeaseholdError("git", `the policy ${where} could not be looked up: ${listed.gaps[0].detail}`);
  const byPath = new Map(listed.blobs.map((blob) => [blob.path, blob]));
  const paths = chosen(candidates, [...byPath.keys()], where);
  const texts = await blobTexts(
    repository,
    [...paths.values()].map((path) => byPath.get(path)!),
    where,
  );
  return gather(paths, (path) => ({ name: `${path} (${where})`, text: texts.get(byPath.get(path)!.oid)! }));
}

type Candidates = Readonly<Record<Kind, readonly string[]>>;

function candidatePaths({ policy, baseline }: NamedFiles): Candidates {
  return {
    ...steeringPaths,
    ...(policy === undefined ? {} : { policy: [policy] }),
    ...(baseline === undefined ? {} : { baseline: [baseline] }),
  };
}

/** The file of each kind among those that are there. */
function chosen(candidates: Candidates, present: readonly string[], where: string): Map<Kind, string> {
  const result = new Map<Kind, string>();
  for (const kind of kinds) {
    const found = candidates[kind].filter((path) => present.includes(path));
    if (found.length > 1 && kind !== "codeOwners") {
      throw new LeaseholdError(
        "config",
        `${found.join(" and ")} are both there (${where}): keep one of them, since only one can count`,
      );
    }
    if (found[0] !== undefined) result.set(kind, found[0]);
  }
  return result;
}

function gather(
  paths: ReadonlyMap<Kind, string>,
  read: (path: string) => { name: string; text: string },
): SteeringFiles {
  const files: SteeringFiles = {};
  for (const [kind, path] of paths) files[kind] = { path, ...read(path) };
  return files;
}

function fileOnDisk(root: string, path: string): boolean {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (code === "ENOTDIR") return false;
    throw new LeaseholdError("config", readFailure(code), { file: path });
  }
}

/** Read one text file that the user or the repository names. In: folder, path from it. Throws LeaseholdError("config"). */
export function readOnDisk(root: string, path: string, name = path): string {
  try {
    const stat = lstatSync(join(root, path));
    // A link could lead out of the repository, and a FIFO would wait for ever.
    if (!stat.isFile()) throw new LeaseholdError("config", "this is not a regular file", { file: name });
    if (stat.size > sizeLimit) throw new LeaseholdError("config", "the file is larger than 32 MB", { file: name });
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new LeaseholdError("config", code === "ENOENT" ? "there is no such file" : readFailure(code), { file: name });
  }
}

async function blobTexts(
  repository: Repository,
  blobs: readonly TreeBlob[],
  where: string,
): Promise<Map<string, string>> {
  const link = blobs.find((blob) => blob.mode === "120000");
  if (link) throw new LeaseholdError("config", "this is not a regular file", { file: `${link.path} (${where})` });
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  const ids = packObjectIds(new Set(blobs.map((blob) => blob.oid)));
  const { gaps } = await readObjects(objectSource(repository), ids, (object) => {
    if (object.offset === 0 && object.last) texts.set(object.oid, object.bytes.toString("utf8"));
  });
  for (const { oid, path } of blobs) {
    if (!texts.has(oid)) {
      const reason = gaps[0]?.detail ?? "it is larger than 32 MB";
      throw new LeaseholdError("git", `${path} ${where} could not be read: ${reason}`);
    }
  }
  return texts;
}
