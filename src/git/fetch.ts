/**
 * Fetches what a range needs from a server, into a bare repository of our own. The first time all commits come without their trees, and the trees
 * that are needed whole; later what is new since then. Nothing that a scan reads is left to be fetched on demand.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import { firstMessage, type GitRemote, type GitTarget, requireGit, runGit } from "./command.ts";

/** Whose objects, and what ends it early. */
export type FetchSource = { remote: GitRemote; signal: AbortSignal };

/** What a server says of its branches: HEAD's own, if it has a commit, and the tips of those asked for, by short name. */
export type RemoteBranches = { defaultBranch: string | undefined; tips: Map<string, string> };

/** The server says that there is no such repository, or none that may be seen. */
export class RemoteMissing extends LeaseholdError {}

const settings = [
  // Only a fetch may know that objects are left out: whoever else misses one is told so, and nothing is fetched on demand.
  "remote.origin.promisor=true",
  "remote.origin.partialclonefilter=tree:0",
  "http.followRedirects=false",
  "http.cookieFile=",
  "http.saveCookies=false",
  // A server that sends nothing for a minute is given up.
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=60",
  "fetch.recurseSubmodules=false",
  "fetch.writeCommitGraph=false",
  "fetch.fsckObjects=false",
  "fetch.unpackLimit=1",
  "transfer.bundleURI=false",
  "submodule.fetchJobs=1",
];

/** How many of them are about left-out objects. */
const promisorSettings = 2;
const noSuchObject = /not our ref|unadvertised object|no such (?:remote )?ref|bad object|did not (?:send|receive)/i;

const quietly = [
  "--quiet",
  "--force",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
];

/** Commits whose whole trees are here are kept under this, so that a server hears of them. */
const whole = "refs/leasehold/whole";
const known = "refs/leasehold/known";

/** Rounds in which missing objects are asked for: a server that keeps sending less than it is asked for is not asked for ever. */
const mostRounds = 3;

/** Make a bare repository in a folder where there is none yet, with the server as its `origin`. */
export async function prepareRepository(folder: string, url: string): Promise<GitTarget> {
  const target: GitTarget = { gitDir: folder };
  if (!existsSync(join(folder, "HEAD")))
    await requireGit(["init", "--quiet", "--bare", "--template=", "--initial-branch=main"], target);
  writeFileSync(
    join(folder, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = true\n[remote "origin"]\n\turl = ${url}\n`,
    { mode: 0o600 },
  );
  return target;
}

/** Ask which branches are there. In: short names that are wanted beside HEAD's. Throws LeaseholdError as `fetchCommits`. */
export async function remoteBranches(
  target: GitTarget,
  { remote, signal }: FetchSource,
  names: readonly string[],
): Promise<RemoteBranches> {
  const refs = ["HEAD", ...names.map((name) => `refs/heads/${name}`)];
  const asked = await runGit(["ls-remote", "--symref", "origin", ...refs], target, {
    config: settings,
    remote,
    signal,
  });
  if (asked.code !== 0) throw fetchFailure(asked.stderr, remote);
  const tips = new Map<string, string>();
  let defaultBranch: string | undefined;
  for (const line of asked.stdout.toString("utf8").split("\n")) {
    const [value = "", ref = ""] = line.split("\t");
    if (ref === "HEAD" && value.startsWith("ref: refs/heads/")) defaultBranch = value.slice("ref: refs/heads/".length);
    else if (ref.startsWith("refs/heads/")) tips.set(ref.slice("refs/heads/".length), value);
    // Beside its name HEAD's commit is told.
    else if (ref === "HEAD" && defaultBranch !== undefined) tips.set(defaultBranch, value);
  }
  return { defaultBranch, tips };
}

/**
 * Fetch commits and their history. In: full ids. Out: those that the server does not have (any more).
 * Throws LeaseholdError("network") where the server cannot be reached or refuses, `interrupted` where the signal ended it.
 */
export async function fetchCommits(
  target: GitTarget,
  source: FetchSource,
  commits: readonly string[],
): Promise<{ gone: string[] }> {
  const wanted = await absentCommits(target, [...new Set(commits)]);
  if (wanted.length === 0) return { gone: [] };
  if ((await fetched(target, source, wanted)) === undefined) return { gone: [] };
  const gone: string[] = [];
  // The server refuses all for one that it does not have.
  for (const commit of wanted) {
    const problem = await fetched(target, source, [commit]);
    if (problem !== undefined) gone.push(commit);
  }
  return { gone };
}

/** Whether a commit is here, with its history. Objects that were left out are not asked for. */
async function absentCommits(target: GitTarget, commits: readonly string[]): Promise<string[]> {
  const refs = await requireGit(["for-each-ref", "--format=%(refname)", known], target);
  const here = new Set(refs.toString("latin1").split("\n"));
  return commits.filter((commit) => !here.has(`${known}/${commit}`));
}

/** Out: undefined where all came, "gone" where the server does not have one. */
async function fetched(
  target: GitTarget,
  { remote, signal }: FetchSource,
  commits: readonly string[],
): Promise<"gone" | undefined> {
  const tips = (await requireGit(["for-each-ref", "--format=%(objectname)", whole], target)).toString("latin1");
  const have = tips.split("\n").filter((line) => line !== "");
  // What lies behind a whole tree is sent as the difference to it; without one only the commits.
  const mode =
    have.length === 0 ? ["--filter=tree:0"] : ["--no-filter", ...have.map((oid) => `--negotiation-tip=${oid}`)];
  const specs = commits.map((commit) => `+${commit}:${known}/${commit}`);
  const { code, stderr } = await runGit(["fetch", ...quietly, ...mode, "--stdin", "origin"], target, {
    config: settings,
    remote,
    signal,
    input: `${specs.join("\n")}\n`,
  });
  if (code === 0) return undefined;
  if (noSuchObject.test(stderr)) return "gone";
  throw fetchFailure(stderr, remote);
}

/**
 * Fetch what is missing of the trees of commits, with all files. In: full ids of commits that are here.
 * What a server does not send stays missing: a scan then says so.
 */
export async function fetchTrees(target: GitTarget, source: FetchSource, commits: readonly string[]): Promise<void> {
  const ids = [...new Set(commits)];
  if (ids.length === 0) return;
  const trees = await treesOf(target, ids);
  for (let round = 0; round < mostRounds; round++) {
    const missing = await missingBelow(target, trees);
    if (missing.length === 0) break;
    const { code, stderr } = await runGit(["fetch", ...quietly, "--no-filter", "--stdin", "origin"], target, {
      config: [...settings, "fetch.negotiationAlgorithm=noop"],
      remote: source.remote,
      signal: source.signal,
      input: `${missing.join("\n")}\n`,
    });
    if (code === 0) continue;
    if (noSuchObject.test(stderr)) return;
    throw fetchFailure(stderr, source.remote);
  }
}

/** Note that the trees of commits are whole, so that the next fetch brings only what differs from them. */
export async function noteWhole(target: GitTarget, commits: readonly string[]): Promise<void> {
  const old = await requireGit(["for-each-ref", "--format=%(refname)", whole], target);
  const drops = old
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
  const input = [
    ...drops.map((ref) => `delete ${ref}\n`),
    ...[...new Set(commits)].map((oid) => `create ${whole}/${oid} ${oid}\n`),
  ];
  // Deleting and creating one ref in a transaction is refused.
  await requireGit(["update-ref", "--no-deref", "--stdin"], target, { input: input.slice(0, drops.length).join("") });
  await requireGit(["update-ref", "--no-deref", "--stdin"], target, { input: input.slice(drops.length).join("") });
}

/** The ids of commits' trees; asking git to peel them would need the trees. */
async function treesOf(target: GitTarget, commits: readonly string[]): Promise<string[]> {
  const listed = await requireGit(["log", "--no-walk=unsorted", "--format=%T", "--stdin"], target, {
    input: `${commits.join("\n")}\n`,
  });
  return [...new Set(listed.toString("latin1").split("\n"))].filter((line) => line !== "");
}

async function missingBelow(target: GitTarget, trees: readonly string[]): Promise<string[]> {
  const checked = await requireGit(["cat-file", "--batch-check=%(objectname)"], target, {
    input: `${trees.join("\n")}\n`,
  });
  const lines = checked.toString("latin1").split("\n");
  const absent = lines.filter((line) => line.endsWith(" missing")).map((line) => line.slice(0, -" missing".length));
  // Below these nothing can be looked at, and they are sent with all that lies there.
  const here = trees.filter((oid) => !absent.includes(oid));
  if (here.length === 0) return absent;
  const listed = await requireGit(
    ["rev-list", "--objects", "--no-object-names", "--missing=print", "--stdin"],
    target,
    {
      input: `${here.join("\n")}\n`,
    },
  );
  const missing = [...absent];
  for (const line of listed.toString("latin1").split("\n")) if (line.startsWith("?")) missing.push(line.slice(1));
  return missing;
}

/**
 * Fetch all branches and tags with everything they hold, for a scan of the whole history, and let HEAD be a commit.
 * Throws as `fetchCommits`. Out: whether the server has the commit.
 */
export async function fetchEverything(
  target: GitTarget,
  { remote, signal }: FetchSource,
  head: string,
): Promise<boolean> {
  const specs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
  const run = (refspecs: readonly string[]) =>
    runGit(["fetch", ...quietly, "--prune", "--stdin", "origin"], target, {
      ...{ config: settings.slice(promisorSettings), remote, signal, input: `${refspecs.join("\n")}\n` },
    });
  const { code, stderr } = await run([...specs, `+${head}:${known}/${head}`]);
  if (code !== 0 && noSuchObject.test(stderr)) return false;
  if (code !== 0) throw fetchFailure(stderr, remote);
  writeFileSync(join(target.gitDir, "HEAD"), `${head}\n`);
  return true;
}

/** Let remote branches point to commits that were fetched, and `origin/HEAD` to the default one. In: commits by short name. */
export async function setRemoteBranches(
  target: GitTarget,
  branches: ReadonlyMap<string, string>,
  defaultBranch: string | undefined,
): Promise<void> {
  const prefix = "refs/remotes/origin/";
  const listed = await requireGit(["for-each-ref", "--format=%(refname)", prefix], target);
  // One that is gone may stand where another needs a folder.
  const stale = listed
    .toString("utf8")
    .split("\n")
    .filter((ref) => ref !== "" && !branches.has(ref.slice(prefix.length)));
  const steps = [
    stale.map((ref) => `delete ${ref}\n`),
    [...branches].map(([name, oid]) => `update ${prefix}${name} ${oid}\n`),
  ];
  for (const lines of steps)
    if (lines.length > 0) await requireGit(["update-ref", "--no-deref", "--stdin"], target, { input: lines.join("") });
  if (defaultBranch !== undefined)
    await requireGit(["symbolic-ref", "refs/remotes/origin/HEAD", `refs/remotes/origin/${defaultBranch}`], target);
}

/** What git says may repeat the address and never the header. The address is told without anything that could be a password. */
function fetchFailure(stderr: string, { url }: GitRemote): LeaseholdError {
  const { origin, pathname } = new URL(url);
  // A repository that moved answers with a redirect, which is not followed: the token is for this address.
  if (/^fatal: repository '.*' not found|returned error: (?:404|30[1278])|unable to update url base/m.test(stderr))
    return new RemoteMissing("network", `${origin}${pathname} is not there, or may not be seen`);
  const status = /The requested URL returned error: (\d{3})/.exec(stderr)?.[1];
  const why = status === undefined ? firstMessage(stderr) : `the answer was ${status}`;
  return new LeaseholdError("network", `${origin}${pathname} could not be fetched: ${why}`);
}
