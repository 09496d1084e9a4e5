/** Reviews of pull requests and the comments on their lines. */
import { byId, type Call, invalid, type Operations, page, Refusal, repositoryOfCall } from "../call.ts";
import { associationOf } from "../issue.ts";
import { nodeId } from "../links.ts";
import { showSimplePull } from "../pull.ts";
import { appOf, authorOf } from "../pusher.ts";
import { showUser } from "../show-account.ts";
import { addressesOf } from "../show-git.ts";
import { moment, nextId } from "../state.ts";
import type { Issue, Review, ReviewComment, ReviewState } from "../work.ts";
import { pullOf } from "./pull.ts";

const scopes = ["repo", "public_repo"] as const;
const reading = { needs: "pull_requests:read", open: true, scopes } as const;
const writing = { needs: "pull_requests:write", makesContent: true, scopes } as const;

const states: Record<string, ReviewState> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

export const reviewOperations: Operations = {
  "pulls/list-reviews": {
    ...reading,
    handle: (call) => page(call, pullOf(call).pull!.reviews, (one) => showReview(call, pullOf(call), one)),
  },
  "pulls/get-review": {
    ...reading,
    handle: (call) => ({
      body: showReview(call, pullOf(call), byId(pullOf(call).pull!.reviews, call.params.review_id)),
    }),
  },
  "pulls/create-review": {
    ...writing,
    handle: (call) => {
      const issue = pullOf(call);
      const { body = "", event, commit_id, comments = [] } = call.body as NewReview;
      const author = authorOf(call);
      if (author === issue.author && (event === "APPROVE" || event === "REQUEST_CHANGES"))
        throw new Refusal(422, "Unprocessable Entity", {
          errors: ["Can not approve your own pull request"],
        });
      const review: Review = {
        ...{ id: nextId(call.state), author, body, state: states[event ?? ""] ?? "PENDING" },
        ...{ commitId: commit_id ?? issue.pull!.headSha, submittedAt: moment(call.state) },
      };
      issue.pull!.reviews.push(review);
      for (const one of comments) addReviewComment(call, issue, one, review.id);
      const repository = repositoryOfCall(call);
      call.state.tell({
        ...{ event: "pull_request_review", action: "submitted", repository, sender: author.login },
        payload: (links) => ({
          review: showReview(call, issue, review),
          pull_request: showSimplePull(call.state, links, repository, issue),
        }),
      });
      return { body: showReview(call, issue, review) };
    },
  },
  "pulls/request-reviewers": {
    ...writing,
    handle: (call) => {
      const issue = pullOf(call);
      const { reviewers = [], team_reviewers = [] } = call.body as { reviewers?: string[]; team_reviewers?: string[] };
      issue.pull!.reviewers = [...new Set([...issue.pull!.reviewers, ...reviewers])];
      issue.pull!.teamReviewers = [...new Set([...issue.pull!.teamReviewers, ...team_reviewers])];
      return { status: 201, body: showSimplePull(call.state, call.links, repositoryOfCall(call), issue) };
    },
  },
  "pulls/list-review-comments": {
    ...reading,
    handle: (call) =>
      page(call, pullOf(call).pull!.reviewComments, (one) => showReviewComment(call, pullOf(call), one)),
  },
  "pulls/create-review-comment": {
    ...writing,
    handle: (call) => {
      const issue = pullOf(call);
      const comment = addReviewComment(call, issue, call.body as NewComment, null);
      return { status: 201, body: showReviewComment(call, issue, comment) };
    },
  },
};

type NewComment = {
  path: string;
  body: string;
  line?: number;
  start_line?: number;
  side?: "LEFT" | "RIGHT";
  commit_id?: string;
  in_reply_to?: number;
};
type NewReview = { body?: string; event?: string; commit_id?: string; comments?: NewComment[] };

function addReviewComment(call: Call, issue: Issue, wanted: NewComment, review: number | null): ReviewComment {
  if (wanted.line === undefined && wanted.in_reply_to === undefined)
    throw invalid("line must be given", "PullRequestReviewComment", "line");
  const comment: ReviewComment = {
    ...{ id: nextId(call.state), review, body: wanted.body, path: wanted.path, line: wanted.line ?? 1 },
    ...{ startLine: wanted.start_line ?? null, side: wanted.side ?? "RIGHT", replyTo: wanted.in_reply_to },
    ...{ commitId: wanted.commit_id ?? issue.pull!.headSha, author: authorOf(call), app: appOf(call) },
    ...{ createdAt: moment(call.state), updatedAt: moment(call.state) },
  };
  issue.pull!.reviewComments.push(comment);
  return comment;
}

function showReview(call: Call, issue: Issue, review: Review) {
  const repository = repositoryOfCall(call);
  const { api, web } = addressesOf(call.links, repository);
  const html = `${web}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pull = `${api}/pulls/${issue.number}`;
  return {
    ...{
      id: review.id,
      node_id: nodeId("PRR", review.id),
      user: showUser(call.links, review.author),
      body: review.body,
    },
    ...{ state: review.state, commit_id: review.commitId, html_url: html, pull_request_url: pull },
    ...{ submitted_at: review.submittedAt, _links: { html: { href: html }, pull_request: { href: pull } } },
    author_association: associationOf(call.state, repository, review.author),
  };
}

function showReviewComment(call: Call, issue: Issue, comment: ReviewComment) {
  const repository = repositoryOfCall(call);
  const { api, web } = addressesOf(call.links, repository);
  const url = `${api}/pulls/comments/${comment.id}`;
  const html = `${web}/pull/${issue.number}#discussion_r${comment.id}`;
  const pull = `${api}/pulls/${issue.number}`;
  return {
    ...{ id: comment.id, node_id: nodeId("PRRC", comment.id), url, html_url: html, pull_request_url: pull },
    ...{ pull_request_review_id: comment.review, diff_hunk: "", path: comment.path, body: comment.body },
    ...{ commit_id: comment.commitId, original_commit_id: comment.commitId, line: comment.line, side: comment.side },
    ...{ original_line: comment.line, start_line: comment.startLine, original_start_line: comment.startLine },
    ...{ start_side: comment.startLine === null ? null : comment.side, subject_type: "line" },
    ...{ user: showUser(call.links, comment.author), created_at: comment.createdAt, updated_at: comment.updatedAt },
    ...(comment.replyTo !== undefined && { in_reply_to_id: comment.replyTo }),
    author_association: associationOf(call.state, repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
  };
}
