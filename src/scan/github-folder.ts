/** The files below `.github` that the register is about, on disk or in a commit. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { readFailure, systemCode } from "../git/file.ts";
import { objectSource, packObjectIds, readObjects } from "../git/object.ts";
import type { Repository } from "../git/repository.ts";
import { indexBlobs, type TreeBlob, treeBlobs } from "../git/tree-blobs.ts";
import type { SteeringSource } from "./steering-files.ts";

export type GithubFolder = {
  /** Paths from the root, in order: what lies in `.github` itself, in its `workflows` and in its `secrets`. */
  paths: readonly string[];
  /** Undefined for what is no regular file. */
  read(path: string): Uint8Array | undefined;
};

const folders = [".github", ".github/secrets", ".github/workflows"];

/** Throws LeaseholdError("config") for what cannot be read. */
export function githubFolderOnDisk(root: string): GithubFolder {
  return {
    paths: folders.flatMap((folder) => namesIn(join(root, folder)).map((name) => `${folder}/${name}`)),
    read(path) {
      try {
        return readFileSync(join(root, path));
      } catch (error) {
        const code = systemCode(error);
        if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
        if (code === undefined) throw error;
        throw new LeaseholdError("config", readFailure(code), { file: path });
      }
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
}

/** The folder of a tree, wherever that lies. Throws LeaseholdError("git") where a file of it is missing or too large, ("config") on disk. */
export async function githubFolderIn(tree: SteeringSource): Promise<GithubFolder> {
  switch (tree.kind) {
    case "none":
      return { paths: [], read: () => undefined };
    case "folder":
      return githubFolderOnDisk(tree.root);
    case "commit":
      return githubFolderAt(tree.repository, tree.commit);
    case "index":
      return folderOf(tree.repository, await indexBlobs(tree.repository, [".github/"]), "in the index");
  }
}

/** In: a full commit id. Throws LeaseholdError("git") where a file of it is missing or too large. */
export async function githubFolderAt(repository: Repository, commit: string): Promise<GithubFolder> {
  const { blobs, gaps } = await treeBlobs(repository, commit, [".github/"]);
  if (gaps[0] !== undefined) throw new LeaseholdError("git", gaps[0].detail);
  return folderOf(repository, blobs, `at ${commit.slice(0, 12)}`);
}

async function folderOf(repository: Repository, blobs: readonly TreeBlob[], where: string): Promise<GithubFolder> {
  const own = blobs.filter(
    ({ path, mode }) => mode.startsWith("100") && folders.includes(path.slice(0, path.lastIndexOf("/"))),
  );
  const texts = new Map<string, Uint8Array>();
  if (own.length > 0) {
    const ids = packObjectIds(new Set(own.map(({ oid }) => oid)));
    await readObjects(objectSource(repository), ids, (object) => {
      if (object.offset === 0 && object.last) texts.set(object.oid, Uint8Array.from(object.bytes));
    });
  }
  const byPath = new Map<string, Uint8Array>();
  for (const { path, oid } of own) {
    const bytes = texts.get(oid);
    if (bytes === undefined) throw new LeaseholdError("git", `${path} ${where} is missing or larger than 32 MB`);
    byPath.set(path, bytes);
  }
  return { paths: [...byPath.keys()].sort(), read: (path) => byPath.get(path) };
}
