import { type Dirent, lstatSync, readdirSync } from "node:fs";
import type { Gap, Skipped } from "../finding.ts";
import { linkSkipped, readFailure, systemCode } from "./file.ts";
import { gapList } from "./gaps.ts";
import { decodePath, fsPath, joinPath } from "./path.ts";

/** Files to read below a root. All paths are from the root, with forward slashes. Feed `files` to `readFiles`. */
export type FileList = {
  files: string[];
  /** Repositories of their own inside the tree, not entered: folders with a `.git`, or submodules that are checked out. */
  nested: string[];
  skipped: Skipped[];
  gaps: Gap[];
  /** Paths that were asked for and match nothing. */
  unmatched: string[];
};

/**
 * The files of a plain folder, git or not.
 * In: the root's absolute path; paths from it (`[""]`: all); whether to enter folders that are repositories of their own.
 * Out: regular and special files in directory order. Symbolic links are named and never followed, so there are no loops; `.git` is
 * left out everywhere; a directory that may not be read is a gap.
 */
export function folderFiles(
  root: string,
  paths: readonly string[] = [""],
  options: { enterNested?: boolean } = {},
): FileList {
  const list: FileList = { files: [], nested: [], skipped: [], gaps: [], unmatched: [] };
  const gaps = gapList();
  const seen = new Set<string>();
  for (const path of paths) {
    const kind = path === "" ? "directory" : kindAt(joinPath(root, path));
    if (kind === undefined) list.unmatched.push(path);
    else if (kind === "link") list.skipped.push(linkSkipped(path));
    else if (kind === "file") addFile(path);
    else walk(path);
  }
  list.gaps = gaps.list();
  return list;

  function addFile(path: string): void {
    // Only overlapping paths could give a file twice.
    if (paths.length > 1) {
      if (seen.has(path)) return;
      seen.add(path);
    }
    list.files.push(path);
  }

  function walk(start: string): void {
    const pending = [start];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      const below: string[] = [];
      try {
        const entries = entriesOf(joinPath(root, directory));
        if (directory !== start && entries.some(([name]) => name === ".git")) {
          list.nested.push(directory);
          if (options.enterNested !== true) continue;
        }
        for (const [name, entry] of entries) {
          if (name === ".git") continue;
          const path = joinPath(directory, name);
          if (entry.isDirectory()) below.push(path);
          else if (entry.isSymbolicLink()) list.skipped.push(linkSkipped(path));
          else addFile(path);
        }
      } catch (error) {
        const code = systemCode(error);
        if (code === undefined) throw error;
        if (code !== "ENOENT") gaps.add({ subject: directory, kind: "unreadable", detail: readFailure(code) });
      }
      for (const path of below.reverse()) pending.push(path);
    }
  }
}

/** Names are read as text, which is faster, and again as bytes only where one was not UTF-8. */
function entriesOf(directory: string): [string, Pick<Dirent, "isDirectory" | "isSymbolicLink">][] {
  const entries = readdirSync(fsPath(directory), { withFileTypes: true });
  if (!entries.some((entry) => entry.name.includes("\ufffd"))) return entries.map((entry) => [entry.name, entry]);
  return readdirSync(fsPath(directory), { withFileTypes: true, encoding: "buffer" }).map((entry) => [
    decodePath(entry.name),
    entry,
  ]);
}

/** What stands at a path, without following a link. */
export function kindAt(path: string): "file" | "directory" | "link" | undefined {
  try {
    const stat = lstatSync(fsPath(path), { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    return stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "directory" : "file";
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return code === "ENOTDIR" || code === "ENOENT" ? undefined : "file";
  }
}
