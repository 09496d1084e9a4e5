/** Pull requests: opened, shown, told. */
import { commitIdOf, differences, git, tryGit } from "./git.ts";
import { addIssue, associationOf, labelsOf, usersOf } from "./issue.ts";
import { type Links, nodeId } from "./links.ts";
import { showTeam, showUser } from "./show-account.ts";
import { addressesOf } from "./show-git.ts";
import { showInstalledRepository } from "./show-repository.ts";
import { type Account, type App, nextId, organisationOf, type Repository, type State } from "./state.ts";
import type { Issue, Pull } from "./work.ts";

export type NewPull = {
  title: string;
  body?: string | null;
  head: string;
  base?: string;
  draft?: boolean;
  headRepository?: Repository;
  maintainerCanModify?: boolean;
};

/** Opens a pull request and tells of it. Throws where head or base is no branch. */
export async function addPull(
  state: State,
  repository: Repository,
  by: { author: Account; app?: App | undefined },
  { title, body = null, head, base = repository.defaultBranch, ...more }: NewPull,
): Promise<Issue> {
  const { headRepository = repository, draft = false, maintainerCanModify = false } = more;
  const headSha = await commitIdOf(state, headRepository, `heads/${head}`);
  const baseSha = await commitIdOf(state, repository, `heads/${base}`);
  if (headSha === undefined || baseSha === undefined) throw new Error(`${head} or ${base} is no branch`);
  if (headRepository !== repository) await fetchFrom(state, repository, headRepository, headSha);
  const pull: Pull = {
    ...{ id: nextId(state), headRepository, head, headSha, base, baseSha, draft, maintainerCanModify },
    ...{
      mergedAt: null,
      mergedBy: undefined,
      mergeSha: null,
      reviewers: [],
      teamReviewers: [],
      reviews: [],
      reviewComments: [],
    },
  };
  const issue = addIssue(state, repository, by, { title, body, pull });
  await setHead(state, repository, issue);
  tellOfPull(state, repository, issue, "opened", by.author.login);
  return issue;
}

/** GitHub keeps the head of every pull request, those from forks too, in `refs/pull/N/head`. */
async function setHead(state: State, repository: Repository, { number, pull }: Issue): Promise<void> {
  if (pull!.headRepository !== repository) await fetchFrom(state, repository, pull!.headRepository, pull!.headSha);
  await git(state, repository, ["update-ref", `refs/pull/${number}/head`, pull!.headSha]);
}

async function fetchFrom(state: State, repository: Repository, from: Repository, sha: string): Promise<void> {
  await git(state, repository, ["fetch", "-q", "--no-tags", from.folder!, sha]);
}

export function tellOfPull(
  state: State,
  repository: Repository,
  issue: Issue,
  action: string,
  sender: string,
  more: object = {},
): void {
  state.tell({
    ...{ event: "pull_request", action, repository, sender },
    payload: async (links) => {
      await setHead(state, repository, issue);
      const pull_request = await showPull(state, links, repository, issue);
      return { number: issue.number, pull_request, ...more };
    },
  });
}

/** `pull-request-simple` of the description: what lists give. */
export function showSimplePull(state: State, links: Links, repository: Repository, issue: Issue) {
  const pull = issue.pull!;
  const { api, web } = addressesOf(links, repository);
  const url = `${api}/pulls/${issue.number}`;
  const html = `${web}/pull/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const end = (from: Repository, ref: string, sha: string) => ({
    ...{ label: `${from.owner.login}:${ref}`, ref, sha, user: showUser(links, from.owner) },
    repo: showInstalledRepository(links, from),
  });
  const assignees = usersOf(state, links, issue.assignees);
  const statuses = `${api}/statuses/${pull.headSha}`;
  const issueLinks = { comments: `${issueUrl}/comments`, commits: `${url}/commits`, statuses, html, issue: issueUrl };
  const reviewLinks = {
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    self: url,
  };
  const organisation = organisationOf(state, repository.owner.login);
  return {
    ...{ id: pull.id, node_id: nodeId("PR", pull.id), number: issue.number, title: issue.title, body: issue.body },
    ...{ state: issue.state, locked: issue.locked, active_lock_reason: null, draft: pull.draft, milestone: null },
    ...{ user: showUser(links, issue.author), assignee: assignees[0] ?? null, assignees, auto_merge: null },
    ...{
      labels: labelsOf(state, links, repository, issue).map((one) => ({ ...one, description: one.description ?? "" })),
    },
    ...{ requested_reviewers: usersOf(state, links, pull.reviewers) },
    requested_teams: pull.teamReviewers.flatMap((slug) => {
      const team = organisation?.teams.get(slug);
      return organisation === undefined || team === undefined ? [] : [showTeam(links, organisation, team)];
    }),
    ...{ head: end(pull.headRepository, pull.head, pull.headSha), base: end(repository, pull.base, pull.baseSha) },
    ...{
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.closedAt,
      merged_at: pull.mergedAt,
    },
    ...{ merge_commit_sha: pull.mergeSha, url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` },
    ...{
      issue_url: issueUrl,
      commits_url: `${url}/commits`,
      comments_url: `${issueUrl}/comments`,
      statuses_url: statuses,
    },
    ...{ review_comments_url: `${url}/comments`, review_comment_url: `${api}/pulls/comments{/number}` },
    author_association: associationOf(state, repository, issue.author),
    _links: Object.fromEntries(
      Object.entries({ ...issueLinks, ...reviewLinks }).map(([name, href]) => [name, { href }]),
    ),
  };
}

/** `pull-request`: what asking for one gives. */
export async function showPull(state: State, links: Links, repository: Repository, issue: Issue) {
  const pull = issue.pull!;
  const { shared, mergeable } = await mergeOf(state, repository, issue);
  const changes = await differences(state, repository, shared, pull.headSha);
  const commits = Number(await git(state, repository, ["rev-list", "--count", `${shared}..${pull.headSha}`]));
  const { requested_teams, labels, ...simple } = showSimplePull(state, links, repository, issue);
  return {
    ...simple,
    ...{ labels: labelsOf(state, links, repository, issue), commits, changed_files: changes.length },
    requested_teams: requested_teams.map(({ parent: _, ...team }) => team),
    additions: changes.reduce((all, one) => all + one.additions, 0),
    deletions: changes.reduce((all, one) => all + one.deletions, 0),
    ...{ merged: pull.mergedAt !== null, mergeable, mergeable_state: mergeable === false ? "dirty" : "clean" },
    ...{ rebaseable: mergeable, merged_by: pull.mergedBy === undefined ? null : showUser(links, pull.mergedBy) },
    ...{ comments: issue.comments.length, review_comments: pull.reviewComments.length },
    maintainer_can_modify: pull.maintainerCanModify,
  };
}

/** Where a pull request branched off, and whether it can be merged; null once it is closed. */
export async function mergeOf(
  state: State,
  repository: Repository,
  issue: Issue,
): Promise<{ shared: string; mergeable: boolean | null }> {
  const { baseSha, headSha } = issue.pull!;
  const found = await tryGit(state, repository, ["merge-base", baseSha, headSha]);
  const shared = found?.toString("utf8").trim() ?? baseSha;
  if (issue.state !== "open") return { shared, mergeable: null };
  return {
    shared,
    mergeable: (await tryGit(state, repository, ["merge-tree", "--write-tree", baseSha, headSha])) !== undefined,
  };
}
