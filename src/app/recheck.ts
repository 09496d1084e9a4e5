/** Tells the check of a commit from what is known of it now, and what becomes of it when that cannot be done. */
import { RemoteMissing } from "../git/fetch.ts";
import { RateLimitError } from "../github/failure.ts";
import { getPullRequest, type PullRequestAnswer } from "../github/pull-request.ts";
import {
  openPullRequestsWithHead,
  type PullRequest,
  savePullRequest,
  savePullRequestVerdict,
} from "../store/pull-requests.ts";
import { pushesTo } from "../store/pushes.ts";
import type { AppAccess } from "./access.ts";
import { reconcileCheck } from "./check.ts";
import type { JudgedSubject } from "./check-output.ts";
import type { Place, Subject } from "./content.ts";
import { concludeWithIncident } from "./incident.ts";
import type { JobContext } from "./job.ts";
import { readRepository } from "./present.ts";
import { tellQueued } from "./queued.ts";

/** Requests that are left for telling users that the limit is spent. */
const reserve = 20;

/** How a check is told: `again` also where it has a verdict already; `changed`: a pull request as it is now, and not yet in the store. */
export type Recheck = { again?: boolean; changed?: PullRequest };

/**
 * Judge a commit by all that ends there now: the open pull requests with this head, else merge groups, else pushes.
 * Out: when to try again, where the rate limit is spent. Does nothing where nothing ends there. Throws after the last try too, when the check was concluded.
 */
export async function recheck(
  access: AppAccess,
  place: Place,
  headSha: string,
  context: JobContext,
  options: Recheck = {},
): Promise<undefined | { again: Date }> {
  const limit = access.github.limitOf(place.installation.id);
  if (limit !== undefined && limit.remaining < reserve && limit.reset > access.now().getTime())
    return await later(access, place, headSha, new Date(limit.reset));
  let subjects: Subject[] = [];
  try {
    subjects = await subjectsOf(access, place, headSha, options.changed);
    if (subjects.length === 0) return undefined;
    const wanted = { subjects, again: options.again === true };
    const judged = await onPresentName(access, place, (now) => reconcileCheck(access, now, headSha, wanted));
    // Only now: a crash before this repeats all of it.
    if (options.changed?.headSha === headSha) await savePullRequest(access.store, options.changed);
    if (judged !== undefined) await keepVerdicts(access, place, headSha, judged);
    return undefined;
  } catch (error) {
    if (error instanceof RateLimitError) return await later(access, place, headSha, error.until);
    if (context.last && !context.signal.aborted && subjects.length > 0)
      await concludeWithIncident(access, place, { headSha, subjects, code: access.log.safe(error).code as string });
    throw error;
  }
}

async function later(access: AppAccess, place: Place, headSha: string, until: Date): Promise<{ again: Date }> {
  await tellQueued(access, place, headSha, until);
  return { again: until };
}

/** A repository that was renamed meanwhile is looked up again, once. */
async function onPresentName<T>(
  access: AppAccess,
  place: Place,
  work: (place: Place) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work(place);
  } catch (error) {
    if (!(error instanceof RemoteMissing)) throw error;
    const repository = await readRepository(access, place.installation, place.repository);
    if (repository === undefined) return undefined;
    if (repository.owner === place.repository.owner && repository.name === place.repository.name) throw error;
    return await work({ ...place, repository });
  }
}

/** What ends at a commit now. In: a pull request as it is now, and not yet in the store. */
export async function subjectsOf(
  access: AppAccess,
  place: Place,
  headSha: string,
  changed: PullRequest | undefined,
): Promise<Subject[]> {
  const { store } = access;
  const { id, defaultBranch = "main" } = place.repository;
  const pulls: PullRequest[] = [];
  for (const known of await openPullRequestsWithHead(store, id, headSha)) {
    if (known.number === changed?.number) continue;
    const present = await readPullRequest(access, place, known.number);
    if (present === undefined) continue;
    await savePullRequest(store, present);
    pulls.push(present);
  }
  if (changed !== undefined) pulls.push(changed);
  const open = pulls.filter((pull) => pull.open && pull.headSha === headSha).sort((a, b) => a.number - b.number);
  if (open.length > 0)
    return open.map(({ number, baseSha, baseRef }) => ({
      ...{ kind: "pull-request", number, base: baseSha, head: headSha, target: baseRef },
    }));
  const ended = await pushesTo(store, id, headSha);
  const groups = ended.filter(({ kind }) => kind === "merge-group");
  return (groups.length > 0 ? groups : ended).map(
    ({ kind, ref, beforeSha }): Subject =>
      kind === "merge-group"
        ? { kind, base: beforeSha, head: headSha, target: ref.replace(/^refs\/heads\//, "") }
        : { kind, ref, before: /^0+$/.test(beforeSha) ? undefined : beforeSha, after: headSha, defaultBranch },
  );
}

/** A pull request as GitHub has it; undefined where it is gone or out of reach. */
export async function readPullRequest(
  { github }: AppAccess,
  { installation, repository }: Place,
  number: number,
): Promise<PullRequest | undefined> {
  const { port } = await github.reading(installation.id, installation.permissions);
  const found = await getPullRequest(port, repository, number);
  return found.status === "found" ? pullRequestOf(repository.id, found.value) : undefined;
}

export function pullRequestOf(repositoryId: number, answer: PullRequestAnswer): PullRequest {
  const { number, state, head, base, updated_at } = answer;
  return {
    ...{ repositoryId, number, open: state === "open", headSha: head.sha, headRepositoryId: head.repo?.id },
    ...{ baseRef: base.ref, baseSha: base.sha, updatedAt: new Date(updated_at) },
  };
}

async function keepVerdicts(
  { store }: AppAccess,
  { repository }: Place,
  headSha: string,
  judged: readonly JudgedSubject[],
): Promise<void> {
  for (const { subject, judgement, conclusion } of judged) {
    if (subject.kind !== "pull-request") continue;
    const { blocking, warnings } =
      judgement.kind === "judged" ? judgement.verdict.counts : { blocking: 0, warnings: 0 };
    await savePullRequestVerdict(store, repository.id, subject.number, {
      sha: headSha,
      conclusion,
      blocking,
      warnings,
    });
  }
}
