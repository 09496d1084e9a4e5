/** Brings the commits and files that a judgement needs into the cache, and says what there is to scan. */
import { LeaseholdError } from "../error.ts";
import type { GitTarget } from "../git/command.ts";
import {
  type FetchSource,
  fetchCommits,
  fetchEverything,
  fetchTrees,
  noteWhole,
  prepareRepository,
  remoteBranches,
  setRemoteBranches,
} from "../git/fetch.ts";
import { rangeWithParents, resolveRange } from "../git/range.ts";
import { type Repository as GitRepository, openRepository } from "../git/repository.ts";
import { type EventScope, type Scope, scopeHere } from "../scan/event-scope.ts";
import type { Installation, Repository } from "../store/installations.ts";
import type { AppAccess } from "./access.ts";

/** What a check can be about. */
export type Subject = Extract<EventScope, { kind: "pull-request" | "merge-group" | "push" }>;

/** A repository as git knows it, with everything that a scan of the scope reads. */
export type Content = { folder: string; repository: GitRepository; scope: Scope; source: FetchSource };

/** Where a job works. */
export type Place = { installation: Installation; repository: Repository; signal: AbortSignal };

/** Longest fetch of one repository. */
const fetchMilliseconds = 10 * 60_000;

/**
 * Fetch what a subject needs, and work with it while the folder is held.
 * Out: what the work gives; "gone" where GitHub does not have the commits any more, "empty" for a repository without a commit.
 * Throws LeaseholdError("network"), RemoteMissing where the repository cannot be reached under its name.
 */
export async function withContent<T>(
  access: AppAccess,
  place: Place,
  subject: Subject,
  work: (content: Content) => Promise<T>,
): Promise<T | "gone" | "empty"> {
  const { cache } = access;
  const { id } = place.repository;
  const source = await sourceOf(access, place, place.repository);
  const outcome = await cache.use(String(id), async (folder) => {
    const ready = await rangeContent(folder, source, subject);
    return typeof ready === "string" ? ready : { done: await work(ready) };
  });
  if (typeof outcome === "object") return outcome.done;
  if (outcome !== "everything") return outcome;
  return await cache.use(`${id}everything`, async (folder) => {
    const target = await prepareRepository(folder, source.remote.url);
    if (!(await fetchEverything(target, source, headOf(subject)))) return "gone";
    const repository = await opened(folder);
    const scope = await scopeHere(repository, subject, "auto");
    return await work({ folder, repository, scope, source });
  });
}

/** The commit whose check it is. */
export function headOf(subject: Subject): string {
  return subject.kind === "push" ? subject.after : subject.head;
}

/** Whose repository is fetched from where, with a token that may only read. */
export async function sourceOf(
  { github, webUrl }: AppAccess,
  { installation, signal }: Place,
  { owner, name }: { owner: string; name: string },
): Promise<FetchSource> {
  const { token } = await github.reading(installation.id, installation.permissions);
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  return {
    remote: { url: `${webUrl}/${owner}/${name}.git`, authorization },
    signal: AbortSignal.any([signal, AbortSignal.timeout(fetchMilliseconds)]),
  };
}

async function rangeContent(
  folder: string,
  source: FetchSource,
  subject: Subject,
): Promise<Content | "gone" | "empty" | "everything"> {
  const target = await prepareRepository(folder, source.remote.url);
  const { defaultBranch, tips } = await remoteBranches(
    target,
    source,
    subject.kind === "push" ? [subject.defaultBranch] : [subject.target],
  );
  if (tips.size === 0) return "empty";
  const wanted = [...(subject.kind === "push" ? [subject.before, subject.after] : [subject.base, subject.head])];
  const { gone } = await fetchCommits(target, source, [
    ...wanted.filter((commit) => commit !== undefined),
    ...tips.values(),
  ]);
  const here = new Map([...tips].filter(([, commit]) => !gone.includes(commit)));
  await setRemoteBranches(
    target,
    here,
    defaultBranch !== undefined && here.has(defaultBranch) ? defaultBranch : undefined,
  );
  if (gone.includes(headOf(subject))) return "gone";
  if (subject.kind === "merge-group" && gone.includes(subject.base)) return "gone";
  const repository = await opened(folder);
  const scope = await scopeHere(repository, subject, "auto");
  if (scope.range === undefined) return "everything";
  const whole = await fetchRange(target, source, repository, scope);
  await noteWhole(target, [...whole, ...here.values()].slice(0, 4));
  return { folder, repository, scope, source };
}

/** Everything that a scan of a range reads: the trees of its commits and their parents, and those of the commits it is compared with. */
async function fetchRange(
  target: GitTarget,
  source: FetchSource,
  repository: GitRepository,
  { range: text, steering }: Scope,
): Promise<string[]> {
  const range = await resolveRange(repository, text!);
  if (range === undefined) throw new LeaseholdError("git", "the range of a check is no range");
  const ends = [range.tip, range.base, range.from, steering].filter((commit) => commit !== undefined);
  await fetchTrees(target, source, [...ends, ...(await rangeWithParents(repository, range))]);
  return ends;
}

async function opened(folder: string): Promise<GitRepository> {
  const repository = await openRepository(folder, {});
  if (repository === undefined) throw new LeaseholdError("git", "the folder that was fetched into holds no repository");
  return repository;
}
