/** Issues, their comments, labels, assignees and reactions. */
import { byId, type Call, notFound, type Operations, page, Refusal, repositoryOfCall } from "../call.ts";
import {
  addComment,
  addIssue,
  changesOf,
  labelOf,
  showComment,
  showIssue,
  tellOfComment,
  tellOfIssue,
} from "../issue.ts";
import { nodeId } from "../links.ts";
import { tellOfPull } from "../pull.ts";
import { appOf, authorOf, loginOf } from "../pusher.ts";
import { showUser } from "../show-account.ts";
import { accountOf, moment, nextId } from "../state.ts";
import type { Comment, Issue, Reaction } from "../work.ts";
import { issueOf, type LabelName, namesOf } from "./label.ts";

const scopes = ["repo", "public_repo"] as const;
const reading = { needs: "issues:read", orNeeds: "pull_requests:read", open: true, scopes } as const;
/** Pull requests are issues too, so either permission will do (GitHub Docs, "Permissions required for GitHub Apps"). */
const writing = { needs: "issues:write", orNeeds: "pull_requests:write", scopes } as const;
const filing = { ...writing, makesContent: true } as const;

export const issueOperations: Operations = {
  "issues/list-for-repo": {
    ...reading,
    handle: (call) => {
      const { state = "open", labels, creator, assignee, since, sort = "created", direction = "desc" } = call.query;
      const wanted = labels === undefined ? [] : String(labels).split(",");
      const found = [...repositoryOfCall(call).issues.values()].filter(
        (issue) =>
          (state === "all" || issue.state === state) &&
          wanted.every((label) => issue.labels.some((own) => own.toLowerCase() === label.toLowerCase())) &&
          (creator === undefined || issue.author.login === creator) &&
          (assignee === undefined || assignee === "*" || issue.assignees.includes(String(assignee))) &&
          (since === undefined || issue.updatedAt >= String(since)),
      );
      const by = (issue: Issue) => (sort === "updated" ? issue.updatedAt : issue.createdAt);
      const sign = direction === "asc" ? 1 : -1;
      found.sort((a, b) => sign * (by(a) === by(b) ? a.number - b.number : by(a) < by(b) ? -1 : 1));
      return page(call, found, (issue) => show(call, issue));
    },
  },
  "issues/get": { ...reading, handle: (call) => ({ body: show(call, issueOf(call)) }) },
  "issues/create": {
    ...{ ...filing, orNeeds: undefined },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      if (!repository.hasIssues) throw new Refusal(410, "Issues has been disabled in this repository.");
      const { title, body = null, labels, assignees = [] } = call.body as NewIssue;
      limited(body);
      const issue = addIssue(call.state, repository, by(call), {
        ...{
          title: String(title),
          body,
          labels: namesOf(labels),
          assignees: assignees.filter((one) => known(call, one)),
        },
      });
      tellOfIssue(call.state, repository, issue, "opened", loginOf(call));
      return { status: 201, body: show(call, issue) };
    },
  },
  "issues/update": {
    ...writing,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const issue = issueOf(call);
      const { title, body, labels, assignees, state, state_reason } = call.body as NewIssue & ChangedIssue;
      limited(body ?? null);
      const changes = changesOf(issue, { title: title === undefined ? undefined : String(title), body });
      if (title !== undefined) issue.title = String(title);
      if (body !== undefined) issue.body = body;
      if (labels !== undefined) issue.labels = namesOf(labels);
      if (assignees !== undefined) issue.assignees = assignees.filter((one) => known(call, one));
      for (const label of issue.labels) labelOf(call.state, repository, label);
      issue.updatedAt = moment(call.state);
      const turned = state !== undefined && state !== issue.state;
      if (state !== undefined) turn(call, issue, state, state_reason);
      const tell = issue.pull === undefined ? tellOfIssue : tellOfPull;
      const action = turned ? (state === "closed" ? "closed" : "reopened") : "edited";
      tell(call.state, repository, issue, action, loginOf(call), turned ? {} : { changes });
      return { body: show(call, issue) };
    },
  },
  "issues/list-comments": {
    ...reading,
    handle: (call) => {
      const issue = issueOf(call);
      return page(call, issue.comments, (one) =>
        showComment(call.state, call.links, repositoryOfCall(call), issue, one),
      );
    },
  },
  "issues/create-comment": {
    ...filing,
    handle: (call) => {
      const { body } = call.body as { body: string };
      limited(body);
      const issue = issueOf(call);
      const comment = addComment(call.state, repositoryOfCall(call), issue, by(call), body);
      return { status: 201, body: showComment(call.state, call.links, repositoryOfCall(call), issue, comment) };
    },
  },
  "issues/get-comment": {
    ...reading,
    handle: (call) => {
      const { issue, comment } = commentOf(call);
      return { body: showComment(call.state, call.links, repositoryOfCall(call), issue, comment) };
    },
  },
  "issues/update-comment": {
    ...writing,
    handle: (call) => {
      const { issue, comment } = commentOf(call);
      const { body } = call.body as { body: string };
      limited(body);
      const changes = { body: { from: comment.body } };
      comment.body = body;
      comment.updatedAt = moment(call.state);
      tellOfComment(call.state, repositoryOfCall(call), issue, comment, "edited", loginOf(call), { changes });
      return { body: showComment(call.state, call.links, repositoryOfCall(call), issue, comment) };
    },
  },
  "issues/delete-comment": {
    ...writing,
    handle: (call) => {
      const { issue, comment } = commentOf(call);
      issue.comments = issue.comments.filter((one) => one !== comment);
      tellOfComment(call.state, repositoryOfCall(call), issue, comment, "deleted", loginOf(call));
      return {};
    },
  },
  "issues/add-assignees": {
    ...writing,
    handle: (call) => {
      const issue = issueOf(call);
      const { assignees = [] } = call.body as { assignees?: (string | { login: string })[] };
      const wanted = assignees.map((one) => (typeof one === "string" ? one : one.login));
      issue.assignees = [...new Set([...issue.assignees, ...wanted.filter((one) => known(call, one))])];
      return { status: 201, body: show(call, issue) };
    },
  },
  "reactions/create-for-issue-comment": {
    ...writing,
    handle: (call) => react(call, commentOf(call).comment.reactions),
  },
  "reactions/create-for-issue": { ...writing, handle: (call) => react(call, issueOf(call).reactions) },
};

type NewIssue = { title: string | number; body?: string | null; labels?: LabelName[]; assignees?: string[] };
type ChangedIssue = { state?: "open" | "closed"; state_reason?: Issue["stateReason"] };

/** GitHub takes no longer texts. */
const mostLetters = 65_536;

function limited(body: string | null): void {
  if (body === null || body.length <= mostLetters) return;
  const errors = [
    { resource: "Issue", code: "custom", field: "body", message: "body is too long (maximum is 65536 characters)" },
  ];
  throw new Refusal(422, "Validation Failed", { errors });
}

function commentOf(call: Call): { issue: Issue; comment: Comment } {
  for (const issue of repositoryOfCall(call).issues.values()) {
    const comment = issue.comments.find(({ id }) => String(id) === call.params.comment_id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

function by(call: Call) {
  return { author: authorOf(call), app: appOf(call) };
}

function known(call: Call, login: string): boolean {
  return accountOf(call.state, login) !== undefined;
}

function show(call: Call, issue: Issue) {
  return showIssue(call.state, call.links, repositoryOfCall(call), issue);
}

function turn(call: Call, issue: Issue, state: "open" | "closed", reason: Issue["stateReason"] | undefined): void {
  const closes = state === "closed";
  if (state !== issue.state) {
    issue.closedAt = closes ? moment(call.state) : null;
    issue.closedBy = closes ? authorOf(call) : undefined;
  }
  issue.stateReason = reason ?? (closes ? "completed" : state === issue.state ? issue.stateReason : "reopened");
  issue.state = state;
}

function react(call: Call, reactions: Reaction[]) {
  const { content } = call.body as { content: string };
  const author = authorOf(call);
  const present = reactions.find((one) => one.content === content && one.author === author);
  const reaction = present ?? { id: nextId(call.state), author, content, createdAt: moment(call.state) };
  if (present === undefined) reactions.push(reaction);
  const { id, createdAt } = byId(reactions, String(reaction.id));
  const shown = { id, node_id: nodeId("REA", id), user: showUser(call.links, author), content, created_at: createdAt };
  return { status: present === undefined ? 201 : 200, body: shown };
}
