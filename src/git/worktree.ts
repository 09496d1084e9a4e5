import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { LeaseholdError } from "../error.ts";
import type { Gap } from "../finding.ts";
import { firstMessage, runGit } from "./command.ts";
import { linkSkipped } from "./file.ts";
import { type FileList, folderFiles, kindAt } from "./folder.ts";
import { decodePath, joinPath } from "./path.ts";
import type { Repository } from "./repository.ts";

/**
 * The files of a work tree: tracked ones and untracked ones that are not ignored (`git ls-files --cached --others
 * --exclude-standard`).
 * In: a repository with a work tree; paths from its root (`[""]`: all), taken literally. A file that is named is read even when it
 * is ignored, and so is what stands in a named folder when all of it is.
 * Out: paths to feed to `readFiles`, each once, also when unmerged; submodules are named in `skipped` and `nested` and not entered;
 * repositories inside the tree are named in `nested`. A deleted or sparse file is listed and then reported as absent by `readFiles`.
 * Throws LeaseholdError `git` when the repository is bare or its index cannot be read.
 */
export async function worktreeFiles(repository: Repository, paths: readonly string[] = [""]): Promise<FileList> {
  const { root } = repository;
  if (root === undefined)
    throw new LeaseholdError("git", `${repository.gitDir} has no work tree. Scan it with --history`);
  const list: FileList = { files: [], nested: [], skipped: [], gaps: [], unmatched: [] };
  const seen = new Set<string>();
  const folders: string[] = [];
  for (const path of paths) {
    const kind = path === "" ? "directory" : kindAt(joinPath(root, path));
    if (kind === "link") list.skipped.push(linkSkipped(path));
    else if (kind === "file") addFile(path);
    else folders.push(path);
  }
  if (folders.length === 0) return list;
  const all = folders.includes("");
  const config = [`core.excludesFile=${await userExcludesFile()}`];
  // Names of untracked files are bytes on the command line too; node passes text, so odd ones are matched here instead.
  const exact = all || folders.some((folder) => !folder.isWellFormed()) ? [] : ["--", ...folders];
  const listing = ["ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard"];
  const { code, stdout, stderr } = await runGit([...listing, ...exact], repository, { config });
  if (code !== 0)
    throw new LeaseholdError(
      "git",
      `the files of ${root} could not be listed: ${firstMessage(stderr)}. --no-git reads it as a plain folder`,
    );
  const matched = new Set<string>();
  for (const record of splitRecords(stdout)) {
    const tab = record.startsWith("? ") ? 1 : record.indexOf("\t");
    const path = record.slice(tab + 1);
    const folder = all
      ? ""
      : folders.find((named) => path === named || path.startsWith(`${named}/`) || path === `${named}/`);
    if (folder === undefined) continue;
    matched.add(folder);
    if (path.endsWith("/")) list.nested.push(path.slice(0, -1));
    else if (record.startsWith(" 160000 ", 1)) {
      list.skipped.push({
        subject: path,
        kind: "submodule",
        detail: "a repository of its own; scan it where it is checked out",
      });
      if (existsSync(joinPath(joinPath(root, path), ".git"))) list.nested.push(path);
    } else addFile(path);
  }
  list.gaps.push(...unreadableDirectories(stderr));
  for (const folder of folders) {
    if (folder === "" || matched.has(folder)) continue;
    const inside = folderFiles(root, [folder]);
    for (const path of inside.files) addFile(path);
    for (const key of ["nested", "unmatched"] as const) list[key].push(...inside[key]);
    list.skipped.push(...inside.skipped);
    list.gaps.push(...inside.gaps);
  }
  return list;

  function addFile(path: string): void {
    if (seen.has(path)) return;
    seen.add(path);
    list.files.push(path);
  }
}

/**
 * Where a path of the user's lies in a work tree.
 * In: a repository; a path as typed, relative to the process. Out: the path from the root with forward slashes (empty: the root
 * itself), or undefined when it lies outside or there is no work tree. Links on the way are resolved, a link at the end is not.
 */
export function pathInRoot(repository: Repository, path: string): string | undefined {
  if (repository.root === undefined) return undefined;
  const full = resolve(path);
  const root = realpathSync(repository.root);
  const parent = dirname(full);
  const real = full === parent || !existsSync(parent) ? full : join(realpathSync(parent), basename(full));
  for (const candidate of [real, existsSync(full) ? realpathSync(full) : full]) {
    const inside = relative(root, candidate).split(sep).join("/");
    if (inside === "" || (inside !== ".." && !inside.startsWith("../") && !inside.startsWith("/"))) return inside;
  }
  return undefined;
}

function splitRecords(output: Buffer): string[] {
  const text = output.toString("utf8");
  if (!text.includes("\ufffd")) return text === "" ? [] : text.slice(0, -1).split("\0");
  const records: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    records.push(decodePath(output.subarray(at, end)));
    at = end + 1;
  }
  return records;
}

/** dir.c warns of each directory that it could not open and goes on. */
function unreadableDirectories(stderr: string): Gap[] {
  return [...stderr.matchAll(/^warning: could not open directory '(.*)': (.*)$/gm)].map(([, path, reason]) => ({
    subject: (path ?? "").replace(/\/$/, ""),
    kind: "unreadable",
    detail: `the folder was not read: ${reason}`,
  }));
}

/**
 * The user's own file of ignore patterns. It counts, as it does for git; the repository's own `core.excludesFile` does not.
 * gitignore(5): `core.excludesFile`, by default `$XDG_CONFIG_HOME/git/ignore`.
 */
async function userExcludesFile(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = env.HOME ?? "";
  const xdg = env.XDG_CONFIG_HOME ? env.XDG_CONFIG_HOME : join(home, ".config");
  const files =
    env.GIT_CONFIG_GLOBAL === undefined
      ? [join(home, ".gitconfig"), join(xdg, "git", "config")]
      : [env.GIT_CONFIG_GLOBAL];
  // Starting git costs more than looking whether there is anything to ask.
  if (files.some((file) => existsSync(file) && /excludesfile|include/i.test(readFileSync(file, "utf8")))) {
    const args = ["config", "--global", "--includes", "--type=path", "--get", "core.excludesFile"];
    const asked = await runGit(args, { cwd: "/" });
    if (asked.code === 0) return asked.stdout.toString("utf8").replace(/\n$/, "");
  }
  return join(xdg, "git", "ignore");
}
