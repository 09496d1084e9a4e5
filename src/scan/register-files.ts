/** Finds the register among a repository's files: one file, or a folder with a file for each secret. */
import { lstatSync } from "node:fs";
import { LeaseholdError } from "../error.ts";
import { joinPath } from "../git/path.ts";
import { indexBlobs, treeBlobs } from "../git/tree-blobs.ts";
import {
  mergeRegisters,
  parseRegister,
  parseSecretFile,
  type Register,
  registerFolder,
  registerPath,
  registerPaths,
} from "../register/register.ts";
import type { GithubFolder } from "./github-folder.ts";
import type { SteeringSource } from "./steering-files.ts";

/** A register that was read. */
export type FoundRegister = {
  register: Register;
  /** The file, or the folder with a slash behind it. */
  path: string;
  /** The file's text; undefined for a folder. */
  text: string | undefined;
};

/**
 * Reads the register.
 * Out: undefined where there is none. Throws LeaseholdError("config") for one that is wrong, and for two at once.
 */
export function registerOf(folder: GithubFolder): FoundRegister | undefined {
  const path = registerPath(folder.paths);
  if (path === undefined) return undefined;
  if (!path.endsWith("/")) {
    const text = textOf(folder, path);
    return { register: parseRegister(text, path), path, text };
  }
  const files = folder.paths.filter((one) => isSecretFile(one));
  const merged = mergeRegisters(files.map((one) => parseSecretFile(textOf(folder, one), one)));
  return { register: { ...merged, file: path }, path, text: undefined };
}

function isSecretFile(path: string): boolean {
  return path.startsWith(registerFolder) && /\.ya?ml$/.test(path);
}

function textOf(folder: GithubFolder, path: string): string {
  const bytes = folder.read(path);
  if (bytes === undefined) throw new LeaseholdError("config", "this is not a regular file", { file: path });
  return Buffer.from(bytes).toString("utf8");
}

/** Whether a tree may have one, without reading it. */
export async function hasRegister(tree: SteeringSource): Promise<boolean> {
  const paths = [...registerPaths, registerFolder];
  switch (tree.kind) {
    case "none":
      return false;
    case "folder":
      return paths.some((path) => lstatSync(joinPath(tree.root, path), { throwIfNoEntry: false }) !== undefined);
    case "commit":
      return (await treeBlobs(tree.repository, tree.commit, paths)).blobs.length > 0;
    case "index":
      return (await indexBlobs(tree.repository, paths)).length > 0;
  }
}
