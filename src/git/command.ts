import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { isAbsolute } from "node:path";
import type { Readable, Writable } from "node:stream";
import { LeaseholdError } from "../error.ts";

/**
 * The one place where git is started. A repository is hostile until shown otherwise: its configuration may name programs
 * (fsmonitor, hooks, ssh, external diff, textconv, pager, gpg, remote helpers), and none of them may run. So only plumbing that
 * runs nothing is used, the environment is built from nothing, and every key that names a program is overridden.
 */

/** What a git process works on. Plain data, so that it can be handed to a worker thread. */
export type GitTarget = {
  /** Absolute path of the git directory. Given explicitly, so that git neither searches nor checks owners again. */
  gitDir: string;
  workTree?: string;
  /** The index to read in place of the repository's own; see `hookIndexFile`. */
  indexFile?: string;
  /** Object directories of a server-side hook's quarantine; see `quarantine`. */
  quarantine?: Record<string, string>;
};

/**
 * The one address that a process may speak to. Plain http is for the loopback; who asks is shown by a header, which stands in the environment only: not in an
 * argument, an address or a file.
 */
export type GitRemote = { url: string; authorization: string | undefined };

/** What a finished git process left. */
export type GitResult = { code: number; stdout: Buffer; stderr: string };

/** A running git. `stdout` is null when its output goes to a socket. */
export type GitProcess = ChildProcess & { stdin: Writable; stderr: Readable };

/** Keys of `git-config(1)` that start a program, reach a network, change what plumbing prints or make it slow on purpose. */
const overrides: readonly string[] = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.sshCommand=false",
  "core.askPass=false",
  "core.gitProxy=false",
  "core.pager=cat",
  "core.editor=false",
  "core.attributesFile=/dev/null",
  "core.alternateRefsCommand=false",
  "core.quotePath=false",
  "core.useReplaceRefs=false",
  "core.deltaBaseCacheLimit=96m",
  "core.bigFileThreshold=512m",
  "credential.helper=",
  "diff.external=",
  "diff.orderFile=",
  "diff.renames=false",
  "diff.ignoreSubmodules=none",
  "gpg.program=false",
  "log.showSignature=false",
  "protocol.allow=never",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
];

const keptVariables = [
  "HOME",
  "XDG_CONFIG_HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SYSTEMROOT",
  "SystemRoot",
  "PATHEXT",
  "LD_LIBRARY_PATH",
];
const discoveryVariables = ["GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"];

/**
 * The environment of a git process.
 * In: the target, or undefined for discovery: only there do the user's own and the system's configuration count (for
 * `safe.directory` and `safe.bareRepository`, which git reads from nowhere else); after discovery neither does.
 */
export function gitEnvironment(
  target: GitTarget | undefined,
  caller: NodeJS.ProcessEnv = process.env,
  remote?: GitRemote,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const name of keptVariables) if (caller[name] !== undefined) env[name] = caller[name];
  // A relative entry (".") would let a repository bring its own `git`.
  env.PATH = (caller.PATH ?? caller.Path ?? "")
    .split(process.platform === "win32" ? ";" : ":")
    .filter((entry) => isAbsolute(entry))
    .join(process.platform === "win32" ? ";" : ":");
  Object.assign(env, {
    LC_ALL: "C",
    LANGUAGE: "C",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "false",
    GIT_SSH_COMMAND: "false",
    GIT_PAGER: "cat",
    GIT_EDITOR: "false",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
    // Before 2.45 git does not know GIT_NO_LAZY_FETCH, and `protocol.NAME.allow` of a repository outranks `protocol.allow`;
    // this variable outranks both and, being empty, allows no protocol at all.
    GIT_ALLOW_PROTOCOL: "",
  });
  if (target === undefined) {
    for (const name of discoveryVariables) if (caller[name] !== undefined) env[name] = caller[name];
    if (caller.GIT_CONFIG_GLOBAL !== undefined) env.GIT_CONFIG_GLOBAL = caller.GIT_CONFIG_GLOBAL;
    if (caller.GIT_CONFIG_SYSTEM !== undefined) env.GIT_CONFIG_SYSTEM = caller.GIT_CONFIG_SYSTEM;
    if (caller.GIT_CONFIG_NOSYSTEM !== undefined) env.GIT_CONFIG_NOSYSTEM = caller.GIT_CONFIG_NOSYSTEM;
    return env;
  }
  env.GIT_CONFIG_NOSYSTEM = "1";
  env.GIT_CONFIG_GLOBAL = "/dev/null";
  env.GIT_DIR = target.gitDir;
  if (target.workTree !== undefined) env.GIT_WORK_TREE = target.workTree;
  if (target.indexFile !== undefined) env.GIT_INDEX_FILE = target.indexFile;
  if (remote !== undefined) Object.assign(env, remoteEnvironment(remote));
  return Object.assign(env, target.quarantine);
}

/** git-config(1): `GIT_CONFIG_COUNT` and its pairs; `http.<url>.*` holds for addresses below that one. */
function remoteEnvironment({ url, authorization }: GitRemote): NodeJS.ProcessEnv {
  const { protocol, origin, hostname } = new URL(url);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname)))
    throw new LeaseholdError("git", `${origin} is not https: the token would travel in the clear`);
  const header =
    authorization === undefined ? [] : [[`http.${origin}/.extraHeader`, `Authorization: ${authorization}`]];
  return {
    GIT_ALLOW_PROTOCOL: protocol.slice(0, -1),
    GIT_CONFIG_COUNT: String(header.length),
    ...Object.fromEntries(
      header.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}

/** Whether a host name is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/**
 * Start git and leave its streams to the caller.
 * In: arguments without user text in an option's place; the target, or a directory for discovery; `config`: further
 * `key=value`; `output`: a socket in place of a pipe; `access`: a remote that it may speak to, and what ends it early.
 * Throws LeaseholdError `git` through `exit` (see `runGit`) when git is not installed.
 */
export function spawnGit(
  args: readonly string[],
  where: GitTarget | { cwd: string },
  config: readonly string[] = [],
  output: "pipe" | Socket = "pipe",
  access: { remote?: GitRemote | undefined; signal?: AbortSignal | undefined } = {},
): GitProcess {
  const target = "gitDir" in where ? where : undefined;
  const cwd = "gitDir" in where ? (where.workTree ?? where.gitDir) : where.cwd;
  const all = [...overrides, ...config].flatMap((pair) => ["-c", pair]).concat(args);
  const child = spawn("git", all, {
    cwd,
    env: gitEnvironment(target, process.env, access.remote),
    ...(access.signal === undefined ? {} : { signal: access.signal }),
    stdio: ["pipe", output, "pipe"],
    windowsHide: true,
  });
  return child as GitProcess;
}

/** Wait for the end of a process. Out: its exit code (or -1 when a signal ended it) and the first 16 KB of what it said. */
export function exitOf(child: GitProcess, where: string): Promise<{ code: number; stderr: string }> {
  let stderr = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    if (stderr.length < 16_384) stderr += text;
  });
  // A process that ends before it has read all its input is judged by its exit code.
  child.stdin.on("error", () => {});
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(startError(error, where)));
    child.on("close", (code) => resolve({ code: code ?? -1, stderr }));
  });
}

type GitOptions = {
  input?: Uint8Array | string;
  config?: readonly string[];
  remote?: GitRemote | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Run git to its end.
 * In: as `spawnGit`; `input` for its standard input; `config`: further `key=value` settings; `remote` and `signal` for what speaks to a server.
 * Out: exit code, output and messages. Throws LeaseholdError `git` when git cannot be started.
 */
export async function runGit(
  args: readonly string[],
  where: GitTarget | { cwd: string },
  options: GitOptions = {},
): Promise<GitResult> {
  const child = spawnGit(args, where, options.config, "pipe", options);
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exit = exitOf(child, "gitDir" in where ? where.gitDir : where.cwd);
  child.stdin.end(options.input ?? "");
  const { code, stderr } = await exit;
  return { code, stdout: Buffer.concat(chunks), stderr };
}

/** As `runGit`, but a failure throws LeaseholdError `git` with what git said. Out: the output. */
export async function requireGit(
  args: readonly string[],
  where: GitTarget | { cwd: string },
  options: GitOptions = {},
): Promise<Buffer> {
  const result = await runGit(args, where, options);
  if (result.code !== 0) throw new LeaseholdError("git", `git ${args[0]} failed: ${firstMessage(result.stderr)}`);
  return result.stdout;
}

/** The line of git's messages that says why, without its `fatal: `; a fixed sentence when git said nothing. */
export function firstMessage(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "");
  const line = lines.find((text) => text.startsWith("fatal: ")) ?? lines[0];
  return line === undefined ? "it ended without a message" : line.replace(/^(fatal|error): /, "").slice(0, 500);
}

function startError(error: NodeJS.ErrnoException, directory: string): Error {
  if (error.code === "ABORT_ERR") return new LeaseholdError("interrupted", "git was ended before it was done");
  if (error.code !== "ENOENT")
    return new LeaseholdError("git", `git could not be started: ${error.code ?? error.message}`);
  if (!existsSync(directory)) return new LeaseholdError("nothing-matched", `${directory} does not exist`);
  return new LeaseholdError(
    "git",
    "git was not found on PATH. Install git 2.31 or newer, or scan a plain folder with --no-git",
  );
}
