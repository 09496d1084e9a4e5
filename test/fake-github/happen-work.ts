/** What people do with a repository's content, pull requests and checks. Each changes the state and tells Apps of it. */
import { tellOfRun, tellOfSuite } from "./check.ts";
import { type Change, commitFiles, refMoved, setRef } from "./commit.ts";
import { commitIdOf, commitOf, git, noObject } from "./git.ts";
import { mergeOf, tellOfPull } from "./pull.ts";
import { showSimpleCommit } from "./show-git.ts";
import { type Account, moment, type Repository, type State } from "./state.ts";
import type { CheckRun, CheckSuite, Issue } from "./work.ts";

/** Commits to a branch and pushes. Out: the commit's id. */
export async function push(state: State, repository: Repository, sender: Account, change: Change): Promise<string> {
  const { branch = repository.defaultBranch } = change;
  const before = (await commitIdOf(state, repository, `heads/${branch}`)) ?? noObject;
  const author = { name: sender.login, email: `${sender.login}@users.noreply.github.com` };
  const after = await commitFiles(state, repository, { author, ...change });
  refMoved(state, repository, { ref: `refs/heads/${branch}`, before, after, sender: sender.login });
  return after;
}

/** Points a branch somewhere else, as a forced push does; takes it away where no commit is given. */
export async function forcePush(
  state: State,
  repository: Repository,
  sender: Account,
  branch: string,
  sha?: string,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const moved = await setRef(state, repository, ref, sha);
  if (moved === undefined) throw new Error(`${branch} could not be moved`);
  refMoved(state, repository, { ref, before: moved.before, after: sha ?? noObject, sender: sender.login });
}

/** Someone presses a button of a check, or asks for it again. */
export function pressButton(
  state: State,
  repository: Repository,
  run: CheckRun,
  sender: Account,
  identifier: string,
): void {
  if (!run.actions.some((one) => one.identifier === identifier))
    throw new Error(`the check has no button ${identifier}`);
  tellOfRun(state, repository, run, "requested_action", sender.login, { requested_action: { identifier } });
}

export function rerequest(state: State, repository: Repository, what: CheckRun | CheckSuite, sender: Account): void {
  if ("suite" in what) tellOfRun(state, repository, what, "rerequested", sender.login);
  else tellOfSuite(state, repository, what, "rerequested", sender.login);
}

/** Says that a draft is ready. */
export function markReady(state: State, repository: Repository, issue: Issue, sender: Account): void {
  issue.pull!.draft = false;
  issue.updatedAt = moment(state);
  tellOfPull(state, repository, issue, "ready_for_review", sender.login);
}

/** Puts a pull request into the merge queue: GitHub makes a branch with the merge, and asks for checks of it. Out: its commit. */
export async function queue(
  state: State,
  repository: Repository,
  issue: Issue,
  sender: Account,
): Promise<{ headSha: string; headRef: string }> {
  const { base, baseSha, headSha: sha } = issue.pull!;
  if ((await mergeOf(state, repository, issue)).mergeable !== true)
    throw new Error("the pull request cannot be merged");
  const tree = (await git(state, repository, ["merge-tree", "--write-tree", baseSha, sha])).split("\n")[0]!;
  const headSha = await git(state, repository, ["commit-tree", tree, "-p", baseSha, "-p", sha], {
    input: `Merge #${issue.number}`,
  });
  const headRef = `refs/heads/gh-readonly-queue/${base}/pr-${issue.number}-${baseSha}`;
  await setRef(state, repository, headRef, headSha);
  await tellOfGroup(state, repository, sender, "checks_requested", { headSha, headRef, base, baseSha });
  return { headSha, headRef };
}

/** The group is merged, invalid or taken out, and its branch goes. */
export async function unqueue(
  state: State,
  repository: Repository,
  issue: Issue,
  sender: Account,
  group: { headSha: string; headRef: string },
  reason: "merged" | "invalidated" | "dequeued",
): Promise<void> {
  const { base, baseSha } = issue.pull!;
  await tellOfGroup(state, repository, sender, "destroyed", { ...group, base, baseSha }, { reason });
  await setRef(state, repository, group.headRef, undefined);
}

async function tellOfGroup(
  state: State,
  repository: Repository,
  sender: Account,
  action: string,
  group: { headSha: string; headRef: string; base: string; baseSha: string },
  more: object = {},
): Promise<void> {
  const commit = showSimpleCommit(await commitOf(state, repository, group.headSha));
  state.tell({
    ...{ event: "merge_group", action, repository, sender: sender.login },
    payload: () => ({
      merge_group: {
        ...{ head_sha: group.headSha, head_ref: group.headRef, base_sha: group.baseSha },
        ...{ base_ref: `refs/heads/${group.base}`, head_commit: commit },
      },
      ...more,
    }),
  });
}
