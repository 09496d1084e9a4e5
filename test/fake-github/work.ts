/** What people and Apps make on a repository: issues, pull requests, comments, reviews, checks, statuses. Plain data, as `state.ts`. */
import type { Account, App, Moment, Repository } from "./state.ts";

export type Label = { id: number; name: string; color: string; description: string | null };
export type Reaction = { id: number; author: Account; content: string; createdAt: Moment };

/** Who made it, and with which App. */
type Made = { author: Account; app: App | undefined; createdAt: Moment; updatedAt: Moment };

export type Comment = Made & { id: number; body: string; reactions: Reaction[] };

export type Issue = Made & {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "reopened" | "not_planned" | "duplicate" | null;
  closedAt: Moment | null;
  closedBy: Account | undefined;
  labels: string[];
  assignees: string[];
  locked: boolean;
  comments: Comment[];
  reactions: Reaction[];
  pull: Pull | undefined;
};

export type Pull = {
  id: number;
  headRepository: Repository;
  head: string;
  headSha: string;
  base: string;
  baseSha: string;
  draft: boolean;
  mergedAt: Moment | null;
  mergedBy: Account | undefined;
  mergeSha: string | null;
  maintainerCanModify: boolean;
  reviewers: string[];
  teamReviewers: string[];
  reviews: Review[];
  reviewComments: ReviewComment[];
};

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "PENDING" | "DISMISSED";
export type Review = {
  id: number;
  author: Account;
  body: string;
  state: ReviewState;
  commitId: string;
  submittedAt: Moment;
};
export type ReviewComment = Made & {
  id: number;
  review: number | null;
  body: string;
  path: string;
  line: number;
  startLine: number | null;
  side: "LEFT" | "RIGHT";
  commitId: string;
  replyTo: number | undefined;
};

export type Annotation = {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: "notice" | "warning" | "failure";
  message: string;
  title?: string;
  raw_details?: string;
};
export type CheckAction = { label: string; description: string; identifier: string };

export type CheckSuite = {
  id: number;
  app: App;
  headSha: string;
  headBranch: string | null;
  before: string | null;
  createdAt: Moment;
};
export type CheckRun = {
  id: number;
  suite: CheckSuite;
  name: string;
  headSha: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  startedAt: Moment | null;
  completedAt: Moment | null;
  externalId: string | null;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
  actions: CheckAction[];
};

export type CommitStatus = {
  id: number;
  sha: string;
  state: "error" | "failure" | "pending" | "success";
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAt: Moment;
};
