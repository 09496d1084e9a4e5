import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { LeaseholdError } from "../error.ts";
import { firstMessage, type GitTarget, runGit } from "./command.ts";

/** A git repository, as plain data: it can be handed to a worker thread. */
export type Repository = GitTarget & {
  /** Absolute path of the directory that worktrees share: objects, refs, configuration. */
  commonDir: string;
  /** Absolute path of the work tree's top; undefined for a bare repository. */
  root: string | undefined;
  /** The opened directory from the root, with forward slashes and a trailing one (`src/app/`); empty at the root. */
  prefix: string;
  bare: boolean;
  objectFormat: "sha1" | "sha256";
  /** True when history is cut off (`git clone --depth`). */
  shallow: boolean;
  /** True when objects may be missing on purpose (`git clone --filter`). */
  promisor: boolean;
  /** Full id of the commit at HEAD; undefined when HEAD is unborn. */
  head: string | undefined;
  /** The branch HEAD points to (`refs/heads/main`), born or not; undefined when detached. */
  headRef: string | undefined;
};

/** Length of an object id in hexadecimal digits (gitrepository-layout, `extensions.objectFormat`). */
export function oidLength(objectFormat: Repository["objectFormat"]): number {
  return objectFormat === "sha1" ? 40 : 64;
}

/**
 * Find and describe the repository that a directory (or the directory of a file) belongs to.
 * In: a path; the caller's environment, of which only a hook's quarantine and index count.
 * Out: the repository, or undefined when there is none.
 * Throws LeaseholdError: `nothing-matched` when the path does not exist; `git` when git is missing, when git distrusts the
 * owner (with the line that changes it) and when the repository is broken.
 */
export async function openRepository(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Repository | undefined> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new LeaseholdError("nothing-matched", `${path} does not exist`);
  const cwd = realpathSync(stat.isDirectory() ? path : dirname(path));
  const flags = ["--is-bare-repository", "--is-shallow-repository", "--show-object-format"];
  // One process, because starting it is most of its cost. With `--revs-only` an unborn HEAD prints nothing. What is left between
  // the flags and HEAD is the git directory, which may hold a line break.
  const facts = await runGit(["rev-parse", ...flags, "--absolute-git-dir", "--revs-only", "HEAD^{commit}"], { cwd });
  if (facts.code !== 0) return discoveryFailure(facts.stderr, cwd);
  const lines = facts.stdout.toString("utf8").replace(/\n$/, "").split("\n");
  const [bareText, shallowText, objectFormat] = lines.splice(0, 3);
  const head = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(lines.at(-1) ?? "") ? lines.pop() : undefined;
  const gitDir = realpathSync(lines.join("\n"));
  const bare = bareText === "true";
  const root = bare ? undefined : workTreeRoot(cwd, gitDir);
  const commonDir = commonDirectory(gitDir);
  const target: GitTarget = {
    gitDir,
    ...(root !== undefined && { workTree: root }),
    ...hookSettings(gitDir, commonDir, env),
  };
  const inside = root === undefined ? "" : relative(root, cwd).split(sep).join("/");
  return {
    ...target,
    commonDir,
    root,
    prefix: inside === "" ? "" : `${inside}/`,
    bare,
    objectFormat: objectFormat === "sha256" ? "sha256" : "sha1",
    shallow: shallowText === "true",
    promisor: mayBePromisor(commonDir),
    head,
    headRef: await headReference(target),
  };
}

/**
 * A guess at the default branch: what the remote's HEAD says, else `main`, else `master`, else HEAD's own branch.
 * Out: a full ref name that exists, or undefined.
 */
export async function defaultBranch(repository: Repository): Promise<string | undefined> {
  const remote = await runGit(["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"], repository);
  const candidates = ["refs/remotes/origin/main", "refs/heads/main", "refs/remotes/origin/master", "refs/heads/master"];
  if (remote.code === 0) candidates.unshift(remote.stdout.toString("utf8").trimEnd());
  if (repository.headRef !== undefined) candidates.push(repository.headRef);
  const present = await runGit(["for-each-ref", "--format=%(refname)", ...new Set(candidates)], repository);
  const names = new Set(present.stdout.toString("utf8").split("\n"));
  return candidates.find((name) => names.has(name));
}

/** gitrepository-layout(5), `HEAD`: a file, unless refs are kept in another format, where the file names a branch `.invalid`. */
async function headReference(target: GitTarget): Promise<string | undefined> {
  const text = readFileSync(join(target.gitDir, "HEAD"), "utf8");
  if (!text.startsWith("ref: ")) return undefined;
  const ref = text.slice(5).trim();
  if (!ref.endsWith("/.invalid")) return ref;
  const asked = await runGit(["symbolic-ref", "--quiet", "HEAD"], target);
  return asked.code === 0 ? asked.stdout.toString("utf8").trimEnd() : undefined;
}

function discoveryFailure(stderr: string, cwd: string): undefined {
  if (/not a git repository \(or any/.test(stderr)) return undefined;
  if (stderr.includes("dubious ownership")) {
    const named = /safe\.directory (.+)$/m.exec(stderr)?.[1];
    throw new LeaseholdError(
      "git",
      `git does not trust ${cwd}, because another user owns it. If you do, run: git config --global --add safe.directory ${named ?? cwd}`,
    );
  }
  if (stderr.includes("not a git repository")) {
    throw new LeaseholdError(
      "git",
      `${cwd} points to a git directory that is not there (${firstMessage(stderr)}). Use --no-git to scan it as a plain folder`,
    );
  }
  throw new LeaseholdError("git", `git could not open ${cwd}: ${firstMessage(stderr)}`);
}

/**
 * The folder that holds the `.git` that git found, on the way up from `cwd`. `core.worktree` is not asked: a repository's
 * configuration does not choose which folder is read. Out: undefined inside the git directory itself.
 */
function workTreeRoot(cwd: string, gitDir: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (folder === gitDir) return undefined;
    const entry = join(folder, ".git");
    const stat = statSync(entry, { throwIfNoEntry: false });
    if (stat?.isDirectory() && realpathSync(entry) === gitDir) return folder;
    if (stat?.isFile()) {
      // gitrepository-layout(5): a text file `gitdir: PATH` in place of the directory.
      const named = resolve(
        folder,
        readFileSync(entry, "utf8")
          .replace(/^gitdir: /, "")
          .replace(/\r?\n$/, ""),
      );
      if (existsSync(named) && realpathSync(named) === gitDir) return folder;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** gitrepository-layout(5), `commondir`: a linked worktree's git directory names the shared one. */
function commonDirectory(gitDir: string): string {
  const file = join(gitDir, "commondir");
  return existsSync(file) ? resolve(gitDir, readFileSync(file, "utf8").trim()) : gitDir;
}

/** Errs towards true, which costs one listing: a partial clone says so in its configuration (partial-clone.txt, "promisor remote"). */
function mayBePromisor(commonDir: string): boolean {
  const file = join(commonDir, "config");
  return existsSync(file) && /partialclone|promisor|include/i.test(readFileSync(file, "utf8"));
}

/**
 * What a git hook tells its children and what therefore counts although the caller's GIT_* variables are dropped otherwise:
 * - GIT_INDEX_FILE (`git commit -a` and `git commit PATH` prepare a temporary index), only when it lies inside the git directory,
 *   where git puts it;
 * - the quarantine of a pre-receive hook (git-receive-pack(1), "QUARANTINE ENVIRONMENT").
 */
function hookSettings(gitDir: string, commonDir: string, env: NodeJS.ProcessEnv): Partial<GitTarget> {
  const settings: Partial<GitTarget> = {};
  const index = env.GIT_INDEX_FILE;
  if (index !== undefined && index !== "") {
    const candidates = isAbsolute(index) ? [index] : [resolve(index), resolve(dirname(gitDir), index)];
    const found = candidates.find((file) => file.startsWith(gitDir + sep) && existsSync(file));
    if (found !== undefined) settings.indexFile = found;
  }
  const quarantine = env.GIT_QUARANTINE_PATH;
  if (quarantine !== undefined && resolve(quarantine).startsWith(commonDir + sep)) {
    const names = ["GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];
    settings.quarantine = Object.fromEntries(
      names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    );
  }
  return settings;
}
