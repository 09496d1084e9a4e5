/** The git repositories behind the fake GitHub: bare, one folder each, made when they are first needed. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Repository, State } from "./state.ts";

export const noObject = "0".repeat(40);
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export type Person = { name: string; email: string; date?: string };
export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Required<Person>;
  committer: Required<Person>;
  message: string;
};
export type Entry = {
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
  size: number | undefined;
  path: string;
};
export type Difference = {
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  path: string;
  previous: string | undefined;
  sha: string;
  additions: number;
  deletions: number;
  /** Undefined for binary files. */
  patch: string | undefined;
};

/** Nothing of the machine's own configuration reaches git. */
export function gitEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...{ PATH: process.env.PATH, HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    ...{ LC_ALL: "C", GIT_AUTHOR_NAME: "fake", GIT_AUTHOR_EMAIL: "fake@example.com" },
    ...{ GIT_COMMITTER_NAME: "fake", GIT_COMMITTER_EMAIL: "fake@example.com" },
    ...more,
  };
}

/** Refuses pushes that touch workflow files where the pusher's token may not (GitHub Docs, "Choosing permissions for a GitHub App"). */
const preReceive = `#!/bin/sh
[ -n "$FAKE_GITHUB_NO_WORKFLOWS" ] || exit 0
while read -r old new ref; do
  case $new in ${noObject}) continue;; esac
  case $old in ${noObject}) old=${emptyTree};; esac
  if [ -n "$(git diff --name-only "$old" "$new" -- .github/workflows)" ]; then
    echo "refusing to allow a GitHub App to create or update workflow without \\\`workflows\\\` permission" >&2
    exit 1
  fi
done
`;

/** The folder of a repository. */
export function folderOf(state: State, repository: Repository): string {
  if (repository.folder !== undefined) return repository.folder;
  const folder = join(state.folder, `${repository.id}.git`);
  // What `git init --bare` makes, without starting a process for every repository of every test.
  for (const part of ["hooks", "objects/info", "objects/pack", "refs/heads", "refs/tags"])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "HEAD"), `ref: refs/heads/${repository.defaultBranch}\n`);
  const settings = [
    ["http.receivepack", "true"],
    ["uploadpack.allowFilter", "true"],
    ["uploadpack.allowAnySHA1InWant", "true"],
    ["gc.auto", "0"],
  ];
  const config = settings.map(([name = "", value]) => {
    const [section, key] = name.split(".");
    return `[${section}]\n\t${key} = ${value}\n`;
  });
  writeFileSync(join(folder, "config"), `[core]\n\trepositoryformatversion = 0\n\tbare = true\n${config.join("")}`);
  writeFileSync(join(folder, "hooks/pre-receive"), preReceive, { mode: 0o755 });
  repository.folder = folder;
  return folder;
}

/** Runs git in a repository. Out: what it wrote, or undefined where it failed. */
export async function tryGit(
  state: State,
  repository: Repository,
  args: readonly string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv } = {},
): Promise<Buffer | undefined> {
  const child = spawn("git", args, {
    cwd: folderOf(state, repository),
    env: gitEnvironment(options.env),
    stdio: ["pipe", "pipe", "ignore"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((done, failed) => child.on("error", failed).on("close", done));
  return code === 0 ? Buffer.concat(chunks) : undefined;
}

/** As `tryGit`; throws where git fails. Out: text without its last line break. */
export async function git(...parameters: Parameters<typeof tryGit>): Promise<string> {
  const output = await tryGit(...parameters);
  if (output === undefined) throw new Error(`git ${parameters[2].join(" ")} failed`);
  return output.toString("utf8").replace(/\n$/, "");
}

/** The commit that a branch, tag or id names. */
export async function commitIdOf(state: State, repository: Repository, name: string): Promise<string | undefined> {
  for (const full of candidatesFor(name)) {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${full}^{commit}`];
    const found = await tryGit(state, repository, args);
    if (found !== undefined) return found.toString("utf8").trim();
  }
  return undefined;
}

function candidatesFor(name: string): string[] {
  if (/^[0-9a-f]{40}$/.test(name)) return [name];
  if (/^(?:heads|tags|pull)\//.test(name)) return [`refs/${name}`];
  return [`refs/heads/${name}`, `refs/tags/${name}`, name];
}

/** Refs that begin so, by full name: what they point to, and its kind. */
export async function refsOf(
  state: State,
  repository: Repository,
  prefix: string,
): Promise<{ ref: string; sha: string; type: string }[]> {
  const format = "--format=%(refname)%00%(objectname)%00%(objecttype)";
  const text = await git(state, repository, ["for-each-ref", format]);
  return text
    .split("\n")
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.split("\0"))
    .map(([ref = "", sha = "", type = ""]) => ({ ref, sha, type }));
}

const fields = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"];

/** Commits by arguments of `git log`. */
export async function commitsOf(state: State, repository: Repository, args: readonly string[]): Promise<Commit[]> {
  const output = await git(state, repository, ["log", "-z", `--format=${fields.join("%x00")}`, ...args]);
  const texts = output.split("\0");
  const commits: Commit[] = [];
  for (let at = 0; at + fields.length <= texts.length; at += fields.length) {
    const [sha, tree, parents, ...rest] = texts.slice(at, at + fields.length) as [string, string, string, ...string[]];
    const [name = "", email = "", date = "", committer = "", committerEmail = "", committed = "", message = ""] = rest;
    commits.push({
      ...{ sha, tree, parents: parents === "" ? [] : parents.split(" "), author: { name, email, date: utcOf(date) } },
      committer: { name: committer, email: committerEmail, date: utcOf(committed) },
      message: message.replace(/\n$/, ""),
    });
  }
  return commits;
}

export async function commitOf(state: State, repository: Repository, sha: string): Promise<Commit> {
  const [commit] = await commitsOf(state, repository, ["-1", sha]);
  if (commit === undefined) throw new Error(`there is no commit ${sha}`);
  return commit;
}

/** The entries of a tree, or what stands at one path of it. */
export async function entriesOf(
  state: State,
  repository: Repository,
  tree: string,
  options: { recursive?: boolean; path?: string } = {},
): Promise<Entry[] | undefined> {
  const path = options.path === undefined ? [] : ["--", options.path];
  const args = ["ls-tree", "-z", "-l", ...(options.recursive === true ? ["-r", "-t"] : []), tree, ...path];
  const output = await tryGit(state, repository, args);
  return output
    ?.toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, mode = "", type, sha = "", size = "", name = ""] =
        /^(\d+) (\w+) (\w+) +(\S+)\t([\s\S]*)$/.exec(line) ?? [];
      return { mode, type: type as Entry["type"], sha, size: size === "-" ? undefined : Number(size), path: name };
    });
}

const statuses = { A: "added", D: "removed", M: "modified", R: "renamed", C: "copied", T: "changed" } as const;

/** What differs between two trees or commits, with the patches where they are wanted. */
export async function differences(
  state: State,
  repository: Repository,
  from: string,
  to: string,
  wanted: "patches" | "no patches" = "no patches",
): Promise<Difference[]> {
  const output = await git(state, repository, [
    "diff-tree",
    "-r",
    "-M",
    "--raw",
    "--numstat",
    "--no-abbrev",
    "-z",
    from,
    to,
  ]);
  // First the changes, each beginning with a colon; then the counts, in the same order.
  const texts = output.split("\0");
  const counts = texts.filter((text) => /^(?:\d+|-)\t(?:\d+|-)\t/.test(text));
  const patches =
    wanted === "patches"
      ? (await git(state, repository, ["diff-tree", "-r", "-M", "-p", from, to])).split(/^diff --git .*$/m).slice(1)
      : [];
  const found: Difference[] = [];
  for (let at = 0; texts[at]?.startsWith(":") === true; ) {
    const [, , before = "", after = "", kind = ""] = texts[at]!.split(" ");
    const letter = kind[0] as keyof typeof statuses;
    const moved = letter === "R" || letter === "C";
    const [added = "-", deleted = "-"] = (counts[found.length] ?? "").split("\t");
    const hunk = patches[found.length]?.indexOf("\n@@ ") ?? -1;
    found.push({
      ...{ status: statuses[letter], path: texts[at + (moved ? 2 : 1)]!, previous: moved ? texts[at + 1] : undefined },
      ...{ sha: letter === "D" ? before : after, additions: Number(added) || 0, deletions: Number(deleted) || 0 },
      patch: hunk < 0 ? undefined : patches[found.length]!.slice(hunk + 1).replace(/\n$/, ""),
    });
    at += moved ? 3 : 2;
  }
  return found;
}

/** GitHub writes moments in UTC. */
function utcOf(date: string): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}
