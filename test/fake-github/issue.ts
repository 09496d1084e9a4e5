/** Issues, comments, labels: made, shown, told. */
import { roleOf } from "./access.ts";
import { type Links, nodeId } from "./links.ts";
import { showApp, showUser } from "./show-account.ts";
import { addressesOf } from "./show-git.ts";
import {
  type Account,
  type App,
  accountOf,
  moment,
  nextId,
  organisationOf,
  type Repository,
  type State,
} from "./state.ts";
import type { Comment, Issue, Label, Reaction } from "./work.ts";

/** An issue, as a person or an App files it. */
export function addIssue(
  state: State,
  repository: Repository,
  by: { author: Account; app?: App | undefined },
  changes: Partial<Issue> & { title: string },
): Issue {
  const issue: Issue = {
    ...{ id: nextId(state), number: repository.issues.size + 1, body: null, state: "open", stateReason: null },
    ...{ closedAt: null, closedBy: undefined, labels: [], assignees: [], locked: false, comments: [], reactions: [] },
    ...{ pull: undefined, author: by.author, app: by.app, createdAt: moment(state), updatedAt: moment(state) },
    ...changes,
  };
  for (const label of issue.labels) labelOf(state, repository, label);
  repository.issues.set(issue.number, issue);
  return issue;
}

/** A label by name; GitHub makes those that are not there. */
export function labelOf(state: State, repository: Repository, name: string): Label {
  const known = repository.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const label: Label = { id: nextId(state), name, color: "ededed", description: null };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}

export function addComment(
  state: State,
  repository: Repository,
  issue: Issue,
  by: { author: Account; app?: App | undefined },
  body: string,
): Comment {
  const comment: Comment = {
    ...{ id: nextId(state), body, reactions: [], author: by.author, app: by.app },
    ...{ createdAt: moment(state), updatedAt: moment(state) },
  };
  issue.comments.push(comment);
  issue.updatedAt = moment(state);
  tellOfComment(state, repository, issue, comment, "created", by.author.login);
  return comment;
}

export function tellOfIssue(
  state: State,
  repository: Repository,
  issue: Issue,
  action: string,
  sender: string,
  more: object = {},
): void {
  state.tell({
    ...{ event: "issues", action, repository, sender },
    payload: (links) => ({ issue: toldIssue(state, links, repository, issue), ...more }),
  });
}

export function tellOfComment(
  state: State,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  action: string,
  sender: string,
  more: object = {},
): void {
  state.tell({
    ...{ event: "issue_comment", action, repository, sender },
    payload: (links) => ({
      issue: toldIssue(state, links, repository, issue),
      comment: showComment(state, links, repository, issue, comment),
      ...more,
    }),
  });
}

/** What an edit is about to change, as webhooks tell it: what it was before. */
export function changesOf(
  issue: Issue,
  { title, body }: { title?: string | undefined; body?: string | null | undefined },
) {
  return {
    ...(title !== undefined && title !== issue.title && { title: { from: issue.title } }),
    ...(body !== undefined && body !== issue.body && { body: { from: issue.body ?? "" } }),
  };
}

/** Webhooks show less of an issue than the API. */
function toldIssue(state: State, links: Links, repository: Repository, issue: Issue) {
  const { closed_by: _, ...shown } = showIssue(state, links, repository, issue);
  return shown;
}

/** `label` of the description. */
export function showLabel(links: Links, repository: Repository, { id, name, color, description }: Label) {
  const url = `${addressesOf(links, repository).api}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("LA", id), url, name, color, description, default: false };
}

export function labelsOf(state: State, links: Links, repository: Repository, issue: Issue) {
  return issue.labels.map((name) => showLabel(links, repository, labelOf(state, repository, name)));
}

/** `issue`. */
export function showIssue(state: State, links: Links, repository: Repository, issue: Issue) {
  const { api, web } = addressesOf(links, repository);
  const url = `${api}/issues/${issue.number}`;
  const kind = issue.pull === undefined ? "issues" : "pull";
  const html = `${web}/${kind}/${issue.number}`;
  const assignees = usersOf(state, links, issue.assignees);
  return {
    ...{ id: issue.id, node_id: nodeId("I", issue.id), number: issue.number, title: issue.title, body: issue.body },
    ...{ state: issue.state, state_reason: issue.stateReason, locked: issue.locked, active_lock_reason: null },
    ...{ user: showUser(links, issue.author), labels: labelsOf(state, links, repository, issue), milestone: null },
    ...{ assignee: assignees[0] ?? null, assignees, comments: issue.comments.length, closed_at: issue.closedAt },
    ...{ created_at: issue.createdAt, updated_at: issue.updatedAt, url, html_url: html, repository_url: api },
    ...{ comments_url: `${url}/comments`, events_url: `${url}/events`, labels_url: `${url}/labels{/name}` },
    ...{ author_association: associationOf(state, repository, issue.author), reactions: rollup(url, issue.reactions) },
    ...{ closed_by: issue.closedBy === undefined ? null : showUser(links, issue.closedBy) },
    performed_via_github_app: issue.app === undefined ? null : showApp(links, issue.app),
    ...(issue.pull !== undefined && {
      draft: issue.pull.draft,
      pull_request: {
        ...{
          url: `${api}/pulls/${issue.number}`,
          html_url: html,
          diff_url: `${html}.diff`,
          patch_url: `${html}.patch`,
        },
        merged_at: issue.pull.mergedAt,
      },
    }),
  };
}

/** `issue-comment`. */
export function showComment(state: State, links: Links, repository: Repository, issue: Issue, comment: Comment) {
  const { api, web } = addressesOf(links, repository);
  const url = `${api}/issues/comments/${comment.id}`;
  const kind = issue.pull === undefined ? "issues" : "pull";
  return {
    ...{ id: comment.id, node_id: nodeId("IC", comment.id), url, issue_url: `${api}/issues/${issue.number}` },
    ...{ html_url: `${web}/${kind}/${issue.number}#issuecomment-${comment.id}`, body: comment.body },
    ...{ user: showUser(links, comment.author), created_at: comment.createdAt, updated_at: comment.updatedAt },
    ...{
      author_association: associationOf(state, repository, comment.author),
      reactions: rollup(url, comment.reactions),
    },
    performed_via_github_app: comment.app === undefined ? null : showApp(links, comment.app),
  };
}

export function usersOf(state: State, links: Links, logins: readonly string[]) {
  return logins.flatMap((login) => {
    const account = accountOf(state, login);
    return account === undefined ? [] : [showUser(links, account)];
  });
}

const contents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

function rollup(url: string, reactions: readonly Reaction[]) {
  const counts = Object.fromEntries(
    contents.map((one) => [one, reactions.filter(({ content }) => content === one).length]),
  );
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts };
}

/** What an author is to a repository (`author-association`). */
export function associationOf(state: State, repository: Repository, author: Account): string {
  if (author.id === repository.owner.id) return "OWNER";
  if (organisationOf(state, repository.owner.login)?.members.has(author.login) === true) return "MEMBER";
  if (repository.collaborators.has(author.login)) return "COLLABORATOR";
  const role = author.type === "User" ? roleOf(state, author, repository) : undefined;
  return role === undefined || role === "read" ? "NONE" : "COLLABORATOR";
}
